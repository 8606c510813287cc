"""Rows to CSV, XLSX and JSON, streamed: memory stays flat however many rows there are.

A table of people's own words must not become a formula in somebody's spreadsheet, and an NIP must keep its 18 digits.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Any, Literal

from rustpy_xlsxwriter import Format, write_worksheet, write_worksheets

from elearn.foundation.clock import WIB
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.turns import give_way

Kind = Literal["text", "int", "decimal", "date", "moment", "nip"]
Row = Sequence[Any] | Mapping[str, Any]
Cells = Sequence[Any]
_Writers = Mapping[Kind, Callable[[Cells], list[Any]]]

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

XLSX_ROWS = 1_048_575
XLSX_TEXT = 32_767
_PIECE = 256 * 1024
# So many rows are about a piece.
_AT_ONCE = 500
NIP_DIGITS = 18
# Signs with which spreadsheets begin a formula, in full width too; see OWASP, CSV Injection.
SIGNS = "=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20"
# What may stand before them.
SPACES = " \xa0"
_FORMULA_SIGNS = tuple(SIGNS)
# Cells of these types stand in a file as they are; of moments none does.
_USUAL: Mapping[Kind, type] = {
    "text": str,
    "nip": str,
    "int": int,
    "decimal": float,
    "date": date,
    "moment": NoneType,
}

# A text that begins with none of these can be no formula, whatever follows.
_SUSPECT = frozenset((*SIGNS, *SPACES, ""))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` in mappings and JSON, `label` in the header row.

    Kinds: text; int; decimal; date (a date, or the WIB day of a moment); moment (WIB, to the minute); nip.
    """

    key: str
    label: str
    kind: Kind = "text"


def csv_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV as Excel with Indonesian settings opens it: BOM, semicolons, CRLF, decimal comma, NIP in groups."""
    yield csv_header(columns)
    yield from csv_lines(columns, rows)


def csv_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """The same without the header."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    for some in _batches(columns, rows, _CSV):
        writer.writerows(some)
        yield lines.taken()


def csv_header(columns: Sequence[Column]) -> bytes:
    """What a CSV file begins with: the mark of UTF-8, and the labels."""
    lines = _Lines()
    lines.write("\ufeff")
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerow([_harmless(column.label) for column in columns])
    return lines.taken()


def json_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON array with one object per row, by the columns' keys; numbers as numbers, days in ISO."""
    lines = _Lines()
    keys, before = [column.key for column in columns], "["
    for some in _batches(columns, rows, _JSON):
        for row in some:
            lines.write(before + json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False))
            before = ",\n"
        yield lines.taken()
    lines.write("]\n" if before == ",\n" else "[]\n")
    yield lines.taken()


def xlsx_file(columns: Sequence[Column], rows: Iterable[Row], target: Path, sheet: str = "Data") -> None:
    """Write an XLSX file with one sheet. Text is text, whatever it begins with; days are days.

    Raises Invalid beyond 1,048,575 rows, the most a sheet holds.
    """
    labels = _distinct(columns)
    formats = {
        label: Format().set_num_format("yyyy-mm-dd" if column.kind == "date" else "yyyy-mm-dd hh:mm")
        for label, column in zip(labels, columns, strict=True)
        if column.kind in ("date", "moment")
    }
    write_worksheet(
        _records(labels, columns, rows),
        os.fspath(target),
        sheet_name=sheet,
        freeze_row=1,
        bold_headers=True,
        column_formats=formats or None,
        column_widths={label: _width(column) for label, column in zip(labels, columns, strict=True)},
        ignore_errors=[label for label, c in zip(labels, columns, strict=True) if c.kind in ("nip", "text")] or None,
    )


def xlsx_book(sheets: Sequence[tuple[str, Sequence[Column], Iterable[Row]]], target: Path) -> None:
    """Write an XLSX file with several sheets of texts and numbers, one after the other. Raises Invalid as xlsx_file."""
    labels = {name: _distinct(columns) for name, columns, _rows in sheets}
    write_worksheets(
        [(name, _records(labels[name], columns, rows)) for name, columns, rows in sheets],
        os.fspath(target),
        bold_headers=True,
        freeze_panes={name: {"row": 1} for name in labels},
        column_widths={
            name: {label: _width(column) for label, column in zip(labels[name], columns, strict=True)}
            for name, columns, _rows in sheets
        },
        ignore_errors={
            name: [label for label, c in zip(labels[name], columns, strict=True) if c.kind in ("nip", "text")]
            for name, columns, _rows in sheets
        },
    )


def xlsx_chunks(columns: Sequence[Column], rows: Iterable[Row], sheet: str = "Data") -> Iterator[bytes]:
    """The XLSX file in pieces, by way of a temporary file."""
    with TemporaryDirectory(prefix="elearn-xlsx-") as folder:
        target = Path(folder) / "table.xlsx"
        xlsx_file(columns, rows, target, sheet)
        with target.open("rb") as written:
            yield from iter(partial(written.read, _PIECE), b"")


def chunks_as(form: str, columns: Sequence[Column], rows: Iterable[Row], sheet: str = "Data") -> Iterator[bytes]:
    """The table as csv, json or xlsx; `sheet` names the workbook's one sheet."""
    if form == "xlsx":
        return xlsx_chunks(columns, rows, sheet)
    return csv_chunks(columns, rows) if form == "csv" else json_chunks(columns, rows)


def grouped_nip(nip: str) -> str:
    """18 digits as they are written on paper, `19850101 201001 1 001`; anything else as it is."""
    if len(nip) != NIP_DIGITS or not nip.isdigit():
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


