"""Who has how many JP in a year, kept to the people whom the actor looks after.

In the present year a person stands where he or she works now, in a past one in the unit held at its end, with all that
was learned in the year, wherever that was. Transfers, retirements and new employments leave past years as they were.

Up to MANY people are counted while the page waits. Of more the page tells what a job counted beforehand, and when, and
names them by name: nobody can wait until the accounts of a million people are summed and put in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, case, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from elearn.foundation.database import SessionMaker
from elearn.foundation.settings import JpRule, settings
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Page, nearest
from elearn.overview.attainment.models import AttainmentCount
from elearn.overview.attainment.rules import Tally, together
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import GUEST, Person
from elearn.people.accounts.places import NOW, near, places_on, places_one_by_one
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_in_scope
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import last_line_in
from elearn.recognition.learning_hours.rules import YearlyJp

ROWS = 50
# As many rows as a chunk of an export reads at once: the database is let go in between.
CHUNK = 2_000
# So many people are counted in a tenth of a second of CPU time.
MANY = 20_000


@dataclass(frozen=True)
class AttainmentFilters:
    """Which people are asked about; the unit takes in its subtree. `state` is a word of forms.State.

    `directly` leaves out what stands below the unit; without a unit it means people who have none. `stood_on` is the
    last day of a past year, as rules.closing_day tells; without it people stand where they work now.
    """

    year: int
    unit: Unit | None = None
    state: str = ""
    stood_on: date | None = None
    directly: bool = False

    @property
    def places(self) -> list[ColumnElement[bool]]:
        """The condition on Unit, where a unit is asked for."""
        if self.unit is None:
            return []
        below = Unit.path.startswith(self.unit.path, autoescape=True)
        return [Unit.id == self.unit.id if self.directly else below]


class Attainment(NamedTuple):
    """Counts by the id of the very unit in which people stand; None for people without one.

    `counted_at` says when, where they were counted beforehand.
    """

    tallies: dict[int | None, Tally]
    counted_at: datetime | None = None


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


def attainment(session: Session, actor: Actor, filters: AttainmentFilters) -> Attainment:
    """How the units stand, counted now or, of many people, beforehand: one or two statements."""
    return counted_beforehand(session, actor, filters) or Attainment(tallies(session, actor, filters))


def counted_beforehand(session: Session, actor: Actor, filters: AttainmentFilters) -> Attainment | None:
    """How the units stood when a job counted them; None where there are few people or they are not counted yet."""
    actor.must(Permission.SEE_REPORTS)
    wanted = (
        select(AttainmentCount)
        .outerjoin(Unit, Unit.id == AttainmentCount.unit_id)
        .where(AttainmentCount.year == filters.year, unit_in_scope(actor))
    )
    wanted = wanted.where(*filters.places)
    if filters.directly and filters.unit is None:
        wanted = wanted.where(AttainmentCount.unit_id.is_(None))
    found = session.scalars(wanted).all()
    kept = {each.unit_id: Tally(each.owing, each.reached, each.behind, each.others) for each in found}
    if together(list(kept.values())).people <= MANY:
        return None
    return Attainment(kept, min(each.counted_at for each in found))


def tallies(session: Session, actor: Actor, filters: AttainmentFilters) -> dict[int | None, Tally]:
    """Counts by the id of the very unit in which people stand; None for people without one: one statement."""
    actor.must(Permission.SEE_REPORTS)
    crowd = _Crowd(actor, filters)
    counted = crowd.counted
    rows = session.execute(
        crowd.with_sums(
            select(
                crowd.unit_id.label("stands_in"),
                func.sum(case((crowd.owes, 1), else_=0)),
                func.sum(case((crowd.reached(counted), 1), else_=0)),
                func.sum(case((crowd.behind(counted), 1), else_=0)),
                func.sum(case((crowd.owes, 0), else_=1)),
            )
        )
        .where(*crowd.kept)
        .group_by("stands_in")
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


def standings_by_name(
    session: Session, actor: Actor, filters: AttainmentFilters, number: int, total: int
) -> Page[Standing]:
    """The first MANY of many people, by name; `total` is what was counted beforehand. One statement.

    Each account is summed when its person's turn comes, so a page costs the same however many there are.
    """
    actor.must(Permission.SEE_REPORTS)
    total = min(total, MANY)
    number = nearest(number, total, ROWS)
    found = _one_by_one(actor, filters)
    by_name, rule = found.order_by(Person.name, Person.id), _rule(filters.year)
    rows = session.execute(by_name.limit(ROWS).offset((number - 1) * ROWS)).all()
    return Page([_standing(row, filters.year, rule) for row in rows], number, ROWS, total)


def how_many(session: Session, actor: Actor, filters: AttainmentFilters, *, most: int | None = None) -> int:
    """How many people the filters keep; where `most` is given, nobody is counted beyond."""
    actor.must(Permission.SEE_REPORTS)
    if filters.state or (filters.stood_on and most is None):
        people = _people(actor, filters)
    else:
        # Nobody's account has to be summed.
        crowd = _Crowd(actor, filters, one_by_one=True)
        people = crowd.joined(select(Person.id)).where(*crowd.kept)
    return session.scalar(select(func.count()).select_from(people.limit(most).subquery())) or 0


def every_standing(sessions: SessionMaker, actor: Actor, filters: AttainmentFilters) -> Iterator[Sequence[Any]]:
    """The rows of a file, in the order of COLUMNS: read in chunks, each in a session of its own."""
    actor.must(Permission.SEE_REPORTS)
    last, rule = 0, _rule(filters.year)
    # No chunk puts everybody's year together for the sake of its few.
    found = _one_by_one(actor, filters).order_by(Person.id).limit(CHUNK)
    while True:
        with sessions() as session:
            rows = session.execute(found.where(Person.id > last)).all()
        for row in rows:
            jp = _standing(row, filters.year, rule).jp
            told = (jp.earned, jp.recognised, jp.missing if jp.owes else None)
            yield (row.nip, row.name, row.code, row.unit, row.asn_kind.replace("_", " "), filters.year, *told)
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


def _people(actor: Actor, filters: AttainmentFilters) -> Select[*tuple[Any, ...]]:
    crowd = _Crowd(actor, filters)
    told = _told(crowd, func.coalesce(crowd.sums.c.earned, 0), crowd.counted)
    return crowd.with_sums(told).where(*crowd.kept, *crowd.in_state(crowd.counted))


def _one_by_one(actor: Actor, filters: AttainmentFilters) -> Select[*tuple[Any, ...]]:
    crowd = _Crowd(actor, filters, one_by_one=True)
    earned, counted = (_own_sum(column, filters.year) for column in (LedgerLine.jp_earned, LedgerLine.jp_recognised))
    return crowd.joined(_told(crowd, earned, counted)).where(*crowd.kept, *crowd.in_state(counted))


def _told(crowd: "_Crowd", earned: ColumnElement[int], counted: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    return select(
        Person.id,
        Person.public_id,
        Person.name,
        Person.nip,
        crowd.asn_kind.label("asn_kind"),
        crowd.unit.code,
        crowd.unit.name.label("unit"),
        earned.label("earned"),
        counted.label("counted"),
    )


def _standing(row: Any, year: int, rule: JpRule) -> Standing:
    jp = YearlyJp(year, int(row.earned), int(row.counted), row.asn_kind, rule)
    return Standing(row.public_id, row.name, row.nip, row.code, row.unit, jp)


class _Crowd:
    """Whom the filters keep, where they stand and what they are: the parts of one statement about Person.

    Of a past year the kind of employment is that of its last day; where that was not kept yet, of the last line that
    was written in it, else the present one. Who tells of few of many looks people up `one_by_one`, when their turn
    comes, without the sums.
    """

    def __init__(self, actor: Actor, filters: AttainmentFilters, *, one_by_one: bool = False) -> None:
        self.filters, self.least = filters, _rule(filters.year).least_jp_pns
        units = select(Unit.id).where(unit_in_scope(actor), *filters.places)
        part = filters.unit is not None or not actor.everywhere
        there = [near(units, ever=filters.stood_on is not None)] if part else []
        self.sums = _sums(filters.year, there)
        self.counted = func.coalesce(self.sums.c.counted, 0)
        self.places, self.asn_kind = NOW, NOW.asn_kind
        if filters.stood_on:
            day = filters.stood_on
            self.places = places_one_by_one(day) if one_by_one else places_on(day, there)
            told = _kind_then(filters.year) if one_by_one else self._kind()
            self.asn_kind = func.coalesce(self.places.asn_kind, told, Person.asn_kind)
        self.unit_id, self.unit = self.places.unit_id, aliased(Unit)
        self.owes = not_(self.asn_kind.startswith("PPPK"))
        ours = self.places.in_service, Person.nip.is_not(None), self.asn_kind != GUEST
        self.kept: list[ColumnElement[bool]] = [*ours, *there]
        if part:
            self.kept.append(self.unit_id.in_(units))
        if filters.directly and filters.unit is None:
            self.kept.append(self.unit_id.is_(None))

    def _kind(self) -> ColumnElement[str]:
        # Hardly anybody was two things in a year: only of them the lines themselves have to be read.
        sums = self.sums.c
        return case((sums.one_kind == sums.other_kind, sums.one_kind), else_=_kind_then(self.filters.year))

    def joined(self, people: Select[Any]) -> Select[Any]:
        """The statement with the place of each person and its unit."""
        return self.places.joined(people.select_from(Person)).outerjoin(self.unit, self.unit.id == self.unit_id)

    def with_sums(self, people: Select[Any]) -> Select[Any]:
        """The same with each person's JP of the year."""
        return self.joined(people).outerjoin(self.sums, self.sums.c.person_id == Person.id)

    def reached(self, counted: ColumnElement[int]) -> ColumnElement[bool]:
        return self.owes & (counted >= self.least)

    def behind(self, counted: ColumnElement[int]) -> ColumnElement[bool]:
        return self.owes & (counted * 2 < self.least)

    def in_state(self, counted: ColumnElement[int]) -> Sequence[ColumnElement[bool]]:
        match self.filters.state:
            case "sudah":
                return [self.reached(counted)]
            case "belum":
                return [self.owes, not_(self.reached(counted))]
            case "separuh":
                return [self.behind(counted)]
            case "pppk":
                return [not_(self.owes)]
            case _:
                return []


