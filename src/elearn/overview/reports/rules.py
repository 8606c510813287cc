"""How sums are put together. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import by_branch


class Sum(NamedTuple):
    """Completions and JP of one course, unit or month."""

    completions: int
    jp: int


NOTHING = Sum(0, 0)


def together(*sums: Sum) -> Sum:
    """One sum of several."""
    return Sum(sum(each.completions for each in sums), sum(each.jp for each in sums))


def of_branches(
    units: Sequence[Unit], sums: Mapping[int | None, Sum], chosen: Unit | None
) -> list[tuple[Unit | None, Sum]]:
    """The sums of whole subtrees, most completions first, units without any by name at the end."""
    rows = [(unit, together(*found)) for unit, found in by_branch(units, sums, chosen)]
    return sorted(rows, key=lambda row: (-row[1].completions, row[0].name if row[0] else "\uffff"))


def without_gaps(sums: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    """Every month from the first to the last, as `2026-11`."""
    if not sums:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(sums), max(sums)))
    months = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]
    return [(month, sums.get(month, NOTHING)) for month in months]
