"""Completions as admins ask for them: row by row, and summed by course, unit and month.

Numbers, rows and files come from the same conditions, those of `filters.kept_by`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from elearn.foundation.calendar import wib_day, wib_month
from elearn.foundation.copying import copied
from elearn.foundation.database import SessionMaker, rows_of
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Stretch, unknown_place
from elearn.foundation.web.shapes import ListWish
from elearn.learning.enrolment.models import Enrolment
from elearn.overview.reports.filters import CompletionFilters, kept_by
from elearn.overview.reports.rules import Sum
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.models import Certificate
from elearn.teaching.courses.models import Course

Rows = TypeVar("Rows", bound=Select[Any])

ROWS = 50
# When somebody completed a course, and the enrolment's id: where a page begins or ends.
Place = tuple[datetime, int]
_KEY = (Enrolment.completed_at, Enrolment.id)
# Columns of a row that come before the fields of Completion.
_PLACED = 3
# As many rows as a chunk of an export reads at once: the database is let go in between.
CHUNK = 5_000
# Where the database writes the file itself, more: what is read stands in memory as it leaves, 3 MB.
COPIED = 20_000


class Completion(NamedTuple):
    """A person who completed a course. The fields are the columns of every export; others rely on their names."""

    nip: str | None
    nama: str
    unit_kode: str | None
    unit: str | None
    pelatihan: str
    jp: int
    selesai_pada: date
    nilai: float | None
    nomor_sertifikat: str | None


COLUMNS = (
    Column("nip", "nip", "nip"),
    Column("nama", "nama"),
    Column("unit_kode", "unit_kode"),
    Column("unit", "unit"),
    Column("pelatihan", "pelatihan"),
    Column("jp", "jp", "int"),
    Column("selesai_pada", "selesai_pada", "date"),
    Column("nilai", "nilai", "decimal"),
    Column("nomor_sertifikat", "nomor_sertifikat"),
)


@dataclass(frozen=True)
class CompletionPage:
    """Rows of one page, newest first; `previous` and `next` are ids to go on from, empty at the ends."""

    rows: Sequence[Completion]
    previous: str
    next: str


@dataclass(frozen=True)
class Totals:
    """How many completions, of how many people, worth how many JP."""

    completions: int
    people: int
    jp: int


def completions(
    session: Session,
    actor: Actor,
    filters: CompletionFilters,
    *,
    after: str = "",
    before: str = "",
    limit: int = ROWS,
) -> CompletionPage:
    """One page, newest first: at most two statements. `after` and `before` are ids that an earlier page gave."""
    actor.must(Permission.SEE_REPORTS)
    kept = kept_by(actor, filters)
    place = _place_of(session, actor, before or after)
    backwards = bool(place and before)
    rows = session.execute(_rows(kept, place, limit + 1, backwards=backwards)).all()
    more = len(rows) > limit
    # Whichever way they were looked for, the newest stands first; the one too many is the farthest.
    rows = rows[1:] if more and backwards else rows[:limit]
    return CompletionPage(
        [_completion(row) for row in rows],
        previous=rows[0].public_id if rows and (more if backwards else place) else "",
        next=rows[-1].public_id if rows and (backwards or more) else "",
    )


def completions_after(
    session: Session, actor: Actor, filters: CompletionFilters, wish: ListWish
) -> Stretch[Completion]:
    """The same for programs; raises Invalid for an `after` that is no completion within the actor's reach."""
    actor.must(Permission.SEE_REPORTS)
    if wish.after and _place_of(session, actor, wish.after) is None:
        raise unknown_place()
    page = completions(session, actor, filters, after=wish.after, limit=wish.limit)
    return Stretch(page.rows, page.next or None)


def every_completion(sessions: SessionMaker, actor: Actor, filters: CompletionFilters) -> Iterator[Completion]:
    """All of them, newest first, however many: read in chunks, each in a session of its own.

    No cursor stays open while a slow reader downloads; on SQLite it would keep the write-ahead log from being cleared.
    """
    actor.must(Permission.SEE_REPORTS)
    kept = kept_by(actor, filters)
    place: Place | None = None
    while True:
        with sessions() as session:
            rows = rows_of(session, _rows(kept, place, CHUNK))
        yield from map(_completion, rows)
        if len(rows) < CHUNK:
            return
        place = rows[-1].completed_at, rows[-1].id


def completion_lines(sessions: SessionMaker, actor: Actor, filters: CompletionFilters) -> Iterator[bytes]:
    """The same as lines of CSV, some at a time, from a database that writes them itself."""
    actor.must(Permission.SEE_REPORTS)
    kept = kept_by(actor, filters)
    place: Place | None = None
    while True:
        with sessions() as session:
            ahead = _newest_first(_stretch(kept, place, None).with_only_columns(*_KEY))
            last = session.execute(ahead.offset(COPIED - 1).limit(1)).one_or_none()
            until = (last.completed_at, last.id) if last else None
            rows = _joined(_stretch(kept, place, until))
            lines = copied(session, COLUMNS, rows.with_only_columns(*list(rows.selected_columns)[_PLACED:]))
        yield lines
        if until is None:
            return
        place = until


