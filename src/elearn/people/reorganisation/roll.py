"""Rows of a file as drafts of units: each cell read and judged by itself. Pure; knows no database."""

from dataclasses import dataclass, field
from datetime import date, datetime

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _
from elearn.foundation.sheets import Sheet, SheetRow
from elearn.people.organisation.forms import readable_code
from elearn.people.organisation.models import UNIT_KINDS
from elearn.people.organisation.rules import KIND_NAMES

_COLUMNS = {
    "code": ("kode", "kodeunit", "code"),
    "parent": ("kodeinduk", "induk", "kodeunitinduk", "parent", "parentcode"),
    "name": ("nama", "namaunit", "unornama", "name"),
    "short_name": ("namapendek", "singkatan", "shortname"),
    "kind": ("jenis", "jenisunit", "kind"),
    "unor": ("siasnunorid", "unorid", "idunor"),
    "since": ("berlakusejak", "sejak", "validfrom"),
    "until": ("berlakusampai", "sampai", "validto"),
}
LABELS = {
    "code": N_("Kode"),
    "parent": N_("Kode induk"),
    "name": N_("Nama"),
    "short_name": N_("Nama pendek"),
    "kind": N_("Jenis"),
    "unor": N_("unorId SIASN"),
    "since": N_("Berlaku sejak"),
    "until": N_("Berlaku sampai"),
}
_NEEDED = ("code", "parent", "name")
_LONGEST = {"code": 40, "name": 200, "short_name": 60, "unor": 40}
_DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class Draft:
    """What one row says of one unit; what a cell leaves blank is None."""

    number: int
    code: str
    parent: str
    name: str
    short_name: str | None = None
    kind: str | None = None
    unor: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Refused:
    """A row that is left out, with every reason; `number` is its line in the person's file."""

    number: int
    code: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Roll:
    """A whole file read."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_roll(sheet: Sheet, today: date) -> Roll:
    """Read every row. Raises Invalid when a needed column is missing."""
    by_word = {_bare(header): place for place, header in reversed(list(enumerate(sheet.headers)))}
    places = {
        key: next(by_word[word] for word in words if word in by_word)
        for key, words in _COLUMNS.items()
        if any(word in by_word for word in words)
    }
    missing = [_(LABELS[key]) for key in _NEEDED if key not in places]
    if missing:
        raise Invalid(_("Kolom ini tidak ada: %(columns)s. Unduh templatnya.", columns=", ".join(missing)))
    roll, first_lines = Roll(), {"code": dict[str, int](), "unor": dict[str, int]()}
    for row in sheet.rows:
        _read_row(roll, places, row, first_lines, today)
    return roll


def _read_row(
    roll: Roll, places: dict[str, int], row: SheetRow, first_lines: dict[str, dict[str, int]], today: date
) -> None:
    cells = {key: row.values[place].strip() for key, place in places.items()}
    cells = {key: "" if cell in ("-", "null", "NULL") else cell for key, cell in cells.items()}
    reasons = _shape_problems(cells)
    days = {}
    for key in ("since", "until"):
        days[key] = _day(cells.get(key, ""))
        if cells.get(key) and days[key] is None:
            reasons.append(_("%(what)s %(day)s tidak terbaca.", what=_(LABELS[key]), day=cells[key][:20]))
    if any(day and day > today for day in days.values()):
        reasons.append(_("Tanggal itu belum tiba. Impor lagi pada harinya."))
    if days["since"] and days["until"] and days["until"] < days["since"]:
        reasons.append(_("Berlaku sampai mendahului berlaku sejak."))
    code, unor = cells["code"].upper(), cells.get("unor", "").upper()
    for key, value in (("code", code), ("unor", unor)):
        if value and (line := first_lines[key].setdefault(value, row.number)) != row.number:
            what = _(LABELS[key])
            reasons.append(_("%(what)s sama dengan baris %(line)s. Hapus salah satunya.", what=what, line=line))
    if reasons:
        roll.refused.append(Refused(row.number, cells["code"][:40], cells["name"][:200], tuple(reasons)))
        return
    roll.drafts.append(
        Draft(
            row.number,
            code,
            cells["parent"].upper(),
            cells["name"],
            cells.get("short_name") or None,
            kind_of(cells.get("kind", "")),
            unor or None,
            days["since"],
            days["until"],
        )
    )


def _shape_problems(cells: dict[str, str]) -> list[str]:
    reasons = []
    for key in ("code", "name"):
        if not cells[key]:
            reasons.append(_("%(what)s belum diisi.", what=_(LABELS[key])))
    for key, cell in cells.items():
        if len(cell) > _LONGEST.get(key, 200):
            reasons.append(_("%(what)s lebih panjang dari %(n)s huruf.", what=_(LABELS[key]), n=_LONGEST.get(key, 200)))
        if cell.startswith(("=", "@")) or any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in cell):
            reasons.append(_("Kolom %(what)s berisi rumus. Tempel sebagai nilai.", what=_(LABELS[key])))
    if cells["code"]:
        try:
            readable_code(cells["code"])
        except ValueError as wrong:
            reasons.append(str(wrong))
    if cells.get("kind") and kind_of(cells["kind"]) is None:
        known = ", ".join(UNIT_KINDS)
        reasons.append(_("Jenis %(kind)s tidak dikenal. Pakai salah satu: %(known)s.", kind=cells["kind"], known=known))
    return reasons


def kind_of(text: str) -> str | None:
    """A kind by its key or its name, or the first word of it: "Bagian" is a bidang, "Subbagian" a seksi."""
    word = text.strip().lower()
    others = {"bagian": "bidang", "subbagian": "seksi", "dinas": "opd", "badan": "opd"}
    names = {_(name).lower(): key for key, name in KIND_NAMES.items()}
    found = word if word in UNIT_KINDS else names.get(word, others.get(word))
    return found or None


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    return None


def _bare(header: str) -> str:
    return "".join(sign for sign in header.lower() if sign.isalnum())
