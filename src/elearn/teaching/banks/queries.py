"""Questions about banks as those who teach their courses ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from elearn.foundation.errors import NotFound
from elearn.foundation.web.paging import Page, page_of
from elearn.people.access.actor import Actor
from elearn.teaching.banks.rules import read_text
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_by
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion
from elearn.teaching.questions.queries import newest
from elearn.teaching.questions.text import Parsed

ROWS = 25


@dataclass(frozen=True)
class QuestionFilter:
    """Which questions a list shows: course by slug, bank by public id, a topic with those below it; "" is any."""

    course: str = ""
    bank: str = ""
    topic: str = ""
    difficulty: str = ""
    kind: str = ""
    words: str = ""

    @property
    def used(self) -> bool:
        return self != QuestionFilter()


@dataclass(frozen=True)
class OwnBank:
    """A bank with its course."""

    bank: QuestionBank
    course: Course


def own_banks(session: Session, actor: Actor) -> Sequence[OwnBank]:
    """The banks of the courses that the actor teaches, by course and name."""
    rows = session.execute(
        select(QuestionBank, Course)
        .join(Course, Course.id == QuestionBank.course_id)
        .where(taught_by(actor))
        .order_by(Course.title, Course.id, QuestionBank.name, QuestionBank.id)
    )
    return [OwnBank(bank, course) for bank, course in rows]


def own_bank(session: Session, actor: Actor, public_id: str) -> OwnBank:
    """A bank of a course that the actor teaches; NotFound otherwise."""
    row = session.execute(
        select(QuestionBank, Course)
        .join(Course, Course.id == QuestionBank.course_id)
        .where(QuestionBank.public_id == public_id, taught_by(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return OwnBank(*row)


def own_question(session: Session, actor: Actor, public_id: str) -> QuestionVersion:
    """The current wording of a question that stands in such a bank, with question and bank; NotFound otherwise."""
    found = session.scalar(_own(actor).where(Question.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def questions_page(session: Session, actor: Actor, wish: QuestionFilter, number: int) -> Page[QuestionVersion]:
    """One page of the questions that the actor's filter leaves, newest first, with question and bank."""
    wanted = _own(actor).where(*_conditions(wish)).order_by(Question.id.desc())
    return page_of(session, wanted, number, ROWS)


def topics_of(session: Session, actor: Actor, wish: QuestionFilter) -> list[str]:
    """The topics that the questions of the filter's course and bank have, with those above them."""
    narrowed = QuestionFilter(course=wish.course, bank=wish.bank)
    rows = session.scalars(
        select(Question.topic)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .join(Course, Course.id == QuestionBank.course_id)
        .where(taught_by(actor), Question.retired_at.is_(None), Question.topic != "", *_conditions(narrowed))
        .distinct()
    )
    parts = [topic.split("/") for topic in rows]
    return sorted({"/".join(part[:depth]) for part in parts for depth in range(1, len(part) + 1)})


def read_for(session: Session, bank: QuestionBank | None, text: str) -> Parsed:
    """A pasted text as questions for a bank, with its problems by line."""
    standing = select(Question.key).where(Question.bank_id == (bank.id if bank else 0), Question.retired_at.is_(None))
    return read_text(text, set(session.scalars(standing)))


def _own(actor: Actor) -> Select[QuestionVersion]:
    return (
        newest()
        .join(Question.bank)
        .join(Course, Course.id == QuestionBank.course_id)
        .options(contains_eager(QuestionVersion.question).contains_eager(Question.bank))
        .where(taught_by(actor), Question.retired_at.is_(None))
    )


def _conditions(wish: QuestionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.course:
        found.append(Course.slug == wish.course)
    if wish.bank:
        found.append(QuestionBank.public_id == wish.bank)
    if wish.topic:
        below = Question.topic.startswith(f"{wish.topic}/", autoescape=True)
        found.append(or_(Question.topic == wish.topic, below))
    if wish.difficulty:
        found.append(Question.difficulty == wish.difficulty)
    if wish.kind:
        found.append(QuestionVersion.kind == wish.kind)
    found += [QuestionVersion.stem.icontains(word, autoescape=True) for word in wish.words.split()]
    return found
