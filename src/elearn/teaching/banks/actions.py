"""Verbs of banks: writing questions into them, as those may who teach their courses."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.banks.events import BankNarrowed
from elearn.teaching.banks.queries import read_for
from elearn.teaching.banks.rules import check_sound, check_text
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import teaches
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.questions.actions import retire_question as retire
from elearn.teaching.questions.actions import write_question
from elearn.teaching.questions.drafts import QuestionDraft
from elearn.teaching.questions.models import Question, QuestionBank
from elearn.teaching.questions.queries import newest, standing_in


def add_bank(
    session: Session, actor: Actor, course: Course, name: str, now: datetime, *, key: str = ""
) -> QuestionBank:
    """A new empty bank of a course."""
    _check(session, actor, course)
    bank = QuestionBank(public_id=new_id(), course_id=course.id, key=key or new_id(), name=name)
    session.add(bank)
    session.flush()
    record(session, actor, "bank.added", bank, after={"name": name})
    return bank


def add_question(session: Session, actor: Actor, bank: QuestionBank, draft: QuestionDraft, now: datetime) -> Question:
    """A new last question. A course that learners see takes no unfinished one."""
    course = _check_bank(session, actor, bank)
    check_sound(draft, unfinished=course.state == "draft")
    question = write_question(session, actor, bank, draft, now, current=None, position=_last(session, bank) + 1)
    record(session, actor, "question.added", question, after={"bank": bank.public_id})
    return question


def add_text(session: Session, actor: Actor, bank: QuestionBank, text: str, now: datetime) -> int:
    """The questions of a text, all or none; an id of a retired question brings that one back. Gives how many."""
    _check_bank(session, actor, bank)
    parsed = read_for(session, bank, text)
    check_text(parsed)
    keys = [draft.key for draft in parsed.drafts if draft.key]
    retired = newest().where(Question.bank_id == bank.id, Question.key.in_(keys), Question.retired_at.is_not(None))
    known = {version.question.key: version for version in session.scalars(retired)}
    for position, draft in enumerate(parsed.drafts, start=_last(session, bank) + 1):
        write_question(session, actor, bank, draft, now, current=known.get(draft.key), position=position)
    record(session, actor, "bank.filled", bank, after={"questions": len(parsed.drafts)})
    return len(parsed.drafts)


def change_question(
    session: Session, actor: Actor, question: Question, draft: QuestionDraft, seen: int, now: datetime
) -> None:
    """A new wording; attempts keep the one they drew. Conflict when somebody else changed version `seen` meanwhile."""
    bank = session.get_one(QuestionBank, question.bank_id)
    course = _check_bank(session, actor, bank)
    check_sound(draft, unfinished=course.state == "draft")
    session.refresh(question, ["current"], with_for_update=True)
    if question.current != seen:
        raise Conflict(_("Orang lain sudah mengubah soal ini. Salin isian Anda, lalu buka lagi soalnya."))
    current = session.scalars(newest().where(Question.id == question.id)).one()
    topic = question.topic
    write_question(session, actor, bank, draft, now, current=current, position=question.position)
    if question.topic != topic:
        announce(session, BankNarrowed(bank.id))
    if question.current != seen:
        record(session, actor, "question.changed", question, after={"version": question.current})


def move_question(session: Session, actor: Actor, question: Question, down: bool, now: datetime) -> None:
    """One place up or down in its bank; at the end it stays."""
    bank = session.get_one(QuestionBank, question.bank_id)
    _check_bank(session, actor, bank)
    row = [version.question for version in standing_in(session, [bank.id])]
    place = row.index(question)
    row.insert(max(0, place + (1 if down else -1)), row.pop(place))
    for position, each in enumerate(row, start=1):
        each.position = position
    session.flush()


def retire_question(session: Session, actor: Actor, question: Question, now: datetime) -> None:
    """Take a question out of its bank; who was asked it keeps answer and result.

    Refused while a quiz that learners see has no other question to take in its place.
    """
    bank = session.get_one(QuestionBank, question.bank_id)
    _check_bank(session, actor, bank)
    retire(session, actor, question, now)
    record(session, actor, "question.retired", question)
    announce(session, BankNarrowed(bank.id))


def _last(session: Session, bank: QuestionBank) -> int:
    return session.scalar(select(func.max(Question.position)).where(Question.bank_id == bank.id)) or 0


def _check_bank(session: Session, actor: Actor, bank: QuestionBank) -> Course:
    course = session.get_one(Course, bank.course_id)
    _check(session, actor, course)
    return course


def _check(session: Session, actor: Actor, course: Course) -> None:
    if not teaches(session, actor, course):
        raise NotFound
    check_editable(course)
