"""Reading tables that people bring: CSV in any usual dialect, XLSX. Every cell becomes text.

A file is an attack until shown otherwise: a workbook of a few kilobytes may claim a cell in the last corner of
the sheet, and a reader would lay out seventeen billion cells for it. So it is measured before it is read.
"""

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, PasswordError, load_workbook

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

MAX_ROWS = 20_000
MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 200
_UNPACKED_BYTES = 100 * 1024 * 1024
_PACKED_FILES = 2_000
# Excel keeps 15 digits of a number; what was longer has lost its end.
_EXACT = 10**15

_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,4})(\d{1,12})")
_CELL = re.compile(rb"[<:]c[\s/>]")
_ROW = re.compile(rb"[<:]row[\s/>]")
_XML_MARKS = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")


class SheetRow(NamedTuple):
    """One row: its number as the person sees it in the file, and a value for each header."""

    number: int
    values: list[str]


class Sheet(NamedTuple):
    """A table as it was brought: the headers, and the rows that are not blank."""

    headers: list[str]
    rows: list[SheetRow]


def read_rows(file: BinaryIO, name: str, *, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES) -> Sheet:
    """The first sheet of an XLSX file, or a CSV file. Raises Invalid with a sentence that says how to mend it.

    Numbers come as their digits, days as ISO dates. A number of more than 15 digits, such as an NIP typed into a
    number cell, has lost its last digits in Excel; it comes as `1.98501E+17`, so that nobody takes it for one.
    """
    file.seek(0, io.SEEK_END)
    size = file.tell()
    if size > max_bytes:
        raise Invalid(
            _(
                "Berkas lebih besar dari %(mb)s MB. Bagi menjadi beberapa berkas.",
                mb=max_bytes // 1024**2,
            )
        )
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Invalid(_("Berkas %(name)s kosong.", name=name))
    if start.startswith(b"PK"):
        return _table(_xlsx_rows(file, max_rows), max_rows)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(_("Berkas ini berformat XLS lama atau terkunci. Simpan sebagai XLSX tanpa kata sandi."))
    # A PDF, an RTF text, or a web page that calls itself XLS, as some systems export it.
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"%PDF", b"{\\rtf", b"<")):
        raise _no_table()
    return _table(_csv_rows(file.read()), max_rows)


def _no_table() -> Invalid:
    return Invalid(_("Berkas ini bukan CSV atau XLSX. Pilih berkas tabel."))


def _table(rows: Iterable[tuple[int, list[str]]], max_rows: int) -> Sheet:
    headers: list[str] = []
    kept: list[SheetRow] = []
    for number, cells in rows:
        values = _trimmed(cells)
        if not values:
            continue
        if not headers:
            headers = _headers(values)
            continue
        if len(values) > len(headers):
            raise Invalid(
                _(
                    "Baris %(number)s punya lebih banyak kolom daripada judulnya. Periksa tanda pemisah.",
                    number=number,
                )
            )
        if len(kept) == max_rows:
            raise Invalid(
                _(
                    "Berkas lebih dari %(rows)s baris. Bagi menjadi beberapa berkas.",
                    rows=max_rows,
                )
            )
        kept.append(SheetRow(number, values + [""] * (len(headers) - len(values))))
    if not headers:
        raise Invalid(_("Berkas ini tidak berisi baris judul."))
    return Sheet(headers, kept)


def _headers(values: list[str]) -> list[str]:
    if len(values) > MAX_COLUMNS:
        raise Invalid(
            _(
                "Berkas lebih dari %(columns)s kolom. Hapus kolom yang tidak perlu.",
                columns=MAX_COLUMNS,
            )
        )
    headers = [value or _("Kolom %(n)s", n=n) for n, value in enumerate(values, 1)]
    twice = {header for header in headers if headers.count(header) > 1}
    if twice:
        raise Invalid(
            _(
                "Judul kolom %(header)s muncul dua kali. Ubah salah satunya.",
                header=min(twice),
            )
        )
    return headers


