"""Classes that began in a year with people whom the actor looks after, and those people's results.

People stand where they work now, with all classes in which they were.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, contains_eager

from elearn.foundation.database import SessionMaker
from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Page, nearest
from elearn.learning.cohorts.models import RESULTS, STATUSES, Cohort, Participant
from elearn.learning.enrolment.models import Enrolment
from elearn.overview.exports.rules import Size
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope, works_below
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course

ROWS = 25
PEOPLE = 50
CHUNK = 2_000


@dataclass(frozen=True)
class OwnClass:
    """A class with how many of the actor's people take part, await a seat, passed and did not pass."""

    cohort: Cohort
    joined: int
    awaiting: int
    passed: int
    failed: int

    @property
    def share(self) -> int | None:
        """Percent of those who take part that have passed; None where nobody takes part."""
        return 100 * self.passed // self.joined if self.joined else None


class Outcome(NamedTuple):
    """One of the actor's people in a class; `jp` are those of a course that was completed."""

    who: Participant
    person: Person
    unit: str | None
    jp: int | None


def own_classes(session: Session, actor: Actor, year: int, number: int, unit: Unit | None = None) -> Page[OwnClass]:
    """Classes that began in the year with people of the actor's in them, the newest first: one statement."""
    actor.must(Permission.SEE_REPORTS)
    sums = (
        select(
            Participant.cohort_id,
            _how_many(Participant.status == "joined").label("joined"),
            _how_many(Participant.status.in_(("nominated", "waiting"))).label("awaiting"),
            _how_many(_took_part("passed")).label("passed"),
            _how_many(_took_part("failed")).label("failed"),
        )
        .join(Person, Person.id == Participant.person_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(*_ours(actor, unit), *_held_in(year))
        .group_by(Participant.cohort_id)
        .subquery("sums")
    )
    wanted = (
        select(Cohort, sums.c.joined, sums.c.awaiting, sums.c.passed, sums.c.failed, func.count().over())
        .join(sums, sums.c.cohort_id == Cohort.id)
        .join(Cohort.course)
        .options(contains_eager(Cohort.course))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    number = max(number, 1)
    rows = session.execute(wanted.limit(ROWS).offset((number - 1) * ROWS)).all()
    if not rows and number > 1:
        return own_classes(session, actor, year, 1, unit)
    found = [OwnClass(cohort, *map(int, counts)) for cohort, *counts, _total in rows]
    return Page(found, number, ROWS, rows[0][-1] if rows else 0)


def how_many_classes(session: Session, actor: Actor, year: int, unit: Unit | None = None) -> int:
    """How many classes `own_classes` lists: one statement, which of each class looks for one of the people only."""
    actor.must(Permission.SEE_REPORTS)
    ours = select(Participant.id).join(Person, Person.id == Participant.person_id)
    ours = ours.where(Participant.cohort_id == Cohort.id, *_ours(actor, unit))
    return session.scalar(select(func.count()).select_from(Cohort).where(*_held_in(year), ours.exists())) or 0


def own_class(session: Session, actor: Actor, public_id: str, unit: Unit | None) -> OwnClass:
    """One class as `own_classes` lists it, whatever its year; NotFound where none of the actor's people is in it."""
    if not actor.may(Permission.SEE_REPORTS):
        raise NotFound
    row = session.execute(
        select(
            Cohort,
            _how_many(Participant.status == "joined"),
            _how_many(Participant.status.in_(("nominated", "waiting"))),
            _how_many(_took_part("passed")),
            _how_many(_took_part("failed")),
        )
        .join(Cohort.course)
        .join(Participant, Participant.cohort_id == Cohort.id)
        .join(Person, Person.id == Participant.person_id)
        .where(Cohort.public_id == public_id, Cohort.state != "draft", *_ours(actor, unit))
        .group_by(Cohort.id, Course.id)
        .options(contains_eager(Cohort.course))
    ).one_or_none()
    if row is None:
        raise NotFound
    cohort, *counts = row
    return OwnClass(cohort, *map(int, counts))


def outcomes_in(
    session: Session, actor: Actor, cohort: Cohort, unit: Unit | None, state: str, number: int
) -> Page[Outcome]:
    """The actor's people in a class by name; `state` is a word of forms.State. Two statements."""
    actor.must(Permission.SEE_REPORTS)
    kept = (Participant.cohort_id == cohort.id, *_ours(actor, unit), *_in_state(state))
    inside = select(func.count()).select_from(Participant).join(Person, Person.id == Participant.person_id).where(*kept)
    total = session.scalar(inside) or 0
    number = nearest(number, total, PEOPLE)
    rows = session.execute(
        select(Participant, Person, Unit.name, Enrolment.completed_jp)
        .join(Person, Person.id == Participant.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(*kept)
        .order_by(Person.name, Participant.id)
        .limit(PEOPLE)
        .offset((number - 1) * PEOPLE)
    ).all()
    return Page([Outcome(*row) for row in rows], number, PEOPLE, total)


def columns() -> Sequence[Column]:
    """What the file tells of each person in each class."""
    return (
        Column("nip", _("NIP"), "nip"),
        Column("nama", _("Nama")),
        Column("unit", _("Unit")),
        Column("angkatan", _("Angkatan")),
        Column("pelatihan", _("Pelatihan")),
        Column("mulai", _("Mulai"), "date"),
        Column("selesai", _("Selesai"), "date"),
        Column("keadaan", _("Keadaan")),
        Column("kehadiran", _("Kehadiran, persen"), "int"),
        Column("hasil", _("Hasil")),
        Column("keterangan", _("Keterangan")),
        Column("jp", _("JP pelatihan"), "int"),
    )


def size_of(session: Session, actor: Actor, year: int, unit: Unit | None = None) -> Size:
    """How many rows and people the file has."""
    actor.must(Permission.SEE_REPORTS)
    rows, people = session.execute(
        select(func.count(), func.count(Participant.person_id.distinct()))
        .select_from(Participant)
        .join(Person, Person.id == Participant.person_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .where(*_ours(actor, unit), *_held_in(year))
    ).one()
    return Size(rows, people)


def every_outcome(sessions: SessionMaker, actor: Actor, year: int, unit: Unit | None = None) -> Iterator[Sequence[Any]]:
    """The rows of the file, in the order of `columns`: read in chunks, each in a session of its own."""
    actor.must(Permission.SEE_REPORTS)
    last = 0
    while True:
        with sessions() as session:
            rows = session.execute(
                select(Participant, Person, Cohort, Course.title, Unit.name, Enrolment.completed_jp)
                .join(Person, Person.id == Participant.person_id)
                .join(Cohort, Cohort.id == Participant.cohort_id)
                .join(Course, Course.id == Cohort.course_id)
                .outerjoin(Unit, Unit.id == Person.unit_id)
                .outerjoin(Enrolment, Enrolment.id == Participant.enrolment_id)
                .where(*_ours(actor, unit), *_held_in(year), Participant.id > last)
                .order_by(Participant.id)
                .limit(CHUNK)
            ).all()
        for who, person, cohort, title, place, jp in rows:
            there = who.status == "joined"
            yield (
                person.nip,
                person.full_name,
                place or "",
                cohort.name,
                title,
                cohort.starts_on,
                cohort.ends_on,
                _(STATUSES[who.status]),
                who.attendance(cohort.sessions) if there else None,
                _(RESULTS[who.result]) if there else "",
                who.result_reason or who.refusal,
                jp if there and who.result == "passed" else None,
            )
        if len(rows) < CHUNK:
            return
        last = rows[-1][0].id


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _took_part(result: str) -> ColumnElement[bool]:
    return (Participant.status == "joined") & (Participant.result == result)


def _ours(actor: Actor, unit: Unit | None) -> tuple[ColumnElement[bool], ...]:
    """The conditions on Person: the actor's reach, which is always one of them, and the unit that is asked for."""
    return (in_scope(actor), works_below(unit)) if unit else (in_scope(actor),)


def _in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    match state:
        case "peserta":
            return (Participant.status == "joined",)
        case "menunggu":
            return (Participant.status.in_(("nominated", "waiting")),)
        case "lulus":
            return (_took_part("passed"),)
        case "tidak-lulus":
            return (_took_part("failed"),)
        case _:
            return ()


def _held_in(year: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions on Cohort to have begun in a year; drafts are nobody's business yet."""
    return Cohort.starts_on >= date(year, 1, 1), Cohort.starts_on <= date(year, 12, 31), Cohort.state != "draft"