def totals(session: Session, actor: Actor, filters: CompletionFilters) -> Totals:
    """The sums over all rows: one statement."""
    actor.must(Permission.SEE_REPORTS)
    wanted = select(func.count(), func.count(distinct(Enrolment.person_id)), _JP)
    count, people, jp = session.execute(wanted.where(*kept_by(actor, filters))).one()
    return Totals(count, people, int(jp or 0))


def sums_by_course(session: Session, actor: Actor, filters: CompletionFilters) -> dict[int, Sum]:
    """Completions by the id of the course: one statement."""
    return _sums(session, actor, filters, Enrolment.course_id)


def sums_by_unit(session: Session, actor: Actor, filters: CompletionFilters) -> dict[int | None, Sum]:
    """Completions by the id of the very unit in which people worked; None for people without one: one statement."""
    return _sums(session, actor, filters, Enrolment.completed_unit_id)


def sums_by_month(session: Session, actor: Actor, filters: CompletionFilters) -> dict[str, Sum]:
    """Completions by WIB month, as `2026-11`, oldest first: one statement."""
    found = _sums(session, actor, filters, wib_month(Enrolment.completed_at))
    return dict(sorted(found.items()))


def _sums(
    session: Session, actor: Actor, filters: CompletionFilters, by: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> dict[Any, Sum]:
    actor.must(Permission.SEE_REPORTS)
    key = by.label("key")
    rows = session.execute(select(key, func.count(), _JP).where(*kept_by(actor, filters)).group_by(key))
    return {group: Sum(count, int(jp or 0)) for group, count, jp in rows}


_JP = func.coalesce(func.sum(Enrolment.completed_jp), 0)

_PRINTED_NAME = func.trim(Person.title_before + " " + Person.name) + case(
    (Person.title_after != "", ", " + Person.title_after), else_=""
)


def _rows(
    kept: Sequence[ColumnElement[bool]], place: Place | None, limit: int, *, backwards: bool = False
) -> Select[Any]:
    """A page of rows, newest first, beginning beside a place."""
    found = _newest_first(select(Enrolment).where(*kept))
    if place is not None:
        found = found.where(_here > _at(place) if backwards else _here < _at(place))
    if backwards:
        found = found.order_by(None).order_by(*_KEY)
    return _joined(found.limit(limit))


def _stretch(kept: Sequence[ColumnElement[bool]], after: Place | None, last: Place | None) -> Select[Any]:
    """All rows from after one place to another, which is included; the moments alone tell the planner how many."""
    found = select(Enrolment).where(*kept)
    if after is not None:
        found = found.where(_here < _at(after), Enrolment.completed_at <= after[0])
    if last is not None:
        found = found.where(_here >= _at(last), Enrolment.completed_at >= last[0])
    return found


def _newest_first(found: Rows) -> Rows:
    return found.order_by(*(each.desc() for each in _KEY))


_here = tuple_(*_KEY)


def _at(place: Place) -> ColumnElement[Any]:
    return tuple_(literal(place[0], Enrolment.completed_at.type), literal(place[1], Enrolment.id.type))


def _joined(found: Select[Any]) -> Select[Any]:
    """The page is found on enrolments alone, by an index; the rest is joined to it. First what tells its place."""
    one = found.subquery("page")
    printed = and_(Certificate.enrolment_id == one.c.id, Certificate.revoked_at.is_(None))
    return (
        select(
            one.c.id,
            one.c.public_id,
            one.c.completed_at,
            # From here on as the fields of Completion.
            Person.nip,
            _PRINTED_NAME.label("name"),
            Unit.code,
            Unit.name.label("unit"),
            Course.title,
            func.coalesce(one.c.completed_jp, 0).label("jp"),
            wib_day(one.c.completed_at).label("day"),
            (func.round(one.c.score * 100) / 100.0).label("score"),
            Certificate.number,
        )
        .select_from(one)
        .join(Person, Person.id == one.c.person_id)
        .join(Course, Course.id == one.c.course_id)
        .outerjoin(Unit, Unit.id == one.c.completed_unit_id)
        .outerjoin(Certificate, printed)
        .order_by(one.c.completed_at.desc(), one.c.id.desc())
    )


def _completion(row: Row[Any]) -> Completion:
    return Completion._make(row[_PLACED:])


def _place_of(session: Session, actor: Actor, public_id: str) -> Place | None:
    """Where a page begins: a completion that the actor may see, or nowhere."""
    if not public_id:
        return None
    wanted = select(Enrolment.completed_at, Enrolment.id).where(Enrolment.public_id == public_id)
    found = session.execute(wanted.where(*kept_by(actor, CompletionFilters()))).one_or_none()
    return (found.completed_at, found.id) if found and found.completed_at else None
