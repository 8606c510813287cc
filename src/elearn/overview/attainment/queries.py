"""Who has how many JP in a year, kept to the people whom the actor looks after.

A person stands where he or she works now, with all that was learned in the year, wherever that was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, case, func, not_, select
from sqlalchemy.orm import Session

from elearn.foundation.database import SessionMaker
from elearn.foundation.settings import JpRule, settings
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Page, nearest
from elearn.overview.attainment.rules import Tally
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope, works_below
from elearn.people.organisation.models import Unit
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.rules import YearlyJp

ROWS = 50
# As many rows as a chunk of an export reads at once: the database is let go in between.
CHUNK = 2_000


@dataclass(frozen=True)
class AttainmentFilters:
    """Which people are asked about; the unit takes in its subtree. `state` is a word of forms.State."""

    year: int
    unit: Unit | None = None
    state: str = ""


class Standing(NamedTuple):
    """A person with the year's account."""

    public_id: str
    name: str
    nip: str | None
    unit_code: str | None
    unit: str | None
    jp: YearlyJp


COLUMNS = (
    Column("nip", "nip", "nip"),
    Column("nama", "nama"),
    Column("unit_kode", "unit_kode"),
    Column("unit", "unit"),
    Column("jenis", "jenis"),
    Column("tahun", "tahun", "int"),
    Column("jp_diperoleh", "jp_diperoleh", "int"),
    Column("jp_diakui", "jp_diakui", "int"),
    Column("jp_kurang", "jp_kurang", "int"),
)


def tallies(session: Session, actor: Actor, filters: AttainmentFilters) -> dict[int | None, Tally]:
    """Counts by the id of the very unit in which people work; None for people without one: one statement."""
    actor.must(Permission.SEE_REPORTS)
    sums = _sums(actor, filters)
    rows = session.execute(
        select(
            Person.unit_id,
            func.sum(case((_OWES, 1), else_=0)),
            func.sum(case((_reached(sums, filters.year), 1), else_=0)),
            func.sum(case((_behind(sums, filters.year), 1), else_=0)),
            func.sum(case((_OWES, 0), else_=1)),
        )
        .outerjoin(sums, sums.c.person_id == Person.id)
        .where(*_kept(actor, filters))
        .group_by(Person.unit_id)
    )
    return {unit_id: Tally(*map(int, counts)) for unit_id, *counts in rows}


def standings(session: Session, actor: Actor, filters: AttainmentFilters, number: int) -> Page[Standing]:
    """People by how many JP are recognised, the fewest first; two statements."""
    total = how_many(session, actor, filters)
    number = nearest(number, total, ROWS)
    found, rule = _people(actor, filters), _rule(filters.year)
    fewest_first = found.order_by(found.selected_columns.counted, Person.name, Person.id)
    rows = session.execute(fewest_first.limit(ROWS).offset((number - 1) * ROWS)).all()
    return Page([_standing(row, filters.year, rule) for row in rows], number, ROWS, total)


def how_many(session: Session, actor: Actor, filters: AttainmentFilters) -> int:
    """How many people the filters keep."""
    actor.must(Permission.SEE_REPORTS)
    return session.scalar(select(func.count()).select_from(_people(actor, filters).subquery())) or 0


def every_standing(sessions: SessionMaker, actor: Actor, filters: AttainmentFilters) -> Iterator[Sequence[Any]]:
    """The rows of a file, in the order of COLUMNS: read in chunks, each in a session of its own."""
    actor.must(Permission.SEE_REPORTS)
    last, rule = 0, _rule(filters.year)
    while True:
        with sessions() as session:
            rows = session.execute(
                _people(actor, filters).where(Person.id > last).order_by(Person.id).limit(CHUNK)
            ).all()
        for row in rows:
            jp = _standing(row, filters.year, rule).jp
            told = (jp.earned, jp.recognised, jp.missing if jp.owes else None)
            yield (row.nip, row.name, row.code, row.unit, row.asn_kind.replace("_", " "), filters.year, *told)
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


def _people(actor: Actor, filters: AttainmentFilters) -> Select[*tuple[Any, ...]]:
    sums = _sums(actor, filters)
    return (
        select(
            Person.id,
            Person.public_id,
            Person.name,
            Person.nip,
            Person.asn_kind,
            Unit.code,
            Unit.name.label("unit"),
            func.coalesce(sums.c.earned, 0).label("earned"),
            func.coalesce(sums.c.counted, 0).label("counted"),
        )
        .outerjoin(sums, sums.c.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(*_kept(actor, filters), *_in_state(sums, filters))
    )


def _standing(row: Any, year: int, rule: JpRule) -> Standing:
    jp = YearlyJp(year, int(row.earned), int(row.counted), row.asn_kind, rule)
    return Standing(row.public_id, row.name, row.nip, row.code, row.unit, jp)


_OWES = not_(Person.asn_kind.startswith("PPPK"))


def _sums(actor: Actor, filters: AttainmentFilters) -> Subquery:
    """Each person's JP of the year. Of everybody they are read from an index alone, of a part through its people."""
    sums = select(
        LedgerLine.person_id,
        func.sum(LedgerLine.jp_earned).label("earned"),
        func.sum(LedgerLine.jp_recognised).label("counted"),
    ).where(LedgerLine.year == filters.year)
    if filters.unit is not None or not actor.everywhere:
        sums = sums.where(LedgerLine.person_id.in_(select(Person.id).where(*_kept(actor, filters))))
    return sums.group_by(LedgerLine.person_id).subquery("sums")


def _kept(actor: Actor, filters: AttainmentFilters) -> Sequence[ColumnElement[bool]]:
    """The conditions on Person; the actor's reach is always one of them. Only who has an NIP is an ASN of ours."""
    kept = [in_scope(actor), Person.status == "active", Person.nip.is_not(None)]
    return [*kept, works_below(filters.unit)] if filters.unit else kept


def _reached(sums: Subquery, year: int) -> ColumnElement[bool]:
    return _OWES & (func.coalesce(sums.c.counted, 0) >= _least(year))


def _behind(sums: Subquery, year: int) -> ColumnElement[bool]:
    return _OWES & (func.coalesce(sums.c.counted, 0) * 2 < _least(year))


def _in_state(sums: Subquery, filters: AttainmentFilters) -> Sequence[ColumnElement[bool]]:
    match filters.state:
        case "sudah":
            return [_reached(sums, filters.year)]
        case "belum":
            return [_OWES, not_(_reached(sums, filters.year))]
        case "separuh":
            return [_behind(sums, filters.year)]
        case "pppk":
            return [not_(_OWES)]
        case _:
            return []


def _least(year: int) -> int:
    return _rule(year).least_jp_pns


def _rule(year: int) -> JpRule:
    return settings().jp_rule(date(year, 12, 31))
