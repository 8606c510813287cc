"""Rows of a file as drafts of people: each cell read, cleaned and judged by itself. Pure; knows no database."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from elearn.foundation.i18n import _
from elearn.foundation.sheets import Sheet, SheetRow
from elearn.people.accounts import nip as numbers
from elearn.people.accounts.models import POSITION_KINDS
from elearn.people.accounts.rules import is_address, siasn_id_of
from elearn.people.imports.columns import FIELDS, ROLE

_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_PHONE = re.compile(r"[+\d][\d ()./-]{5,}")
_NOTHING = {"-", "--", "–", "—", "null", "NULL"}
_BROKEN = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
_DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


# BKN's kedudukan hukum of people who have left: dismissed (66, 77, 88), retired by age (98), retired (99).
_LEFT = ("66", "77", "88", "98", "99")
_RETIRED = ("98", "99")
_LEFT_WORDS = ("pensiun", "diberhentikan", "berhenti", "meninggal", "bup")


@dataclass(frozen=True)
class Draft:
    """What one row says of one person; fields without a word in the row are not in `values`."""

    number: int
    nip: str
    values: dict[str, str]
    cells: list[str]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be imported, with every reason; `number` is its line in the person's file."""

    number: int
    nip: str
    name: str
    reasons: tuple[str, ...]
    cells: list[str]


@dataclass(frozen=True)
class Warned:
    """Something that looks wrong in a row but is imported as it is."""

    number: int
    nip: str
    name: str
    sentence: str


