"""Verbs of questions. Whoever calls has checked that the actor may change the bank's course."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.database import twin_of
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.teaching.questions.drafts import QuestionDraft, to_body
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion
from elearn.teaching.questions.queries import standing_in


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


def copy_banks(session: Session, actor: Actor, source_id: int, course_id: int, now: datetime) -> dict[int, int]:
    """Give one course the banks of another, with what stands in them as it is worded now; old id to new."""
    banks = session.scalars(select(QuestionBank).filter_by(course_id=source_id).order_by(QuestionBank.id)).all()
    twins = {bank.id: twin_of(bank, public_id=new_id(), course_id=course_id) for bank in banks}
    session.add_all(twins.values())
    session.flush()
    standing = standing_in(session, list(twins))
    questions = [
        twin_of(each.question, public_id=new_id(), bank_id=twins[each.question.bank_id].id, current=1)
        for each in standing
    ]
    session.add_all(questions)
    session.flush()
    for version, question in zip(standing, questions, strict=True):
        session.add(twin_of(version, question_id=question.id, number=1, created_at=now))
    session.flush()
    return {id: twin.id for id, twin in twins.items()}


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