def _sums(year: int, there: Sequence[ColumnElement[bool]]) -> Subquery:
    """Each person's JP of the year. Of everybody they are read from an index alone, of a part through its people."""
    sums = select(
        LedgerLine.person_id,
        func.sum(LedgerLine.jp_earned).label("earned"),
        func.sum(LedgerLine.jp_recognised).label("counted"),
        func.min(LedgerLine.asn_kind).label("one_kind"),
        func.max(LedgerLine.asn_kind).label("other_kind"),
    ).where(LedgerLine.year == year)
    if there:
        sums = sums.where(LedgerLine.person_id.in_(select(Person.id).where(*there)))
    return sums.group_by(LedgerLine.person_id).subquery("sums")


def _kind_then(year: int) -> ColumnElement[str]:
    last = aliased(LedgerLine)
    return select(last.asn_kind).where(last.id == last_line_in(year)).correlate(Person).scalar_subquery()


def _own_sum(column: InstrumentedAttribute[int], year: int) -> ColumnElement[int]:
    mine = select(func.coalesce(func.sum(column), 0)).where(LedgerLine.person_id == Person.id, LedgerLine.year == year)
    return mine.correlate(Person).scalar_subquery()


def _rule(year: int) -> JpRule:
    return settings().jp_rule(date(year, 12, 31))
