"""What an import would do: drafts held beside the people and units that are there. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from elearn.foundation.i18n import _, format_date
from elearn.people.access.permissions import Role
from elearn.people.accounts import nip as numbers
from elearn.people.accounts.models import Person
from elearn.people.accounts.rules import (
    LEAVING_REASONS,
    POSITION_KIND_NAMES,
    ROLE_NAMES,
    Present,
    change_problem,
    day_problem,
    leaving_problem,
    outgrows,
)
from elearn.people.imports.roll import Draft, Refused, Roll, Warned
from elearn.people.organisation.models import Unit

PLAIN = (
    "name",
    "title_before",
    "title_after",
    "asn_kind",
    "position",
    "position_kind",
    "rank",
    "phone",
    "email",
    "siasn_id",
    "status",
)
"""Fields that are taken over as they are; the unit is looked up."""
MOVES = {"unit_id", "position", "asn_kind"}
"""What holds since a day (TMT)."""
_UNOR = "unor:"


@dataclass(frozen=True)
class Newcomer:
    """A row about somebody who is not there yet."""

    number: int
    nip: str
    name: str
    values: dict[str, str]
    unit_id: int | None
    since: date | None


@dataclass(frozen=True)
class Change:
    """A row that says something else of a person than what is known; `before` and `after` hold what differs.

    `shown` has the same as field, old and new words, with the units' names. `since` is the TMT of a new place, position
    or employment, or of leaving; none is today.
    """

    number: int
    person_id: int
    public_id: str
    nip: str
    name: str
    before: dict[str, str | int | None]
    after: dict[str, str | int | None]
    shown: tuple[tuple[str, str, str], ...]
    since: date | None
    was_called: str
    was_employed: str
    was_out: bool

    @property
    def moves(self) -> bool:
        return bool(self.after.keys() & MOVES) and not self.was_out

    @property
    def leaves(self) -> bool:
        return self.after.get("status") == "left"

    @property
    def changes_unit(self) -> tuple[int | None, int | None] | None:
        """The unit before and the one after, of who goes on working; None for everybody else."""
        if "unit_id" not in self.after or not self.moves or self.leaves:
            return None
        before, after = self.before["unit_id"], self.after["unit_id"]
        return (before if isinstance(before, int) else None, after if isinstance(after, int) else None)


@dataclass(frozen=True)
class Check:
    """What an import would do. Every row of the file is in exactly one of the first four."""

    headers: list[str]
    new: list[Newcomer] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each sort."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "refused": len(self.refused),
            "warnings": len(self.warnings),
        }

    @property
    def writes(self) -> int:
        """Rows that would be written."""
        return len(self.new) + len(self.changed)


@dataclass(frozen=True)
class Known:
    """What is there: people by NIP and by SIASN's id, the person who has an e-mail, units by id, which units the
    actor may fill, today (WIB), since when people are in their places and which roles they hold over which units, by
    id, and who the actor is."""

    people: Mapping[str, Person]
    by_siasn: Mapping[str, Person]
    email_owners: Mapping[str, int]
    units: Mapping[int, Unit]
    may_fill: Callable[[str], bool]
    today: date
    present: Mapping[int, Present]
    over: Mapping[int, Sequence[tuple[str, Unit]]]
    importer: int | None = None


def compare(roll: Roll, known: Known) -> Check:
    """Hold every draft beside what is there."""
    check = Check(roll.headers, refused=list(roll.refused), warnings=list(roll.warnings))
    places = _places(known)
    for draft in roll.drafts:
        _judge(check, draft, known, places)
    check.refused.sort(key=lambda row: row.number)
    check.warnings.sort(key=lambda row: row.number)
    return check


def _places(known: Known) -> dict[str, list[Unit]]:
    """Open units within reach by code and by name; a code wins over a name."""
    found: dict[str, list[Unit]] = {}
    open_units = [unit for unit in known.units.values() if unit.active and known.may_fill(unit.path)]
    for unit in open_units:
        for word in {_word(unit.name), _word(unit.short_name)} - {""}:
            found.setdefault(word, []).append(unit)
    found.update({_word(unit.code): [unit] for unit in open_units})
    # No code begins so, and no name of a unit is likely to.
    found.update({f"{_UNOR}{_word(unit.siasn_unor_id)}": [unit] for unit in open_units if unit.siasn_unor_id})
    return found


def _word(text: str) -> str:
    return " ".join(text.lower().split())


def _judge(check: Check, draft: Draft, known: Known, places: Mapping[str, list[Unit]]) -> None:
    same = known.by_siasn.get(draft.values.get("siasn_id", ""))
    # A changed NIP finds its person by the id that never changes.
    person = known.people.get(draft.nip) or same
    values = dict(draft.values)
    units, reasons = _unit_of(values, places)
    reasons += _mix_ups(draft, person, same)
    owner = known.email_owners.get(values.get("email", ""))
    if owner is not None and (person is None or owner != person.id):
        reasons.append(_("Surel %(email)s sudah dipakai pegawai lain.", email=values["email"]))
    if person is None and not values.get("name"):
        reasons.append(_("Nama belum diisi."))
    if values.get("status") == "left" and person is None:
        reasons.append(_("Sudah pensiun atau berhenti, dan belum tercatat di sini."))
    if values.get("status") == "left" and person is not None and person.id == known.importer:
        reasons.append(_("Ini akun Anda sendiri. Mintalah admin kabupaten lain melakukannya."))
    if not known.may_fill(_path_of(known, person.unit_id if person else units[0].id if units else None)):
        reasons.append(_("Pegawai ini di luar unit yang Anda kelola."))
    unit = units[0] if units else None
    tmt = values.pop("tmt", "")
    since = date.fromisoformat(tmt) if tmt else None
    change = _held_beside(draft, values, unit, person, known, since) if person else None
    if since and (sentence := _too_soon_or_late(since, draft.nip, change, person, known)):
        reasons.append(sentence)
    if reasons:
        name = values.get("name") or (person.name if person else "")
        check.refused.append(Refused(draft.number, draft.nip, name, tuple(reasons), draft.cells))
    elif person is None:
        _welcome(check, draft, values, unit, since)
    else:
        if not person.active and values.get("status") != "left":
            sentence = _("Akun ini tidak aktif dan tetap tidak aktif.")
            check.warnings.append(Warned(draft.number, draft.nip, person.name, sentence))
        if change is None:
            check.unchanged.append(draft.number)
        else:
            check.changed.append(change)
            check.warnings.extend(_roles_that_end(change, known))


def _roles_that_end(change: Change, known: Known) -> list[Warned]:
    """What importing takes from somebody who moves out of a unit over which he or she holds a role."""
    if change.changes_unit is None:
        return []
    paths = [_path_of(known, unit_id) for unit_id in change.changes_unit]
    return [
        Warned(
            change.number,
            change.nip,
            change.name,
            _(
                "Peran %(role)s atas %(unit)s dicabut, karena ia pindah.",
                role=_(ROLE_NAMES[Role(role)]),
                unit=unit.name,
            ),
        )
        for role, unit in known.over.get(change.person_id, ())
        if outgrows(unit.path, *paths)
    ]


def _too_soon_or_late(since: date, nip: str, change: Change | None, person: Person | None, known: Known) -> str | None:
    """Why a TMT cannot be; whose row moves nobody and lets nobody go may name any day."""
    if person is None:
        return day_problem(since, known.today, nip)
    if change is None or not (change.moves or change.leaves):
        return None
    problem = leaving_problem if change.leaves else change_problem
    return problem(since, known.today, nip, known.present.get(person.id))


def _unit_of(values: dict[str, str], places: Mapping[str, list[Unit]]) -> tuple[list[Unit], list[str]]:
    """The unit that a row names, by SIASN's id if that is known here, else by code or name; takes both out."""
    wanted, unor = values.pop("unit", ""), values.pop("unor", "")
    if unor and (by_id := places.get(f"{_UNOR}{_word(unor)}")):
        return by_id, []
    if unor and not wanted:
        sentence = _("unorId %(id)s tidak dikenal. Isi dahulu pada unitnya, lewat impor unit.", id=unor[:40])
        return [], [sentence]
    units = places.get(_word(wanted), []) if wanted else []
    if wanted and not units:
        return [], [_("Unit %(unit)s tidak dikenal. Pakai kode atau nama persisnya.", unit=wanted[:80])]
    if len(units) > 1:
        return units, [_("%(n)s unit bernama %(unit)s. Pakai kodenya.", n=len(units), unit=wanted[:80])]
    return units, []


