"""Questions about classes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.web.paging import Page, page_of
from elearn.learning.cohorts.models import Cohort, Participant, Ruling
from elearn.learning.cohorts.rules import blockers, seats_left
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.queries import taught_by, taught_courses

ROWS = 50


@dataclass(frozen=True)
class Listed:
    """A class in a list, with how many have joined, wait and are nominated."""

    cohort: Cohort
    joined: int
    waiting: int
    nominated: int


@dataclass(frozen=True)
class Standing:
    """A participant with attendance in percent and what keeps him or her from passing."""

    participant: Participant
    attendance: int | None
    blockers: list[str]


@dataclass(frozen=True)
class Offer:
    """A class as a learner sees it: free seats (None without a limit) and the learner's own place in it."""

    cohort: Cohort
    left: int | None
    mine: Participant | None


def may_run(actor: Actor) -> bool:
    """Whether the actor runs any class: instructors those of their courses, the regency's admin all."""
    return actor.may(Permission.MANAGE_CLASSES) or actor.may(Permission.TEACH)


def courses_to_run(session: Session, actor: Actor) -> list[Course]:
    """Published courses of which the actor may make a class, by title."""
    courses = [course for course in taught_courses(session, actor) if course.published]
    return sorted(courses, key=lambda course: course.title)


def with_course() -> Select[Cohort]:
    """Classes with their course, joined and loaded, and their form."""
    return select(Cohort).join(Cohort.course).options(contains_eager(Cohort.course), joinedload(Cohort.form))


def cohort_run(session: Session, actor: Actor, public_id: str) -> Cohort:
    """A class that the actor runs, with course and form; NotFound for everybody else."""
    found = session.scalar(with_course().where(Cohort.public_id == public_id, taught_by(actor)))
    if found is None:
        raise NotFound
    return found


def cohorts_run(session: Session, actor: Actor, state: str, words: str, number: int) -> Page[Cohort]:
    """The classes that the actor runs, the latest first; of one state and with these words, where given."""
    wanted = with_course().where(taught_by(actor))
    if state:
        wanted = wanted.where(Cohort.state == state)
    if words.strip():
        said = words.strip().lower()
        named = (func.lower(name).contains(said, autoescape=True) for name in (Cohort.name, Course.title))
        wanted = wanted.where(or_(*named))
    return page_of(session, wanted.order_by(Cohort.starts_on.desc(), Cohort.id.desc()), number)


def cohorts_between(session: Session, actor: Actor, first: date, last: date) -> Sequence[Cohort]:
    """The classes that the actor runs and that are held between two days, by their beginning."""
    here = Cohort.state != "cancelled", Cohort.starts_on <= last, Cohort.ends_on >= first
    return session.scalars(with_course().where(taught_by(actor), *here).order_by(Cohort.starts_on)).all()