@dataclass(frozen=True)
class Roll:
    """A whole file read: people as drafts, and what the rows themselves gave cause to say."""

    headers: list[str]
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Rows of the file."""
        return len(self.drafts) + len(self.refused)


def read_roll(sheet: Sheet, mapping: Mapping[str, str], seen: Callable[[int], None] = lambda rows: None) -> Roll:
    """Read every row; `mapping` tells the header of each field (see `columns.guessed`). `seen` hears of each row."""
    roll = Roll(sheet.headers)
    places = {key: sheet.headers.index(header) for key, header in mapping.items() if header in sheet.headers}
    first_lines: dict[str, dict[str, int]] = {"nip": {}, "email": {}, "siasn_id": {}}
    for count, row in enumerate(sheet.rows, start=1):
        _read_row(roll, places, row, first_lines)
        seen(count)
    return roll


def _read_row(roll: Roll, places: dict[str, int], row: SheetRow, first_lines: dict[str, dict[str, int]]) -> None:
    found = {key: _unwrapped(row.values[place]) for key, place in places.items()}
    values = {key: cell for key, cell in found.items() if cell}
    reasons = _shape_problems(values)
    digits = numbers.clean(values.get("nip", ""))
    if sentence := numbers.problem(values.get("nip", "")):
        reasons.insert(0, sentence)
    else:
        values["nip"] = digits
    if "email" in values:
        values["email"] = values["email"].lower()
        if not is_address(values["email"]):
            reasons.append(_("Surel %(email)s tidak lengkap. Perbaiki atau kosongkan.", email=values["email"][:60]))
    if values.pop(ROLE, "").lower() not in ("", "peserta", "learner", "pegawai"):
        reasons.append(_("Impor tidak memberi peran. Kosongkan kolom itu, lalu beri peran di halaman Pengguna."))
    reasons += _siasn_problems(values)
    reasons += _tmt_problems(values)
    reasons += _twins(row.number, {**values, "nip": digits}, first_lines) if not reasons else []
    name = values.get("name", "")
    if reasons:
        shown = digits if numbers.problem(digits) is None else found.get("nip", "")[:40]
        roll.refused.append(Refused(row.number, shown, name, tuple(reasons), row.values))
        return
    for sentence in _doubts(digits, values):
        roll.warnings.append(Warned(row.number, digits, name, sentence))
    values.pop("birth_date", None)
    roll.drafts.append(Draft(row.number, digits, values, row.values))


def _unwrapped(cell: str) -> str:
    cell = cell.strip()
    if quoted := _QUOTED_FORMULA.fullmatch(cell):
        cell = quoted[1].strip()
    return "" if cell in _NOTHING else cell


def _shape_problems(values: dict[str, str]) -> list[str]:
    reasons = []
    for each in FIELDS:
        cell = values.get(each.key, "")
        if cell.startswith(("=", "@")) or cell in _BROKEN:
            reasons.append(_("Kolom %(what)s berisi rumus. Tempel sebagai nilai.", what=_(each.label)))
        elif each.longest and len(cell) > each.longest:
            reasons.append(_("%(what)s lebih panjang dari %(n)s huruf.", what=_(each.label), n=each.longest))
        elif any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in cell):
            reasons.append(_("Kolom %(what)s berisi tanda yang tidak dapat dicetak.", what=_(each.label)))
    name = values.get("name", "")
    if name and not any(sign.isalpha() for sign in name):
        reasons.append(_("Nama tidak berisi huruf. Periksa kolom Nama."))
    return reasons


def _siasn_problems(values: dict[str, str]) -> list[str]:
    """Puts what SIASN writes in codes into our words; tells an id that is none."""
    if "standing" in values:
        word = values.pop("standing").lower()
        if word in _LEFT or any(part in word for part in _LEFT_WORDS):
            values["status"], values["left_as"] = "left", _why(word)
    written = values.pop("siasn_id", "")
    if not written:
        return []
    known = siasn_id_of(written)
    if known is None:
        return [_("pnsOrangId %(id)s bukan id SIASN. Salin utuh, 32 huruf dan angka atau UUID.", id=written[:40])]
    values["siasn_id"] = known
    return []


def _why(standing: str) -> str:
    """Which of LEAVING_REASONS a kedudukan hukum tells; whoever died is retired on paper, too."""
    if "meninggal" in standing:
        return "meninggal"
    return "pensiun" if standing in _RETIRED or any(part in standing for part in ("pensiun", "bup")) else "berhenti"


def _tmt_problems(values: dict[str, str]) -> list[str]:
    """Leaves the one TMT that says when the row's change holds, as YYYY-MM-DD in `tmt`; tells one that is no day.

    Everybody's file has a day of retirement, most of them years ahead; it matters only for who has left.
    """
    leaving = values.pop("tmt_left", "")
    written = values.pop("tmt", "")
    if values.get("status") == "left":
        written = leaving
    if not written.strip("0-/. :"):
        return []
    day = _day(written)
    if day is None:
        return [_("TMT %(day)s tidak terbaca. Tulis seperti 28-12-2026, atau kosongkan.", day=written[:20])]
    values["tmt"] = day.isoformat()
    return []


def _twins(number: int, values: Mapping[str, str], first_lines: dict[str, dict[str, int]]) -> list[str]:
    lines = {
        key: first_lines[key].setdefault(values[key], number) for key in ("nip", "siasn_id", "email") if key in values
    }
    reasons = []
    if (line := lines["nip"]) != number:
        reasons.append(_("NIP sama dengan baris %(line)s. Hapus salah satunya.", line=line))
    elif (line := lines.get("siasn_id", number)) != number:
        reasons.append(_("pnsOrangId sama dengan baris %(line)s. Hapus salah satunya.", line=line))
    elif (line := lines.get("email", number)) != number:
        reasons.append(_("Surel sama dengan baris %(line)s. Surel hanya untuk satu orang.", line=line))
    return reasons


def _doubts(digits: str, values: dict[str, str]) -> list[str]:
    """Sentences on what looks wrong; puts the kind of civil servant right, or leaves it out."""
    born = values.get("birth_date", "")
    day = _day(born)
    doubts = numbers.warnings(digits, day)
    if born and day is None:
        doubts.append(_("Tanggal lahir %(day)s tidak terbaca, jadi tidak dicocokkan.", day=born[:20]))
    kind = numbers.parse(digits).kind
    if "asn_kind" in values:
        stated = asn_kind(values["asn_kind"])
        if stated is None:
            doubts.append(_("Jenis kepegawaian %(kind)s tidak dikenal dan dilewati.", kind=values.pop("asn_kind")[:40]))
        else:
            values["asn_kind"] = stated
            if kind is not numbers.Kind.UNKNOWN and kind.value not in stated:
                doubts.append(_("Jenis kepegawaian %(kind)s tidak cocok dengan NIP.", kind=stated))
    if "position_kind" in values:
        held = position_kind(values["position_kind"])
        if held is None:
            doubts.append(
                _("Jenis jabatan %(kind)s tidak dikenal dan dilewati.", kind=values.pop("position_kind")[:40])
            )
        else:
            values["position_kind"] = held
    if "phone" in values and not _PHONE.fullmatch(values["phone"]):
        doubts.append(_("Nomor HP %(phone)s tidak lazim.", phone=values["phone"]))
    return doubts


def position_kind(text: str) -> str | None:
    """One of POSITION_KINDS, from BKN's code 1 to 4 or its name; None for anything else."""
    word = text.strip().lower()
    if word in ("1", "2", "3", "4"):
        return POSITION_KINDS[int(word) - 1]
    if "umum" in word or "pelaksana" in word:
        return "pelaksana"
    return next((kind for kind in POSITION_KINDS if kind in word), None)


def asn_kind(text: str) -> str | None:
    """PNS, CPNS, PPPK, PPPK_PARUH_WAKTU or LAINNYA, from the many ways to write them; None for anything else."""
    word = "".join(sign for sign in text.upper() if sign.isalnum())
    if "PARUHWAKTU" in word:
        return "PPPK_PARUH_WAKTU"
    if "PPPK" in word or "P3K" in word:
        return "PPPK"
    if "CPNS" in word:
        return "CPNS"
    if "PNS" in word:
        return "PNS"
    return "LAINNYA" if word in ("LAINNYA", "LAIN", "NONASN", "HONORER") else None


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    return None
