"""Decisions about the unit tree."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import N_, _, format_date
from elearn.people.organisation.models import UNIT_KINDS, Unit

KIND_NAMES = {
    "instansi": N_("Instansi"),
    "opd": N_("OPD"),
    "bidang": N_("Bidang atau bagian"),
    "seksi": N_("Seksi atau subbagian"),
    "uptd": N_("UPTD"),
    "sekolah": N_("Sekolah"),
    "puskesmas": N_("Puskesmas"),
    "kecamatan": N_("Kecamatan"),
    "kelurahan": N_("Kelurahan"),
}
LONGEST_PATH = 255
Own = TypeVar("Own")


def check_kind(kind: str) -> None:
    """The kind is one of the list."""
    if kind not in UNIT_KINDS:
        sentence = _("Pilih salah satu dari daftar.")
        raise Invalid(sentence, {"kind": sentence})


def check_parent(unit: Unit, parent: Unit, deepest: int) -> None:
    """A unit may stand below `parent`; `deepest` is the length of the longest path in the unit's subtree."""
    if parent.path.startswith(unit.path):
        sentence = _("Unit tidak dapat dipindahkan ke bawah dirinya sendiri. Pilih unit di luar cabang ini.")
        raise Conflict(sentence, {"parent": sentence})
    check_open(parent, "parent")
    check_depth(deepest - len(unit.path) + len(f"{parent.path}{unit.id}/"))


def check_depth(length: int) -> None:
    """A path of this length still fits into its column."""
    if length > LONGEST_PATH:
        raise Conflict(_("Susunan unit menjadi terlalu dalam. Pilih induk yang lebih atas."))


def check_open(unit: Unit, field: str = "") -> None:
    """Nothing new is put into a closed unit."""
    if not unit.active:
        sentence = _("%(name)s sudah ditutup. Pilih unit lain.", name=unit.name)
        raise Conflict(sentence, {field: sentence} if field else None)


def check_day(day: date, begin: date, today: date, field: str = "since") -> None:
    """A change takes place between the beginning of the present state and today: the tree shows what is."""
    if day > today:
        sentence = _("Tanggal tidak boleh sesudah hari ini. Catat perubahan pada hari berlakunya.")
        raise Invalid(sentence, {field: sentence})
    if day < begin:
        sentence = _("Tanggal tidak boleh sebelum %(day)s, awal keadaan sekarang.", day=format_date(begin))
        raise Invalid(sentence, {field: sentence})


def last_day_before(day: date) -> date:
    """The last day of what a change on `day` ends."""
    return day - timedelta(days=1)


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Parents before their children, children by name; a unit whose parent is missing counts as a top."""
    units = list(units)
    known = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in sorted(units, key=lambda each: each.name.casefold()):
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[Unit] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        waiting += below.get(unit.id, [])[::-1]
    return found


def subtree_sums(units: Sequence[Unit], own: dict[int, int]) -> dict[int, int]:
    """For each unit, its own count and those of all units below, by the paths."""
    sums = dict.fromkeys((unit.id for unit in units), 0)
    for unit in units:
        count = own.get(unit.id, 0)
        for part in unit.path.strip("/").split("/") if count else ():
            if int(part) in sums:
                sums[int(part)] += count
    return sums


def by_branch(
    units: Sequence[Unit], own: Mapping[int | None, Own], chosen: Unit | None
) -> list[tuple[Unit | None, list[Own]]]:
    """What stands in whole subtrees: of the chosen unit and each unit directly below it; None stands for no unit.

    `own` is what stands in each very unit. Without a choice the tops of `units` are meant; a lone top is as good as
    chosen. Closed units come only when something stands in them.
    """
    tops = _tops(units, chosen)
    top = lone_top(units, chosen)
    branches = [top, *(unit for unit in units if unit.parent_id == top.id)] if top else tops
    found: dict[int | None, list[Own]] = {branch.id: [] for branch in branches if branch}
    for unit in units:
        if (one := own.get(unit.id)) is not None:
            place = next((number for number in _way_up(unit) if number in found), None)
            if place is not None:
                found[place].append(one)
    rows: list[tuple[Unit | None, list[Own]]] = [
        (branch, found[branch.id]) for branch in branches if branch and (branch.active or found[branch.id])
    ]
    if top and top.id not in own:
        rows = [row for row in rows if row[0] is not top]
    if None in own:
        rows.append((None, [own[None]]))
    return rows


def lone_top(units: Sequence[Unit], chosen: Unit | None) -> Unit | None:
    """The unit whose row in `by_branch` tells of itself alone, without what stands below it."""
    tops = _tops(units, chosen)
    return tops[0] if len(tops) == 1 else None


def _tops(units: Sequence[Unit], chosen: Unit | None) -> list[Unit]:
    here = {unit.id for unit in units}
    return [chosen] if chosen else [unit for unit in units if unit.parent_id not in here]


def _way_up(unit: Unit) -> list[int]:
    return [int(part) for part in reversed(unit.path.strip("/").split("/"))]
