"""Questions about the people in a course, for those who teach it. The course comes from `taught_course`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from elearn.activities.quizzes.models import Attempt, AttemptQuestion, Quiz
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import NotFound
from elearn.foundation.web.paging import Page
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.overview.participants.rules import Item, item
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import in_tree_order
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.questions.models import Question, QuestionVersion

ROWS = 25
# The latest first attempts say enough about a question, and cost the same in a course of thousands.
ATTEMPTS = 1_000
# UX.md §4: reminders at most once a week.
BETWEEN_REMINDERS = timedelta(days=6)
STATES = ("late", "not_started", "in_progress", "done")


@dataclass(frozen=True)
class ParticipantFilters:
    """Which participants: by state, unit with subtree, words of the name, or named one by one (ids of enrolments)."""

    state: str = ""
    unit: Unit | None = None
    words: str = ""
    chosen: Sequence[str] = ()


@dataclass(frozen=True)
class Participant:
    """One row: `done` of `total` required activities; `scores` by graded activity, in order."""

    enrolment: Enrolment
    person: Person
    state: str
    done: int
    total: int
    scores: Sequence[tuple[str, float | None]]


def participants(
    session: Session, actor: Actor, course: Course, filters: ParticipantFilters, today: date, number: int
) -> tuple[Page[Participant], dict[str, int]]:
    """One page by name, and how many there are in each state: four statements however many people."""
    counts = _counts(session, course, filters, today)
    total = counts.get(filters.state, 0) if filters.state else sum(counts.values())
    number = min(max(number, 1), max(1, -(-total // ROWS)))
    wanted: Any = select(Enrolment, _state(today))
    found = (
        _placed(wanted, course, filters)
        .where(*([_state(today) == filters.state] if filters.state else []))
        .options(joinedload(Enrolment.person).joinedload(Person.unit))
        .order_by(Person.name, Enrolment.id)
        .limit(ROWS)
        .offset((number - 1) * ROWS)
    )
    rows = session.execute(found).all()
    activities = _counted(session, course)
    progress = _progress(session, [enrolment.id for enrolment, _state in rows])
    made = [_participant(enrolment, state, activities, progress) for enrolment, state in rows]
    return Page(made, number, ROWS, total), counts


def units_with_participants(session: Session, actor: Actor, course: Course) -> list[Unit]:
    """The units in which participants work and those above them, in the order of the tree: two statements."""
    placed = select(Person.unit_id).join(Enrolment, Enrolment.person_id == Person.id)
    here = placed.where(Enrolment.course_id == course.id, Enrolment.withdrawn_at.is_(None))
    paths = session.scalars(select(Unit.path).where(Unit.id.in_(here)))
    ids = {int(part) for path in paths for part in path.strip("/").split("/")}
    return in_tree_order(session.scalars(select(Unit).where(Unit.id.in_(ids))))


@dataclass(frozen=True)
class Whom:
    """Whom a reminder is for: how many, how many may get a mail now, their due date if all share one, some names."""

    people: int
    mails: int
    due_on: date | None
    names: Sequence[str]


def count_unfinished(
    session: Session, actor: Actor, course: Course, filters: ParticipantFilters, now: datetime
) -> Whom:
    """Whom a reminder is for: two statements."""
    mails = func.coalesce(func.sum(case((_may_be_mailed(now), 1), else_=0)), 0)
    due = Enrolment.due_on
    wanted = _unfinished(
        select(func.count(), mails, func.min(due), func.max(due), func.count(due)), course, filters, now
    )
    people, mailed, first, last, dated = session.execute(wanted).one()
    names = _unfinished(select(Person), course, filters, now).order_by(Person.name).limit(10)
    shared = first if first == last and dated == people else None
    return Whom(people, mailed, shared, [person.full_name for person in session.scalars(names)])


def to_remind(
    session: Session, actor: Actor, course: Course, filters: ParticipantFilters, now: datetime
) -> Sequence[Enrolment]:
    """Some of those who have not finished, have a mail address and were not reminded this week, with the person."""
    found = _unfinished(select(Enrolment), course, filters, now).where(_may_be_mailed(now))
    return session.scalars(found.options(contains_eager(Enrolment.person)).order_by(Enrolment.id).limit(50)).all()


def graded_quizzes(session: Session, actor: Actor, course: Course) -> Sequence[Activity]:
    """The quizzes that stand in the outline, in order."""
    wanted = select(Activity).join(Quiz, Quiz.activity_id == Activity.id).join(Module, Module.id == Activity.module_id)
    here = wanted.where(Activity.course_id == course.id, Activity.retired_at.is_(None))
    return session.scalars(here.order_by(Module.position, Activity.position)).all()


def quiz_of(quizzes: Sequence[Activity], public_id: str) -> Activity | None:
    """The quiz that was asked for, else the last, which is the post-test; NotFound for one that is not there."""
    if not public_id:
        return quizzes[-1] if quizzes else None
    found = next((quiz for quiz in quizzes if quiz.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def items_of(session: Session, actor: Actor, quiz: Activity) -> list[tuple[Question, QuestionVersion, Item]]:
    """How each question of a quiz did in the latest first attempts, the hardest first: one statement."""
    first = (
        select(Attempt.id, Attempt.score)
        .where(Attempt.activity_id == quiz.id, Attempt.number == 1, Attempt.score.is_not(None))
        .order_by(Attempt.id.desc())
        .limit(ATTEMPTS)
        .subquery("first")
    )
    points, score = AttemptQuestion.points, first.c.score
    sums = (
        select(
            QuestionVersion.question_id,
            func.max(QuestionVersion.id).label("version"),
            func.count(points).label("n"),
            func.sum(points).label("points"),
            func.sum(points * points).label("points2"),
            func.sum(score).label("score"),
            func.sum(score * score).label("score2"),
            func.sum(points * score).label("product"),
        )
        .join(first, first.c.id == AttemptQuestion.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.version_id)
        .where(points.is_not(None))
        .group_by(QuestionVersion.question_id)
        .subquery("sums")
    )
    rows = session.execute(
        select(Question, QuestionVersion, sums)
        .join(sums, sums.c.question_id == Question.id)
        .join(QuestionVersion, QuestionVersion.id == sums.c.version)
    ).all()
    told = [(row[0], row[1], item(row.n, row.points, row.points2, row.score, row.score2, row.product)) for row in rows]
    return sorted(told, key=lambda each: (each[2].share, each[0].id))


def _unfinished(wanted: Select[Any], course: Course, filters: ParticipantFilters, now: datetime) -> Select[Any]:
    found = _placed(wanted, course, filters).where(Enrolment.completed_at.is_(None))
    return found.where(_state(wib_date(now)) == filters.state) if filters.state else found


def _may_be_mailed(now: datetime) -> ColumnElement[bool]:
    rested = or_(Enrolment.reminded_at.is_(None), Enrolment.reminded_at < now - BETWEEN_REMINDERS)
    return and_(Person.email.is_not(None), Person.status == "active", rested)


def _counts(session: Session, course: Course, filters: ParticipantFilters, today: date) -> dict[str, int]:
    state = _state(today)
    wanted: Any = select(state.label("name"), func.count().label("number"))
    rows = session.execute(_placed(wanted, course, filters).group_by(state))
    return {row.name: row.number for row in rows}


def _state(today: date) -> ColumnElement[str]:
    """Where a participant stands; who is late is nothing else."""
    return case(
        (Enrolment.completed_at.is_not(None), "done"),
        (Enrolment.due_on < today, "late"),
        (Enrolment.last_seen_at.is_(None), "not_started"),
        else_="in_progress",
    )


def _placed(wanted: Select[Any], course: Course, filters: ParticipantFilters) -> Select[Any]:
    """Active enrolments of the course with their people, by everything but the state."""
    found = (
        wanted.select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course.id, Enrolment.withdrawn_at.is_(None))
    )
    if filters.unit is not None:
        below = Unit.path.startswith(filters.unit.path, autoescape=True)
        found = found.where(Person.unit_id.in_(select(Unit.id).where(below)))
    for word in filters.words.split():
        found = found.where(Person.name.icontains(word, autoescape=True))
    if filters.chosen:
        found = found.where(Enrolment.public_id.in_(filters.chosen))
    return found


def _counted(session: Session, course: Course) -> Sequence[Activity]:
    """What is required or graded, in the order of the outline."""
    wanted = select(Activity).join(Module, Module.id == Activity.module_id)
    here = wanted.where(Activity.course_id == course.id, Activity.retired_at.is_(None), Module.retired_at.is_(None))
    return session.scalars(here.order_by(Module.position, Activity.position)).all()


def _progress(session: Session, enrolments: Sequence[int]) -> dict[tuple[int, int], tuple[bool, float | None]]:
    rows = session.execute(
        select(
            ActivityProgress.enrolment_id,
            ActivityProgress.activity_id,
            ActivityProgress.completed_at.is_not(None),
            ActivityProgress.score,
        ).where(ActivityProgress.enrolment_id.in_(enrolments))
    )
    return {(enrolment, activity): (done, score) for enrolment, activity, done, score in rows}


def _participant(
    enrolment: Enrolment,
    state: str,
    activities: Sequence[Activity],
    progress: dict[tuple[int, int], tuple[bool, float | None]],
) -> Participant:
    known = {activity.id: progress.get((enrolment.id, activity.id), (False, None)) for activity in activities}
    required = [activity for activity in activities if activity.required]
    done = sum(known[activity.id][0] for activity in required)
    scores = [(activity.title, known[activity.id][1]) for activity in activities if activity.kind == "quiz"]
    total = len(required)
    return Participant(enrolment, enrolment.person, state, total if state == "done" else done, total, scores)
