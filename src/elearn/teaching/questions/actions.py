"""Verbs of questions. Whoever calls has checked that the actor may change the bank's course."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.teaching.questions.drafts import QuestionDraft, to_body
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion


def write_question(
    session: Session,
    actor: Actor,
    bank: QuestionBank,
    draft: QuestionDraft,
    now: datetime,
    *,
    current: QuestionVersion | None,
    position: int,
) -> Question:
    """Keep a draft as a question's newest wording; `current` is the one it follows, None for a new question.

    The same wording again makes no new version, and attempts that run keep the version that they drew.
    """
    question = current.question if current else Question(public_id=new_id(), bank_id=bank.id, current=0)
    question.key = draft.key or question.key or new_id()
    question.topic, question.difficulty, question.position = draft.topic, draft.difficulty.value, position
    question.retired_at = None
    session.add(question)
    session.flush()
    if current is None or not _same(current, draft):
        question.current += 1
        session.add(_version_of(draft, question, now))
        session.flush()
    return question


def retire_question(session: Session, actor: Actor, question: Question, now: datetime) -> None:
    """Let nobody draw the question any more; attempts that have it keep it."""
    question.retired_at = question.retired_at or now
    session.flush()


def _version_of(draft: QuestionDraft, question: Question, now: datetime) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=question.current,
        kind=draft.kind.value,
        stem=draft.stem,
        body=to_body(draft),
        basis=draft.basis,
        weight=draft.weight,
        created_at=now,
    )


def _same(version: QuestionVersion, draft: QuestionDraft) -> bool:
    return (
        version.kind,
        version.stem,
        version.body,
        version.basis,
        version.weight,
    ) == (draft.kind.value, draft.stem, to_body(draft), draft.basis, draft.weight)