class _Lines:
    """What a writer has written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        self._parts.append(text)

    def taken(self) -> bytes:
        # A lone surrogate from a broken upload must not end the whole export.
        content = "".join(self._parts).encode("utf-8", "replace")
        self._parts = []
        return content


def _batches(columns: Sequence[Column], rows: Iterable[Row], writers: _Writers) -> Iterator[Iterator[Sequence[Any]]]:
    """The rows as they are written, some at a time: column by column, which takes a third of cell by cell."""
    coming = iter(rows)
    while some := list(islice(coming, _AT_ONCE)):
        give_way()
        read = zip(*(_in_order(columns, row) for row in some), strict=True)
        yield zip(*(writers[column.kind](cells) for column, cells in zip(columns, read, strict=True)), strict=True)


def _in_order(columns: Sequence[Column], row: Row) -> Sequence[Any]:
    if not isinstance(row, tuple) and isinstance(row, Mapping):
        return [row.get(column.key) for column in columns]
    return row


def _plain(kind: Kind, cell: Any) -> Any:
    """The cell as its kind says; what a column cannot hold becomes text rather than an error in row 90,000."""
    if cell is None:
        return None
    match kind:
        case "int" | "decimal" if isinstance(cell, int | float | Decimal):
            return int(cell) if isinstance(cell, bool) else cell
        case "date" if isinstance(cell, datetime):
            return cell.astimezone(WIB).date()
        case "date" if isinstance(cell, date):
            return cell
        case "moment" if isinstance(cell, datetime):
            return cell.astimezone(WIB)
    return str(cell)


def _cells(usual: type, write: Callable[[Any], Any], cells: Cells) -> list[Any]:
    """Cells of the usual type as they are, others as `write` has them."""
    return [cell if type(cell) is usual else write(cell) for cell in cells]


def _harmless(text: str) -> str:
    """The text, marked as text if a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA_SIGNS) or text.lstrip(SPACES).startswith(_FORMULA_SIGNS):
        return "'" + text
    return text


def _csv_cell(kind: Kind, cell: Any) -> str:
    cell = _plain(kind, cell)
    if cell is None:
        return ""
    if kind == "nip":
        return _harmless(grouped_nip(str(cell)))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | Decimal):
        return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else _csv_float(cell)
    if isinstance(cell, int):
        return str(cell)
    return _harmless(str(cell).replace("\x00", ""))


def _csv_float(number: float) -> str:
    """`71` and `86,67`."""
    return repr(number).removesuffix(".0").replace(".", ",")


# Nearly all cells of a long table are what their column says; these write such cells at once.
def _csv_texts(cells: Cells) -> list[str]:
    return [
        cell if type(cell) is str and cell[:1] not in _SUSPECT and "\x00" not in cell else _csv_cell("text", cell)
        for cell in cells
    ]


def _csv_nips(cells: Cells) -> list[str]:
    return [grouped_nip(cell) if type(cell) is str and cell.isdecimal() else _csv_cell("nip", cell) for cell in cells]


def _csv_ints(cells: Cells) -> list[Any]:
    return [cell if type(cell) is int else _csv_cell("int", cell) for cell in cells]


def _csv_decimals(cells: Cells) -> list[str]:
    return [_csv_float(cell) if type(cell) is float else _csv_cell("decimal", cell) for cell in cells]


def _csv_dates(cells: Cells) -> list[str]:
    return [cell.isoformat() if type(cell) is date else _csv_cell("date", cell) for cell in cells]


_CSV: _Writers = {
    "text": _csv_texts,
    "nip": _csv_nips,
    "int": _csv_ints,
    "decimal": _csv_decimals,
    "date": _csv_dates,
    "moment": lambda cells: [_csv_cell("moment", cell) for cell in cells],
}


def _json_cell(kind: Kind, cell: Any) -> Any:
    cell = _plain(kind, cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


_JSON: _Writers = {
    kind: partial(_cells, usual, partial(_json_cell, kind)) for kind, usual in {**_USUAL, "date": NoneType}.items()
}


def _records(labels: list[str], columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    written = 0
    for some in _batches(columns, rows, _XLSX):
        for row in some:
            written += 1
            if written > XLSX_ROWS:
                raise Invalid(_("Tabel ini terlalu panjang untuk Excel. Persempit saringannya atau unduh sebagai CSV."))
            yield dict(zip(labels, row, strict=True))
    if not written:
        # The writer learns the header from the first record; without one the sheet would be blank.
        yield dict.fromkeys(labels)


def _xlsx_cell(kind: Kind, cell: Any) -> Any:
    cell = _plain(kind, cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(cell, str):
        return (cell if cell.isascii() else cell.encode("utf-8", "replace").decode())[:XLSX_TEXT]
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


def _xlsx_texts(cells: Cells) -> list[Any]:
    return [
        cell if type(cell) is str and cell.isascii() and len(cell) <= XLSX_TEXT else _xlsx_cell("text", cell)
        for cell in cells
    ]


_XLSX: _Writers = {
    **{kind: partial(_cells, usual, partial(_xlsx_cell, kind)) for kind, usual in _USUAL.items()},
    "text": _xlsx_texts,
    "nip": _xlsx_texts,
}


def _distinct(columns: Sequence[Column]) -> list[str]:
    """The labels, numbered where two are the same, since the writer tells columns apart by them."""
    labels: list[str] = []
    for column in columns:
        label, n = column.label, 2
        while label in labels:
            label, n = f"{column.label} {n}", n + 1
        labels.append(label)
    return labels


def _width(column: Column) -> float:
    widths = {
        "text": 28.0,
        "int": 10.0,
        "decimal": 10.0,
        "date": 12.0,
        "moment": 17.0,
        "nip": 21.0,
    }
    return max(widths[column.kind], len(column.label) + 2.0)
