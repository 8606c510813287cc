"""What a head is told of the people of his or her part of the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from elearn.overview.attainment.months import MonthlyJp, jp_by_month
from elearn.overview.attainment.queries import AttainmentFilters, attainment
from elearn.overview.attainment.rules import Tally, branches, last_months, together
from elearn.overview.outcomes.queries import how_many_classes
from elearn.people.access.actor import Actor
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import units_in_scope
from elearn.people.organisation.rules import lone_top


@dataclass(frozen=True)
class Summary:
    """A year as it stands. `counted_at` says when, where it was counted beforehand.

    `units` are the top one and those directly below it, the smallest share first; `trend` is of the months up to now or
    of a past year, and empty while it is to be counted still. `choices` are all units that may be asked for; `alone` is
    the one whose row tells of itself without what stands below it.
    """

    year: int
    past: bool
    top: str
    choices: Sequence[Unit]
    alone: Unit | None
    whole: Tally
    units: Sequence[tuple[Unit | None, Tally]]
    trend: Sequence[MonthlyJp]
    classes: int
    counted_at: datetime | None

    @property
    def jp_each(self) -> float | None:
        """JP recognised this year, of one person on average; None where that is not known."""
        if not self.trend or not self.whole.people:
            return None
        return round(sum(each.jp for each in self.trend if each.month.year == self.year) / self.whole.people, 1)


def summary(session: Session, actor: Actor, filters: AttainmentFilters, today: date) -> Summary:
    """Five statements at most, however many people and units."""
    found = attainment(session, actor, filters)
    units = units_in_scope(session, actor, closed=True)
    return Summary(
        filters.year,
        filters.year != today.year,
        filters.unit.name if filters.unit else _tops(units),
        units,
        lone_top(units, filters.unit),
        together(list(found.tallies.values())),
        branches(units, found.tallies, filters.unit),
        _trend(session, actor, filters, today, beforehand=found.counted_at is not None),
        how_many_classes(session, actor, filters.year, filters.unit),
        found.counted_at,
    )


def _tops(units: Sequence[Unit]) -> str:
    here = {unit.id for unit in units}
    return ", ".join(unit.name for unit in units if unit.parent_id not in here and unit.active)


def _trend(
    session: Session, actor: Actor, filters: AttainmentFilters, today: date, *, beforehand: bool
) -> Sequence[MonthlyJp]:
    """The last twelve months, or those of another year, which nothing counts beforehand."""
    if filters.year == today.year:
        return jp_by_month(session, actor, last_months(today), filters.unit, beforehand=beforehand)
    months = last_months(date(filters.year, 12, 1))
    return [] if beforehand else jp_by_month(session, actor, months, filters.unit, beforehand=False)
