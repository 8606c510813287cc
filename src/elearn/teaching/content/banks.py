"""Syncing a question bank: a changed question gets a new version; running attempts keep the one they drew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.outline import BankFile
from elearn.teaching.questions.drafts import QuestionDraft, to_body
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion


def sync_bank(session: Session, course: Course, file: BankFile, now: datetime) -> list[str]:
    """Make a bank equal to its file; says what changed, a line each."""
    changes: list[str] = []
    bank = session.scalar(select(QuestionBank).filter_by(course_id=course.id, key=file.key))
    if bank is None:
        bank = QuestionBank(public_id=new_id(), course_id=course.id, key=file.key, name=_name(file.key))
        session.add(bank)
        session.flush()
    known = {question.key: question for question in session.scalars(select(Question).filter_by(bank_id=bank.id))}
    current = {
        version.question_id: version
        for version in session.scalars(
            select(QuestionVersion)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(Question.bank_id == bank.id, QuestionVersion.number == Question.current)
        )
    }
    for position, draft in enumerate(file.questions, start=1):
        question = known.pop(draft.key, None)
        if question is None:
            question = Question(public_id=new_id(), bank_id=bank.id, key=draft.key, current=0)
            session.add(question)
            changes.append(f"  + {file.key}/{draft.key}")
        question.topic, question.difficulty, question.position = draft.topic, str(draft.difficulty), position
        question.retired_at = None
        session.flush()
        if not _same(current.get(question.id), draft):
            question.current = (question.current or 0) + 1
            session.add(version_of(draft, question, now))
    for question in known.values():
        question.retired_at = question.retired_at or now
        changes.append(f"  - {file.key}/{question.key} (retired)")
    session.flush()
    return changes


def version_of(draft: QuestionDraft, question: Question, now: datetime) -> QuestionVersion:
    """The row of a question's newest wording."""
    return QuestionVersion(
        question_id=question.id,
        number=question.current,
        kind=str(draft.kind),
        stem=draft.stem,
        body=to_body(draft),
        basis=draft.basis,
        weight=draft.weight,
        created_at=now,
    )


def _same(version: QuestionVersion | None, draft: QuestionDraft) -> bool:
    return version is not None and (
        version.kind,
        version.stem,
        version.body,
        version.basis,
        version.weight,
    ) == (str(draft.kind), draft.stem, to_body(draft), draft.basis, draft.weight)


def _name(key: str) -> str:
    return key.replace("-", " ").capitalize()
