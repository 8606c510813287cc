"""What a file of units would do: drafts held beside the tree that is there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.foundation.i18n import _
from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import KIND_NAMES
from elearn.people.reorganisation.roll import Draft, Refused, Roll


@dataclass(frozen=True)
class Change:
    """A unit that is there and would become something else; `shown` has field, old and new words."""

    draft: Draft
    unit: Unit
    shown: tuple[tuple[str, str, str], ...]
    moves: bool
    closes: bool


@dataclass(frozen=True)
class Plan:
    """What importing would do, parents before what stands below them. Every row is in exactly one of these."""

    new: list[Draft] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "refused": len(self.refused),
        }

    @property
    def writes(self) -> int:
        return len(self.new) + len(self.changed)


@dataclass(frozen=True)
class Known:
    """The tree as it is: units by code, and how many people work in each very unit."""

    units: Mapping[str, Unit]
    people: Mapping[int, int]


def plan(roll: Roll, known: Known) -> Plan:
    """Hold every draft beside the tree; what stands on a refused row is refused as well."""
    found = Plan(refused=list(roll.refused))
    drafts = {draft.code: draft for draft in roll.drafts}
    codes = {unit.id: code for code, unit in known.units.items()}
    above = {code: codes.get(unit.parent_id or 0, "") for code, unit in known.units.items()}
    above |= {code: draft.parent for code, draft in drafts.items()}
    standing = {refused.code.upper(): False for refused in roll.refused if refused.code}
    for draft in sorted(roll.drafts, key=lambda each: (len(_way_up(each.code, above)), each.number)):
        reasons = _reasons(draft, known, drafts, above, standing)
        standing[draft.code] = not reasons
        if reasons:
            found.refused.append(Refused(draft.number, draft.code, draft.name, tuple(reasons)))
        else:
            _place(found, draft, known, codes)
    found.refused.sort(key=lambda row: row.number)
    return found


def _way_up(code: str, above: Mapping[str, str]) -> list[str]:
    """The codes above, nearest first; ends early where it would run in a circle."""
    way: list[str] = []
    while (code := above.get(code, "")) and code not in way:
        way.append(code)
    return way


def _reasons(
    draft: Draft,
    known: Known,
    drafts: Mapping[str, Draft],
    above: Mapping[str, str],
    standing: Mapping[str, bool],
) -> list[str]:
    unit = known.units.get(draft.code)
    reasons = []
    if draft.code in _way_up(draft.code, above):
        reasons.append(_("Unit ini berada di bawah dirinya sendiri. Periksa kode induknya."))
    elif draft.parent:
        parent = known.units.get(draft.parent)
        if standing.get(draft.parent) is False:
            reasons.append(_("Induknya %(code)s ditolak. Perbaiki induknya dahulu.", code=draft.parent))
        elif draft.parent not in drafts and parent is None:
            reasons.append(_("Kode induk %(code)s tidak dikenal.", code=draft.parent))
        elif draft.until is None and _closing(draft.parent, known, drafts):
            reasons.append(_("Induknya %(code)s sudah ditutup. Pilih induk lain.", code=draft.parent))
    elif not _is_top(draft, unit, known, drafts):
        reasons.append(_("Kode induk kosong. Hanya satu unit yang boleh teratas."))
    if unit is not None and not unit.active:
        reasons.append(_("Unit ini sudah ditutup. Pakai kode baru."))
    owner = next((each for each in known.units.values() if draft.unor and each.siasn_unor_id == draft.unor), None)
    if owner is not None and owner.code != draft.code:
        reasons.append(_("unorId ini milik %(name)s. Satu unorId untuk satu unit.", name=owner.name))
    if draft.until is not None:
        reasons += _against_closing(draft, unit, known, drafts, above)
    return reasons


def _closing(code: str, known: Known, drafts: Mapping[str, Draft]) -> bool:
    unit = known.units.get(code)
    return bool(unit and not unit.active) or (code in drafts and drafts[code].until is not None)


def _is_top(draft: Draft, unit: Unit | None, known: Known, drafts: Mapping[str, Draft]) -> bool:
    if known.units:
        return unit is not None and unit.parent_id is None
    return [each.code for each in drafts.values() if not each.parent] == [draft.code]


def _against_closing(
    draft: Draft, unit: Unit | None, known: Known, drafts: Mapping[str, Draft], above: Mapping[str, str]
) -> list[str]:
    if unit is None:
        return [_("Unit ini belum ada, jadi tidak dapat ditutup.")]
    reasons = []
    below = [code for code, parent in above.items() if parent == draft.code and not _closing(code, known, drafts)]
    if below:
        reasons.append(_("Masih ada unit di bawahnya: %(codes)s. Pindahkan dahulu.", codes=", ".join(below[:3])))
    if people := known.people.get(unit.id, 0):
        reasons.append(_("Masih ada %(n)s pegawai. Pindahkan mereka dahulu, lewat impor pegawai.", n=people))
    if unit.parent_id is None:
        reasons.append(_("Unit teratas tidak dapat ditutup."))
    return reasons


def _place(found: Plan, draft: Draft, known: Known, codes: Mapping[int, str]) -> None:
    unit = known.units.get(draft.code)
    if unit is None:
        found.new.append(draft)
        return
    parent = codes.get(unit.parent_id or 0, "")
    facts = (
        ("name", unit.name, draft.name),
        ("parent", parent, draft.parent),
        ("short_name", unit.short_name, unit.short_name if draft.short_name is None else draft.short_name),
        ("kind", _kind(unit.kind), _kind(draft.kind or unit.kind)),
        ("unor", unit.siasn_unor_id or "", draft.unor or unit.siasn_unor_id or ""),
        ("until", "", draft.until.isoformat() if draft.until else ""),
    )
    shown = tuple((key, old, new) for key, old, new in facts if old != new)
    if not shown:
        found.unchanged.append(draft)
        return
    found.changed.append(Change(draft, unit, shown, parent != draft.parent, draft.until is not None))


def _kind(key: str) -> str:
    return _(KIND_NAMES[key]) if key in KIND_NAMES else key
