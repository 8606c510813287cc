"""How sums are put together, and what an export asks for. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.tables import XLSX_ROWS
from elearn.people.organisation.models import Unit

Format = Literal["xlsx", "csv", "json"]
Key = TypeVar("Key", int, str)

# A file about more people than this asks for a reason and the password (QUALITY E4).
ASKS_ABOVE = 500


class Sum(NamedTuple):
    """Completions and JP of one course, unit or month."""

    completions: int
    jp: int


NOTHING = Sum(0, 0)


def together(*sums: Sum) -> Sum:
    """One sum of several."""
    return Sum(sum(each.completions for each in sums), sum(each.jp for each in sums))


def by_branch(
    units: Sequence[Unit], sums: Mapping[int | None, Sum], chosen: Unit | None
) -> list[tuple[Unit | None, Sum]]:
    """The sums of whole subtrees: of the chosen unit and each unit directly below it; None stands for no unit.

    Without a choice the tops of `units` are meant; a lone top is as good as chosen. Most completions first, units
    without any by name at the end; closed units only when they have some.
    """
    here = {unit.id for unit in units}
    tops = [chosen] if chosen else [unit for unit in units if unit.parent_id not in here]
    top = tops[0] if len(tops) == 1 else None
    branches = [top, *(unit for unit in units if unit.parent_id == top.id)] if top else tops
    found: dict[int | None, list[Sum]] = {branch.id: [] for branch in branches if branch}
    for unit in units:
        if (own := sums.get(unit.id)) is not None:
            place = next((number for number in _way_up(unit) if number in found), None)
            if place is not None:
                found[place].append(own)
    rows: list[tuple[Unit | None, Sum]] = [
        (branch, together(*found[branch.id])) for branch in branches if branch and (branch.active or found[branch.id])
    ]
    if top and top.id not in sums:
        rows = [row for row in rows if row[0] is not top]
    if None in sums:
        rows.append((None, sums[None]))
    return sorted(rows, key=lambda row: (-row[1].completions, row[0].name if row[0] else "\uffff"))


def _way_up(unit: Unit) -> list[int]:
    return [int(part) for part in reversed(unit.path.strip("/").split("/"))]


def without_gaps(sums: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    """Every month from the first to the last, as `2026-11`."""
    if not sums:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(sums), max(sums)))
    months = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]
    return [(month, sums.get(month, NOTHING)) for month in months]


def check_fits(form: Format, rows: int) -> None:
    """Refuse a workbook that no spreadsheet opens."""
    if form == "xlsx" and rows > XLSX_ROWS:
        raise Invalid(_("Tabel ini terlalu panjang untuk Excel. Persempit saringannya atau unduh sebagai CSV."))


def check_reason(people: int, reason: str) -> None:
    """A file about many people needs a reason that an auditor can read."""
    if people > ASKS_ABOVE and len(reason) < 10:
        said = _("Tulis alasannya dalam beberapa kata, paling pendek 10 huruf.")
        raise Invalid(said, {"reason": said})
