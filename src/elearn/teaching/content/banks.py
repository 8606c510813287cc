"""Syncing a question bank: a changed question gets a new version; running attempts keep the one they drew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.outline import BankFile
from elearn.teaching.questions.actions import retire_question, write_question
from elearn.teaching.questions.models import Question, QuestionBank
from elearn.teaching.questions.queries import newest


def sync_bank(session: Session, actor: Actor, course: Course, file: BankFile, now: datetime) -> list[str]:
    """Make a bank equal to its file; says what changed, a line each."""
    changes: list[str] = []
    bank = session.scalar(select(QuestionBank).filter_by(course_id=course.id, key=file.key))
    if bank is None:
        bank = QuestionBank(public_id=new_id(), course_id=course.id, key=file.key, name=_name(file.key))
        session.add(bank)
        session.flush()
    known = {each.question.key: each for each in session.scalars(newest().where(Question.bank_id == bank.id))}
    for position, draft in enumerate(file.questions, start=1):
        current = known.pop(draft.key, None)
        write_question(session, actor, bank, draft, now, current=current, position=position)
        if current is None:
            changes.append(f"  + {file.key}/{draft.key}")
    for gone in known.values():
        if gone.question.retired_at is None:
            retire_question(session, actor, gone.question, now)
        changes.append(f"  - {file.key}/{gone.question.key} (retired)")
    return changes


def _name(key: str) -> str:
    return key.replace("-", " ").capitalize()
