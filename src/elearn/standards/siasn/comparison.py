"""A person's history as SIASN gives it, held beside our own records. Pure.

The read names differ from the written ones: `noSertipikat`, and of a diklat `nomor`; both spellings are known.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _
from elearn.people.accounts import nip as numbers
from elearn.standards.siasn.record import Entry, Record

MOST = 5_000
_WORDS = {
    "id": ("id", "idRiwayat", "rwKursusId", "rwDiklatId"),
    "nip": ("nipBaru", "nip"),
    "number": ("noSertipikat", "nomorSertipikat", "noSertifikat", "nomorSertifikat", "nomor"),
    "name": ("namaKursus", "latihanStrukturalNama", "nama", "namaDiklat"),
    "jp": ("jumlahJam",),
    "first": ("tanggalKursus", "tanggal", "tanggalMulai"),
    "last": ("tanggalSelesaiKursus", "tanggalSelesai"),
    "organiser": ("institusiPenyelenggara",),
}
LABELS = {"number": N_("Nomor sertifikat"), "jp": N_("JP"), "first": N_("Mulai"), "last": N_("Selesai")}


@dataclass(frozen=True, slots=True)
class Theirs:
    """One entry of the history as SIASN told it; days are dd-mm-yyyy."""

    history: str
    id: str
    nip: str
    number: str
    name: str
    jp: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One of our records beside what SIASN has: `there`, `differs` (in these fields), or `missing`."""

    entry: Entry
    state: str
    theirs: Theirs | None = None
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Our records, and how many of theirs are none of ours."""

    pairs: list[Pair] = field(default_factory=list)
    only_theirs: list[Theirs] = field(default_factory=list)


def from_json(content: bytes) -> list[Theirs]:
    """The answer of rw-kursus or rw-diklat: a list, or an object with it under `data`. Raises Invalid."""
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as broken:
        raise Invalid(_("Berkas ini bukan JSON yang utuh. Unduh lagi dari SIASN.")) from broken
    rows = given.get("data", given.get("mapData")) if isinstance(given, dict) else given
    if words := _words(given, rows):
        raise Invalid(_('SIASN menjawab "%(words)s", bukan daftar riwayat. Unduh lagi dari SIASN.', words=words))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("Berkas ini tidak berisi daftar riwayat. Pilih hasil rw-kursus atau rw-diklat."))
    return history(rows)


def _words(given: Any, rows: Any) -> str:
    """What SIASN said in place of a list; blank where it is none of its answers."""
    told = [rows, *(given.get(key) for key in ("message", "description", "error"))] if isinstance(given, dict) else []
    return "" if isinstance(rows, list) else next((each[:200] for each in told if isinstance(each, str) and each), "")


def from_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Theirs]:
    """The same as a table whose headers are SIASN's names."""
    return history([dict(zip(headers, row, strict=False)) for row in rows])


def history(rows: Sequence[Mapping[str, Any]]) -> list[Theirs]:
    """Entries from rows by SIASN's names, whatever their spelling. Raises Invalid for what is no history."""
    if len(rows) > MOST:
        raise Invalid(_("Berkas lebih dari %(rows)s baris. Bagi menjadi beberapa berkas.", rows=MOST))
    found = [_theirs({_bare(str(key)): value for key, value in row.items()}) for row in rows]
    if rows and not any(each.number or each.name for each in found):
        raise Invalid(_("Kolom noSertipikat dan namaKursus tidak ada. Pilih hasil rw-kursus dari SIASN."))
    if any(numbers.problem(each.nip) for each in found):
        raise Invalid(_("Setiap baris perlu nipBaru 18 angka, agar jelas milik siapa."))
    return found


def compare(ours: Iterable[Entry], theirs: Sequence[Theirs]) -> Comparison:
    """Each of our records by its number, else by name and days, within one person."""
    by_number = {(each.nip, _tight(each.number)): each for each in theirs if each.number}
    by_days = {(each.nip, _tight(each.name), each.first, each.last): each for each in theirs}
    compared, used = Comparison(), set[int]()
    # A file of one history says nothing of the other.
    told = {each.history for each in theirs} or {"kursus"}
    for entry in ours:
        if entry.form.history not in told or entry.jp <= 0:
            continue
        record = entry.record
        number, first, last = told_of(record)
        nip = entry.nip or ""
        found = by_number.get((nip, _tight(number))) or by_days.get((nip, _tight(entry.title), first, last))
        if found is None:
            compared.pairs.append(Pair(entry, "missing"))
            continue
        used.add(id(found))
        differences = _differences((number, entry.jp, first, last), found)
        compared.pairs.append(Pair(entry, "differs" if differences else "there", found, differences))
    compared.only_theirs.extend(each for each in theirs if id(each) not in used)
    return compared


def told_of(record: Record) -> tuple[str, str, str]:
    """Number, first and last day of a record of either history."""
    fields = record.fields
    if record.history == "diklat":
        return fields["nomor"], fields["tanggal"], fields["tanggalSelesai"]
    return fields["nomorSertipikat"], fields["tanggalKursus"], fields["tanggalSelesaiKursus"]


def _differences(ours: tuple[str, int, str, str], theirs: Theirs) -> tuple[tuple[str, str, str], ...]:
    number, jp, first, last = ours
    held = (
        ("number", number, theirs.number, _tight(number) == _tight(theirs.number)),
        ("jp", str(jp), str(theirs.jp), jp == theirs.jp),
        ("first", first, theirs.first, first == theirs.first),
        ("last", last, theirs.last, last == theirs.last),
    )
    return tuple((key, our, their) for key, our, their, same in held if not same)


def _theirs(row: Mapping[str, Any]) -> Theirs:
    told = {key: _first(row, words) for key, words in _WORDS.items()}
    diklat = any(key.startswith("latihanstruktural") for key in row)
    return Theirs(
        history="diklat" if diklat else "kursus",
        id=told["id"][:64],
        nip=numbers.clean(told["nip"]),
        number=told["number"],
        name=told["name"],
        jp=_whole(told["jp"]),
        first=_day(told["first"]),
        last=_day(told["last"]),
    )


def _first(row: Mapping[str, Any], words: Sequence[str]) -> str:
    values = (row.get(_bare(word)) for word in words)
    return next((str(value).strip() for value in values if value not in (None, "")), "")


def _whole(text: str) -> int:
    try:
        return int(float(text.replace(",", ".")))
    except (ValueError, OverflowError):
        return 0


def _day(text: str) -> str:
    """dd-mm-yyyy, also from the ISO days of a spreadsheet."""
    iso = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    return f"{iso[3]}-{iso[2]}-{iso[1]}" if iso else text.replace("/", "-")


def _tight(text: str) -> str:
    return "".join(text.lower().split())


def _bare(word: str) -> str:
    return "".join(sign for sign in word.lower() if sign.isalnum())
