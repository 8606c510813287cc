"""Completions as admins ask for them: row by row, and summed by course, unit and month.

Numbers, rows and files come from the same conditions, those of `filters.kept_by`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    distinct,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from elearn.foundation import copying
from elearn.foundation.calendar import wib_day, wib_month
from elearn.foundation.csvlines import csv_cells, packed, unpacked
from elearn.foundation.database import SessionMaker, rows_of
from elearn.foundation.tables import Column, csv_lines
from elearn.foundation.turns import give_way
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

ROWS = 50
# When somebody completed a course, and the enrolment's id: where a page begins or ends.
Place = tuple[datetime, int]
_NOWHERE: Sequence[Any] = ()
# Columns of a row that come before the fields of Completion, in a page and in a chunk.
_PLACED, _CHUNKED = 3, 2
# As many rows as a chunk of an export reads at once on SQLite: the database is let go in between.
CHUNK = 4_000


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


class Totals(NamedTuple):
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
    rows = session.execute(_ordered(_page(kept, place and _beside(place), limit + 1, backwards=backwards))).all()
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
    """All of them, newest first, however many, and for readers as slow as they like."""
    actor.must(Permission.SEE_REPORTS)
    kept = kept_by(actor, filters)
    if not copying.is_able(sessions):
        return map(Completion._make, _by_chunks(sessions, kept))
    whole = _joined(_found(kept)).subquery("rows").c
    wanted = select(*list(whole)[_PLACED:]).order_by(*_newest_first(whole))
    return map(Completion._make, copying.rows(sessions, COLUMNS, wanted))


def completion_lines(sessions: SessionMaker, actor: Actor, filters: CompletionFilters) -> Iterator[bytes]:
    """The same as lines of CSV, many in one piece, written by the database."""
    actor.must(Permission.SEE_REPORTS)
    kept = kept_by(actor, filters)
    if not copying.is_able(sessions):
        return _lines_by_chunks(sessions, kept)
    whole = _joined(_found(kept)).subquery("rows").c
    wanted = select(*csv_cells(COLUMNS, list(whole)[_PLACED:])).order_by(*_newest_first(whole))
    return copying.csv_lines(sessions, wanted)


def _by_chunks(sessions: SessionMaker, kept: Sequence[ColumnElement[bool]]) -> Iterator[Sequence[Any]]:
    chunk, place = _Chunk(kept, list), _NOWHERE
    while rows := chunk.after(sessions, place):
        yield from (row[_CHUNKED:] for row in rows)
        place = rows[-1][:_CHUNKED]


def _lines_by_chunks(sessions: SessionMaker, kept: Sequence[ColumnElement[bool]]) -> Iterator[bytes]:
    cells, lines = _Chunk(kept, list), _Chunk(kept, lambda cells: [packed(csv_cells(COLUMNS, cells))])
    place = _NOWHERE
    while rows := lines.after(sessions, place):
        written = unpacked([row[_CHUNKED] for row in rows], len(COLUMNS))
        if written is None:
            told = [row[_CHUNKED:] for row in cells.after(sessions, place)]
            written = b"".join(csv_lines(COLUMNS, told))
        yield written
        place = rows[-1][:_CHUNKED]


class _Chunk:
    """Rows that a reader of all takes at once: the place of each, and `told` of its cells.

    Each chunk has a session of its own: on SQLite an open cursor keeps the log from being cleared.
    """

    def __init__(self, kept: Sequence[ColumnElement[bool]], told: Callable[[list[Any]], list[Any]]) -> None:
        # The statements are long, and putting one together takes as long as running it.
        here = bindparam("moment", type_=String()), bindparam("number", type_=Enrolment.id.type)
        self._first, self._following = (self._statement(_page(kept, place, CHUNK), told) for place in (None, here))

    @staticmethod
    def _statement(page: Select[Any], told: Callable[[list[Any]], list[Any]]) -> Select[Any]:
        rows = _ordered(page)
        columns = rows.selected_columns
        # The moment as SQLite keeps it: nobody reads it.
        place = type_coerce(columns.completed_at, String).label("moment"), columns.id.label("number")
        return rows.with_only_columns(*place, *told(list(columns)[_PLACED:]))

    def after(self, sessions: SessionMaker, place: Sequence[Any]) -> Sequence[Row[Any]]:
        give_way()
        with sessions() as session:
            if not place:
                return rows_of(session, self._first)
            return rows_of(session, self._following, moment=place[0], number=place[1])


def totals(session: Session, actor: Actor, filters: CompletionFilters) -> Totals:
    """The sums over all rows: one statement."""
    actor.must(Permission.SEE_REPORTS)
    kept, person = kept_by(actor, filters), Enrolment.person_id
    wanted: Any = select(func.count(), func.count(distinct(person)), _JP).where(*kept)
    if session.get_bind().dialect.name == "postgresql":
        # It sorts what it counts distinctly, which takes three times as long; SQLite would sort for the groups.
        each = select(func.count().label("rows"), _JP.label("jp")).where(*kept).group_by(person).subquery().c
        wanted = select(func.coalesce(func.sum(each.rows), 0), func.count(), func.coalesce(func.sum(each.jp), 0))
    return Totals._make(map(int, session.execute(wanted).one()))


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

_PRINTED_NAME = case((Person.title_before == "", Person.name), else_=Person.title_before + " " + Person.name) + case(
    (Person.title_after == "", ""), else_=", " + Person.title_after
)


def _found(kept: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Enrolments, with what a row needs of them."""
    found: Any = select(
        Enrolment.id,
        Enrolment.public_id,
        Enrolment.completed_at,
        Enrolment.person_id,
        Enrolment.course_id,
        Enrolment.completed_unit_id,
        Enrolment.completed_jp,
        Enrolment.score,
    )
    kept_only: Select[Any] = found.where(*kept)
    return kept_only