def _trimmed(cells: Sequence[str]) -> list[str]:
    values = [" ".join(cell.replace("\u200b", "").split()) for cell in cells]
    while values and not values[-1]:
        values.pop()
    return values


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\x00" in text:
        raise _no_table()
    skipped = 0
    if text[:4].lower() == "sep=":
        skipped, text = 1, text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 1
    try:
        for cells in reader:
            yield number + skipped, cells
            # The number of the line on which the next row begins; a quoted cell may hold several lines.
            number = reader.line_num + 1
    except csv.Error as problem:
        raise Invalid(
            _(
                "Baris %(number)s tidak dapat dibaca. Simpan ulang sebagai CSV.",
                number=number,
            )
        ) from problem


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("Huruf dalam berkas ini tidak dikenal. Simpan sebagai CSV UTF-8."))


def _delimiter(text: str) -> str:
    """The separator that occurs most outside quotes in the first line that has any."""
    for line in text.splitlines()[:20]:
        bare = re.sub(r'"[^"]*"', "", line)
        found = max(";,\t", key=bare.count)
        if found in bare:
            return found
    return ";"


def _xlsx_rows(file: BinaryIO, max_rows: int) -> Iterator[tuple[int, list[str]]]:
    _measure(file, max_rows)
    file.seek(0)
    try:
        with load_workbook(file) as book:
            sheet = book.get_sheet_by_index(0)
            for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
                yield number, [_as_text(cell) for cell in cells]
    except PasswordError as locked:
        raise Invalid(_("Berkas ini terkunci. Simpan tanpa kata sandi.")) from locked
    except (CalamineError, OSError) as broken:
        raise _unreadable() from broken


def _measure(file: BinaryIO, max_rows: int) -> None:
    """Refuse a workbook that unpacks to too much, or reaches too far, before anything is laid out in memory."""
    left = _UNPACKED_BYTES
    try:
        with ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > _PACKED_FILES or "xl/workbook.xml" not in packed.namelist():
                raise _unreadable()
            for part in parts:
                left -= _measured(packed, part, left, max_rows)
    except (
        BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        zlib.error,
    ) as broken:
        raise _unreadable() from broken


def _measured(packed: ZipFile, part: ZipInfo, left: int, max_rows: int) -> int:
    with packed.open(part) as opened:
        content = opened.read(left + 1)
    if len(content) > left:
        raise Invalid(_("Isi berkas ini terlalu besar. Hapus gambar dan lembar yang tidak perlu."))
    if part.filename.endswith((".xml", ".rels")) and any(mark in content for mark in _XML_MARKS):
        raise _unreadable()
    if part.filename.startswith("xl/worksheets/"):
        _check_reach(content, max_rows)
    return len(content)


def _check_reach(xml: bytes, max_rows: int) -> None:
    # Blank rows and columns are common below and beside a table, so twice the limit is let through.
    most_rows, most_columns = 2 * max_rows + 1_000, 2 * MAX_COLUMNS
    placed = 0
    for match in _PLACE.finditer(xml):
        letters, digits = match.groups()
        placed += bool(letters)
        if int(digits) > most_rows or _column_number(letters) > most_columns:
            raise Invalid(
                _(
                    "Ada isi jauh di luar tabel, di sel %(cell)s. Hapus lalu simpan ulang.",
                    cell=(letters + digits).decode(),
                )
            )
    # Cells and rows that do not say where they are follow one another, so their number is their reach.
    if len(_CELL.findall(xml)) - placed > most_columns or len(_ROW.findall(xml)) > most_rows:
        raise _unreadable()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _as_text(cell: Any) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float() if abs(cell) >= _EXACT:
            return f"{cell:.5E}"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return cell.isoformat()
    return str(cell)


def _unreadable() -> Invalid:
    return Invalid(_("Berkas ini tidak dapat dibaca sebagai XLSX. Simpan ulang dari Excel atau sebagai CSV."))
