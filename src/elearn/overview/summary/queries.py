"""What a head is told of the people of his or her part of the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from elearn.overview.attainment.months import MonthlyJp, jp_by_month
from elearn.overview.attainment.queries import AttainmentFilters, attainment
from elearn.overview.attainment.rules import Tally, branches, together
from elearn.overview.outcomes.queries import how_many_classes
from elearn.people.access.actor import Actor
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import units_in_scope


@dataclass(frozen=True)
class Summary:
    """A year as it stands. `counted_at` says when, where it was counted beforehand.

    `units` are the top one and those directly below it, the smallest share first; `trend` is empty while it is to be
    counted still.
    """

    year: int
    top: str
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


def summary(session: Session, actor: Actor, today: date) -> Summary:
    """Five statements at most, however many people and units."""
    found = attainment(session, actor, AttainmentFilters(today.year))
    units = units_in_scope(session, actor, closed=True)
    here = {unit.id for unit in units}
    return Summary(
        today.year,
        ", ".join(unit.name for unit in units if unit.parent_id not in here and unit.active),
        together(list(found.tallies.values())),
        branches(units, found.tallies, None),
        jp_by_month(session, actor, today, beforehand=found.counted_at is not None),
        how_many_classes(session, actor, today.year),
        found.counted_at,
    )
