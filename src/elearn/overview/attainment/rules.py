"""How counts of people are put together and told. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import by_branch


class Tally(NamedTuple):
    """How many people owe JP, have reached the year's least, are below half of it; and how many owe none (PPPK)."""

    owing: int = 0
    reached: int = 0
    behind: int = 0
    others: int = 0

    @property
    def people(self) -> int:
        return self.owing + self.others

    @property
    def share(self) -> int | None:
        """Whole percent of those who owe; None where nobody does."""
        return self.reached * 100 // self.owing if self.owing else None

    def in_state(self, state: str) -> int:
        """How many are in a state, by the words of forms.State; all of them without one."""
        counts = {"sudah": self.reached, "belum": self.owing - self.reached, "separuh": self.behind}
        return {**counts, "pppk": self.others}.get(state, self.people)


def together(tallies: Sequence[Tally]) -> Tally:
    """One tally of several."""
    return Tally(*(sum(column) for column in zip(*tallies, strict=True))) if tallies else Tally()


def branches(
    units: Sequence[Unit], own: Mapping[int | None, Tally], chosen: Unit | None
) -> list[tuple[Unit | None, Tally]]:
    """The tallies of whole subtrees, the smallest share first: there is most to do."""
    rows = [(unit, together(found)) for unit, found in by_branch(units, own, chosen)]
    return sorted(rows, key=lambda row: (row[1].share is None, row[1].share or 0, row[0].name if row[0] else "\uffff"))


def last_months(today: date, many: int = 12) -> list[date]:
    """The first days of so many months, the last of which is the day's own; the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - many + 1, last + 1)]