def _mix_ups(draft: Draft, person: Person | None, same: Person | None) -> list[str]:
    """What is wrong where NIP and SIASN's id do not lead to one person."""
    if person is None:
        return []
    if same is not None and same.id != person.id:
        return [_("NIP ini milik %(one)s, pnsOrangId milik %(other)s.", one=person.name, other=same.name)]
    if same is None and person.siasn_id and "siasn_id" in draft.values:
        return [_("pnsOrangId berbeda dari yang tercatat untuk NIP ini. Periksa keduanya.")]
    return []


def _path_of(known: Known, unit_id: int | None) -> str:
    unit = known.units.get(unit_id) if unit_id is not None else None
    return unit.path if unit else "/"


def _welcome(check: Check, draft: Draft, values: dict[str, str], unit: Unit | None, since: date | None) -> None:
    values.setdefault("asn_kind", "PPPK" if numbers.parse(draft.nip).kind is numbers.Kind.PPPK else "PNS")
    if unit is None:
        sentence = _("Tanpa unit kerja. Laporan OPD tidak memuat pegawai ini.")
        check.warnings.append(Warned(draft.number, draft.nip, values["name"], sentence))
    check.new.append(Newcomer(draft.number, draft.nip, values["name"], values, unit.id if unit else None, since))


def _told(key: str, old: str, new: str) -> tuple[str, str, str]:
    """A change in words; the state of an account stands in the column of kedudukan hukum."""
    if key == "status":
        return "standing", _("Aktif") if old == "active" else _("Ditangguhkan"), _("Sudah keluar")
    names = POSITION_KIND_NAMES if key == "position_kind" else {}
    return key, _(names[old]) if old in names else old, _(names[new]) if new in names else new