def _page(
    kept: Sequence[ColumnElement[bool]], place: tuple[Any, Any] | None, limit: int, *, backwards: bool = False
) -> Select[Any]:
    """Those of a page, newest first, found by an index."""
    moment, number = Enrolment.completed_at, Enrolment.id
    found = _found(kept).limit(limit)
    if place is not None:
        here, there = tuple_(moment, number), tuple_(*place)
        found = found.where(here > there if backwards else here < there)
    return found.order_by(*((moment, number) if backwards else (moment.desc(), number.desc())))


def _joined(found: Select[Any]) -> Select[Any]:
    """Rows with all that they tell."""
    page = found.subquery("page")
    printed = and_(Certificate.enrolment_id == page.c.id, Certificate.revoked_at.is_(None))
    return (
        select(
            page.c.id,
            page.c.public_id,
            page.c.completed_at,
            # From here on as the fields of Completion.
            Person.nip,
            _PRINTED_NAME.label("name"),
            Unit.code,
            Unit.name.label("unit"),
            Course.title,
            func.coalesce(page.c.completed_jp, 0).label("jp"),
            wib_day(page.c.completed_at).label("day"),
            (func.round(page.c.score * 100) / 100.0).label("score"),
            Certificate.number,
        )
        .select_from(page)
        .join(Person, Person.id == page.c.person_id)
        .join(Course, Course.id == page.c.course_id)
        .outerjoin(Unit, Unit.id == page.c.completed_unit_id)
        .outerjoin(Certificate, printed)
    )


def _ordered(page: Select[Any]) -> Select[Any]:
    joined = _joined(page)
    return joined.order_by(*_newest_first(joined.selected_columns))


def _newest_first(columns: Any) -> list[ColumnElement[Any]]:
    return [columns.completed_at.desc(), columns.id.desc()]


def _completion(row: Row[Any]) -> Completion:
    return Completion._make(row[_PLACED:])


def _beside(place: Place) -> tuple[Any, Any]:
    return literal(place[0], Enrolment.completed_at.type), literal(place[1], Enrolment.id.type)


def _place_of(session: Session, actor: Actor, public_id: str) -> Place | None:
    """Where a page begins: a completion that the actor may see, or nowhere."""
    if not public_id:
        return None
    wanted = select(Enrolment.completed_at, Enrolment.id).where(Enrolment.public_id == public_id)
    found = session.execute(wanted.where(*kept_by(actor, CompletionFilters()))).one_or_none()
    return (found.completed_at, found.id) if found and found.completed_at else None
