"""Counts of duties, and the text that reminds of them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from elearn.foundation.i18n import _, format_date
from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import by_branch


class Tally(NamedTuple):
    """How many duties there are, how many are done, and how many are late."""

    all: int = 0
    done: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        return self.all - self.done

    @property
    def share(self) -> int | None:
        """Whole percent that are done; None where nobody owes anything."""
        return self.done * 100 // self.all if self.all else None


def together(tallies: Sequence[Tally]) -> Tally:
    """One tally of several."""
    return Tally(*(sum(column) for column in zip(*tallies, strict=True))) if tallies else Tally()


def branches(
    units: Sequence[Unit], own: Mapping[int | None, Tally], chosen: Unit | None
) -> list[tuple[Unit | None, Tally]]:
    """The tallies of whole subtrees where anybody owes anything, the smallest share first: there is most to do."""
    rows = [(unit, together(found)) for unit, found in by_branch(units, own, chosen)]
    owing = [row for row in rows if row[1].all]
    return sorted(owing, key=lambda row: (row[1].share or 0, row[0].name if row[0] else "\uffff"))


class Chased(NamedTuple):
    """Somebody of the chase: what is missing, in words."""

    name: str
    unit: str
    missing: str
    due_on: date | None
    late: bool


def chase(title: str, people: Sequence[Chased], address: str) -> str:
    """A message that names who has not finished what, by unit; people come in order of units."""
    lines = [_("Yth. Bapak/Ibu, program “%(title)s” belum selesai:", title=title)]
    unit = None
    for who in people:
        if who.unit != unit:
            unit = who.unit
            lines += ["", f"*{unit}*"]
        late = _(" (lewat tenggat)") if who.late else ""
        due = _(", tenggat %(day)s", day=format_date(who.due_on)) if who.due_on else ""
        lines.append(f"- {who.name}: {who.missing}{due}{late}")
    return "\n".join([*lines, "", _("Lanjutkan di %(address)s", address=address)])