def _held_beside(
    draft: Draft, values: dict[str, str], unit: Unit | None, person: Person, known: Known, since: date | None
) -> Change | None:
    """What a row says otherwise than is known; None if nothing."""
    before: dict[str, str | int | None] = {}
    after: dict[str, str | int | None] = {}
    shown = []
    if draft.nip != person.nip:
        values["nip"] = draft.nip
    for key in ("nip", *PLAIN):
        old = getattr(person, key) or ""
        if key in values and values[key] != old:
            before[key], after[key] = old or None, values[key]
            shown.append(_told(key, old, values[key]))
    if "status" in after:
        before["left_as"], after["left_as"] = None, values.get("left_as", "")
        why = LEAVING_REASONS.get(values.get("left_as", ""), "")
        shown = [(*told[:2], f"{told[2]}: {_(why)}") if told[0] == "standing" and why else told for told in shown]
    if unit is not None and unit.id != person.unit_id:
        before["unit_id"], after["unit_id"] = person.unit_id, unit.id
        old_unit = known.units.get(person.unit_id) if person.unit_id is not None else None
        shown.append(("unit", old_unit.name if old_unit else "", unit.name))
    if not after:
        return None
    about = draft.number, person.id, person.public_id, draft.nip, person.name
    was = person.full_name, person.asn_kind, person.status == "left"
    change = Change(*about, before, after, tuple(shown), since, *was)
    if since is None:
        return change
    if not (change.moves or change.leaves):
        return replace(change, since=None)
    told = "tmt_left" if change.leaves else "tmt", "", format_date(since)
    return replace(change, shown=(*change.shown, told))