def open_between(session: Session, actor: Actor, first: date, last: date, most: int) -> tuple[Sequence[Cohort], int]:
    """Open classes that the actor runs and that are held between two days, by their beginning; and how many in all."""
    wanted = (
        with_course()
        .add_columns(func.count().over())
        .where(taught_by(actor), Cohort.state == "open", Cohort.starts_on <= last, Cohort.ends_on >= first)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    rows = session.execute(wanted.limit(most)).all()
    return [cohort for cohort, _total in rows], rows[0][-1] if rows else 0


class Ended(NamedTuple):
    """A class whose last day has passed and that is still open, with how many people await a decision."""

    cohort: Cohort
    undecided: int


def ended_open(session: Session, actor: Actor, today: date, most: int) -> tuple[list[Ended], int]:
    """Classes that the actor runs and that ended without being closed, the longest ago first; and how many in all."""
    joined = select(func.count(Participant.id)).where(
        Participant.cohort_id == Cohort.id, Participant.status == "joined", Participant.result == ""
    )
    wanted = (
        with_course()
        .add_columns(joined.correlate(Cohort).scalar_subquery(), func.count().over())
        .where(taught_by(actor), Cohort.state == "open", Cohort.ends_on < today)
        .order_by(Cohort.ends_on, Cohort.id)
    )
    rows = session.execute(wanted.limit(most)).all()
    return [Ended(cohort, undecided) for cohort, undecided, _total in rows], rows[0][-1] if rows else 0


def counted(session: Session, cohorts: Sequence[Cohort]) -> list[Listed]:
    """The same classes with how many are in them."""
    rows = session.execute(
        select(Participant.cohort_id, Participant.status, func.count())
        .where(Participant.cohort_id.in_([each.id for each in cohorts]))
        .group_by(Participant.cohort_id, Participant.status)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for cohort_id, status, n in rows:
        found[cohort_id][status] = n
    names = ("joined", "waiting", "nominated")
    return [Listed(each, *(found[each.id].get(name, 0) for name in names)) for each in cohorts]


def joined_in(session: Session, cohort: Cohort) -> int:
    """How many have joined a class."""
    wanted = select(func.count()).select_from(Participant).filter_by(cohort_id=cohort.id, status="joined")
    return session.scalar(wanted) or 0


def at_the_same_place(session: Session, actor: Actor, cohort: Cohort) -> Sequence[Cohort]:
    """Other classes at the same place on one of the same days, whoever runs them."""
    if not cohort.place.strip():
        return []
    return session.scalars(
        select(Cohort)
        .where(
            Cohort.id != cohort.id,
            Cohort.state.in_(("draft", "open")),
            func.lower(Cohort.place) == cohort.place.strip().lower(),
            Cohort.starts_on <= cohort.ends_on,
            Cohort.ends_on >= cohort.starts_on,
        )
        .order_by(Cohort.starts_on)
    ).all()


def participants_of(session: Session, actor: Actor, cohort: Cohort, status: str, number: int) -> Page[Participant]:
    """Those of a class with a status, by name or by their place on the waiting list, with person and unit."""
    wanted = (
        select(Participant)
        .join(Participant.person)
        .where(Participant.cohort_id == cohort.id, Participant.status == status)
        .options(contains_eager(Participant.person).joinedload(Person.unit))
    )
    order = (Participant.place,) if status == "waiting" else (Person.name, Participant.id)
    return page_of(session, wanted.order_by(*order), number, ROWS)


def participant_in(session: Session, cohort: Cohort, public_id: str) -> Participant:
    """One of a class's people, with person and enrolment; the caller found the class through the actor."""
    found = session.scalar(
        select(Participant)
        .filter_by(cohort_id=cohort.id, public_id=public_id)
        .options(joinedload(Participant.person), joinedload(Participant.enrolment))
    )
    if found is None:
        raise NotFound
    return found


def joined_participants(session: Session, cohort: Cohort, ids: Collection[str] | None = None) -> list[Participant]:
    """Those who have joined, with their person, by name; only those with these public ids, where given."""
    wanted = (
        select(Participant)
        .join(Participant.person)
        .options(contains_eager(Participant.person).joinedload(Person.unit))
        .where(Participant.cohort_id == cohort.id, Participant.status == "joined")
        .order_by(Person.name, Participant.id)
    )
    if ids is not None:
        wanted = wanted.where(Participant.public_id.in_(ids))
    return list(session.scalars(wanted))


def standings(session: Session, cohort: Cohort, participants: Sequence[Participant]) -> list[Standing]:
    """What keeps each of them from passing, in words; two statements however many they are."""
    left = _left_to_do(session, [each.id for each in participants])
    found = []
    for each in participants:
        exams, steps = left.get(each.id, ([], 0))
        attendance = each.attendance(cohort.sessions)
        keeping = [] if each.result == "passed" else blockers(attendance, cohort.least_attendance, exams, steps)
        found.append(Standing(each, attendance, keeping))
    return found


def _left_to_do(session: Session, participant_ids: Sequence[int]) -> dict[int, tuple[list[str], int]]:
    """By participant the titles of exams that are not passed, and how many other required activities are not done."""
    undone = (
        select(Participant.id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Activity, Activity.course_id == Cohort.course_id)
        .join(Module, Module.id == Activity.module_id)
        .outerjoin(
            ActivityProgress,
            and_(
                ActivityProgress.activity_id == Activity.id, ActivityProgress.enrolment_id == Participant.enrolment_id
            ),
        )
        .where(
            Participant.id.in_(participant_ids),
            Activity.required,
            Activity.retired_at.is_(None),
            Module.retired_at.is_(None),
            ActivityProgress.completed_at.is_(None),
        )
    )
    exam = Activity.completion == "passed"
    found: dict[int, tuple[list[str], int]] = {}
    for id, n in session.execute(undone.where(~exam).add_columns(func.count()).group_by(Participant.id)):
        found[id] = ([], n)
    titled = undone.where(exam).add_columns(Activity.title).order_by(Module.position, Activity.position)
    for id, title in session.execute(titled):
        found.setdefault(id, ([], 0))[0].append(title)
    return found


def others_joined(session: Session, participant: Participant, cohort: Cohort) -> Cohort | None:
    """Another running class of the same course in which the person still learns."""
    return session.scalar(
        select(Cohort)
        .join(Participant, Participant.cohort_id == Cohort.id)
        .where(
            Cohort.course_id == cohort.course_id,
            Cohort.id != cohort.id,
            Cohort.state.in_(("draft", "open")),
            Participant.person_id == participant.person_id,
            Participant.status == "joined",
            Participant.result.in_(("", "deferred")),
        )
        .limit(1)
    )


_OFFERS = (
    select(
        Cohort,
        Participant,
        select(func.count())
        .select_from(Participant)
        .where(Participant.cohort_id == Cohort.id, Participant.status == "joined")
        .correlate(Cohort)
        .scalar_subquery(),
    )
    .outerjoin(Participant, (Participant.cohort_id == Cohort.id) & (Participant.person_id == bindparam("person_id")))
    .where(
        Cohort.course_id == bindparam("course_id"),
        Cohort.state.in_(("open", "finished", "cancelled")),
        or_(Cohort.ends_on >= bindparam("today"), Participant.status == "joined"),
    )
    .options(joinedload(Cohort.form, innerjoin=True))
    .order_by(Cohort.starts_on, Cohort.id)
)


def offers(session: Session, actor: Actor, course: Course, today: date) -> list[Offer]:
    """The course's classes that a learner may look at, the next first, with their form. One statement."""
    asked = {"person_id": actor.me(), "course_id": course.id, "today": today}
    return [
        Offer(cohort, seats_left(cohort.quota, joined), mine)
        for cohort, mine, joined in session.execute(_OFFERS, asked)
        if cohort.state == "open" or (mine is not None and (mine.status == "joined" or _called_off(cohort, mine)))
    ]


def nearest_classes(
    session: Session, actor: Actor, course_ids: Collection[int], today: date
) -> dict[int, tuple[Cohort, str]]:
    """By course the class in which the actor is or waits, else the next one to join, with the own status.

    One statement. A class that was decided counts for nothing here.
    """
    if not course_ids:
        return {}
    own = Participant.status.in_(("joined", "waiting", "nominated")) & Participant.result.in_(("", "deferred"))
    mine = (Participant.cohort_id == Cohort.id) & (Participant.person_id == actor.me()) & own
    still = func.coalesce(Cohort.closes_on, Cohort.ends_on) >= today
    rows = session.execute(
        select(Cohort, Participant.status)
        .outerjoin(Participant, mine)
        .where(Cohort.course_id.in_(course_ids), Cohort.state == "open", or_(still, Participant.id.is_not(None)))
        .order_by(Participant.id.is_(None), Cohort.starts_on, Cohort.id)
    )
    found: dict[int, tuple[Cohort, str]] = {}
    for cohort, status in rows:
        found.setdefault(cohort.course_id, (cohort, status or ""))
    return found


def _called_off(cohort: Cohort, mine: Participant) -> bool:
    """Whether somebody was in a class until it was cancelled: who left before did so without a reason."""
    return cohort.state == "cancelled" and mine.status == "withdrawn" and bool(mine.refusal)


def cohort_for_learner(session: Session, actor: Actor, public_id: str) -> Cohort:
    """A class that learners may know of, with its course: an open one, or one in which the actor is."""
    mine = exists().where(
        Participant.cohort_id == Cohort.id,
        Participant.person_id == actor.me(),
        Participant.status.in_(("joined", "waiting", "nominated")),
    )
    wanted = with_course().where(Cohort.public_id == public_id, Course.state != "draft", Cohort.state != "draft")
    found = session.scalar(wanted.where(or_(Cohort.state == "open", mine)))
    if found is None:
        raise NotFound
    return found


def my_participation(session: Session, actor: Actor, cohort: Cohort) -> Participant | None:
    """The actor's own row in a class, whatever its status."""
    return session.scalar(select(Participant).filter_by(cohort_id=cohort.id, person_id=actor.me()))


def ruling_for(session: Session, actor: Actor, public_id: str) -> Ruling:
    """A ruling on a class that the actor runs; NotFound otherwise."""
    found = session.scalar(
        select(Ruling)
        .join(Cohort, Cohort.id == Ruling.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Ruling.public_id == public_id, taught_by(actor))
    )
    if found is None:
        raise NotFound
    return found


def undecided(cohort: Cohort) -> ColumnElement[bool]:
    """The condition on Participant to have joined a class and to wait for a decision."""
    return and_(Participant.cohort_id == cohort.id, Participant.status == "joined", Participant.result == "")
