"""How far people are with a programme, kept to those whom the actor looks after.

A person stands where he or she works now. Only the last term of each person is counted, or that of one year.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from elearn.foundation.clock import wib_date
from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Page, nearest
from elearn.learning.programmes.models import DONE, MISSED, MOVED, OPEN, Duty, Programme
from elearn.learning.programmes.queries import Owed, latest, owed
from elearn.overview.duties.rules import Chased, Tally
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope, works_below
from elearn.people.organisation.models import Unit

ROWS = 50
CHUNK = 1_000
MOST_CHASED = 200

COLUMNS = (
    Column("nip", "nip", "nip"),
    Column("nama", "nama"),
    Column("unit_kode", "unit_kode"),
    Column("unit", "unit"),
    Column("program", "program"),
    Column("periode", "periode", "int"),
    Column("keadaan", "keadaan"),
    Column("tenggat", "tenggat", "date"),
    Column("kurang", "kurang"),
    Column("selesai_pada", "selesai_pada", "date"),
    Column("berlaku_sampai", "berlaku_sampai", "date"),
)


@dataclass(frozen=True)
class DutyFilters:
    """Which duties of a programme; the unit takes in its subtree. `state` is a word of forms.State.

    `year` asks for the terms of a calendar year in place of everybody's last one. `directly` leaves out what stands
    below the unit; without a unit it means people who have none.
    """

    programme: Programme
    unit: Unit | None = None
    state: str = ""
    year: int | None = None
    directly: bool = False


def years(session: Session, actor: Actor, programme: Programme) -> list[int]:
    """The calendar years for which the actor's people owed a programme, the latest first; none unless it is yearly."""
    wanted = select(Duty.ends_on).join(Person, Person.id == Duty.person_id).distinct()
    found = wanted.where(Duty.programme_id == programme.id, Duty.ends_on.is_not(None), in_scope(actor))
    return sorted({day.year for day in session.scalars(found) if day is not None}, reverse=True)


def tallies(session: Session, actor: Actor, filters: DutyFilters, today: date) -> dict[int | None, Tally]:
    """Counts by the id of the very unit in which people work: one statement."""
    actor.must(Permission.SEE_REPORTS)
    rows = session.execute(
        select(
            Person.unit_id,
            func.count(),
            func.count().filter(Duty.state == DONE),
            func.count().filter(_late(today)),
        )
        .select_from(Duty)
        .join(Person, Person.id == Duty.person_id)
        .where(*_kept(actor, filters), Duty.state != MOVED)
        .group_by(Person.unit_id)
    )
    return {unit_id: Tally(*map(int, counts)) for unit_id, *counts in rows}


def how_many(session: Session, actor: Actor, filters: DutyFilters, today: date) -> int:
    """How many duties the filters keep; it is as many people."""
    actor.must(Permission.SEE_REPORTS)
    return session.scalar(select(func.count()).select_from(_duties(actor, filters, today).subquery())) or 0


def duties(session: Session, actor: Actor, filters: DutyFilters, today: date, number: int) -> Page[Owed]:
    """People by due day, the earliest first: four statements however many."""
    total = how_many(session, actor, filters, today)
    number = nearest(number, total, ROWS)
    found = _duties(actor, filters, today).order_by(Duty.due_on.asc().nulls_last(), Person.name, Duty.id)
    rows = session.scalars(_peopled(found).limit(ROWS).offset((number - 1) * ROWS)).all()
    return Page(owed(session, rows, [filters.programme]), number, ROWS, total)


def every_duty(sessions: SessionMaker, actor: Actor, filters: DutyFilters, today: date) -> Iterator[Sequence[Any]]:
    """The rows of a file, in the order of COLUMNS: read in chunks, each in a session of its own."""
    actor.must(Permission.SEE_REPORTS)
    last = 0
    while True:
        with sessions() as session:
            some = _peopled(_duties(actor, filters, today)).where(Duty.id > last).order_by(Duty.id).limit(CHUNK)
            rows = owed(session, session.scalars(some).all(), [filters.programme])
        for row in rows:
            yield _row(row, today)
        if len(rows) < CHUNK:
            return
        last = rows[-1].duty.id


def to_chase(session: Session, actor: Actor, filters: DutyFilters, today: date) -> list[Chased]:
    """Those who have not finished, by unit and name, at most 200: three statements."""
    open_ones = _peopled(_duties(actor, filters, today)).where(Duty.state == OPEN)
    rows = session.scalars(open_ones.order_by(Unit.name, Unit.id, Person.name, Duty.id).limit(MOST_CHASED)).all()
    return [
        Chased(
            each.duty.person.full_name,
            each.duty.person.unit.name if each.duty.person.unit else "–",
            each.missing.words,
            each.duty.due_on,
            is_late(each.duty, today),
        )
        for each in owed(session, rows, [filters.programme])
    ]


def is_late(duty: Duty, today: date) -> bool:
    """Whether a duty is open after its due day."""
    return duty.state == OPEN and duty.due_on is not None and duty.due_on < today


def _late(today: date) -> ColumnElement[bool]:
    """The condition on Duty to be open after its due day, or never to have been done in its year."""
    return or_((Duty.state == OPEN) & (Duty.due_on < today), Duty.state == MISSED)


def _row(row: Owed, today: date) -> Sequence[Any]:
    duty, person = row.duty, row.duty.person
    words = {DONE: "selesai", MOVED: "pindah", MISSED: "tidak terpenuhi"}
    word = words.get(duty.state, "terlambat" if is_late(duty, today) else "belum")
    return (
        person.nip,
        person.name,
        person.unit.code if person.unit else None,
        person.unit.name if person.unit else None,
        row.programme.title,
        duty.ends_on.year if duty.ends_on else duty.term,
        word,
        duty.due_on,
        row.missing.words if duty.state in (OPEN, MISSED) else "",
        wib_date(duty.completed_at) if duty.completed_at else None,
        duty.valid_until,
    )


def _duties(actor: Actor, filters: DutyFilters, today: date) -> Select[Duty]:
    found = select(Duty).join(Duty.person).outerjoin(Person.unit)
    return found.where(*_kept(actor, filters), _in_state(filters.state, today))


def _peopled(found: Select[Duty]) -> Select[Duty]:
    return found.options(contains_eager(Duty.person).contains_eager(Person.unit))


def _kept(actor: Actor, filters: DutyFilters) -> Sequence[ColumnElement[bool]]:
    """The programme, the term, and the actor's reach, which is always one of the conditions."""
    term = Duty.ends_on == date(filters.year, 12, 31) if filters.year else latest()
    kept = [Duty.programme_id == filters.programme.id, term, in_scope(actor)]
    if filters.directly:
        return [*kept, Person.unit_id == (filters.unit.id if filters.unit else None)]
    return [*kept, works_below(filters.unit)] if filters.unit else kept


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    match state:
        case "terlambat":
            return _late(today)
        case "belum":
            return Duty.state.in_((OPEN, MISSED))
        case "selesai":
            return Duty.state == DONE
        case "pindah":
            return Duty.state == MOVED
        case _:
            return Duty.state != MOVED
