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
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from rustpy_xlsxwriter import Format, write_worksheet, write_worksheets

from elearn.foundation.clock import WIB
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

Kind = Literal["text", "int", "decimal", "date", "moment", "nip"]
Row = Sequence[Any] | Mapping[str, Any]

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

XLSX_ROWS = 1_048_575
XLSX_TEXT = 32_767
_PIECE = 64 * 1024
_NIP_DIGITS = 18
# Signs with which spreadsheets begin a formula, in full width too; see OWASP, CSV Injection.
_FORMULA_SIGNS = tuple("=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20")

# A text that begins with none of these can be no formula, whatever follows.
_SUSPECT = frozenset((*_FORMULA_SIGNS, " ", "\xa0", ""))


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
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    lines.write("\ufeff")
    writer.writerow([_harmless(column.label) for column in columns])
    written = [_CSV_CELLS.get(column.kind, partial(_csv_cell, column.kind)) for column in columns]
    for row in rows:
        writer.writerow([write(cell) for write, cell in zip(written, _in_order(columns, row), strict=True)])
        if lines.size > _PIECE:
            yield lines.taken()
    yield lines.taken()


def json_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON array with one object per row, by the columns' keys; numbers as numbers, days in ISO."""
    lines = _Lines()
    before = "["
    for row in rows:
        shaped = {column.key: _json_cell(column, cell) for column, cell in _cells(columns, row)}
        lines.write(before + json.dumps(shaped, ensure_ascii=False))
        before = ",\n"
        if lines.size > _PIECE:
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
            while piece := written.read(_PIECE):
                yield piece


def chunks_as(form: str, columns: Sequence[Column], rows: Iterable[Row], sheet: str = "Data") -> Iterator[bytes]:
    """The table as csv, json or xlsx; `sheet` names the workbook's one sheet."""
    if form == "xlsx":
        return xlsx_chunks(columns, rows, sheet)
    return csv_chunks(columns, rows) if form == "csv" else json_chunks(columns, rows)


def grouped_nip(nip: str) -> str:
    """18 digits as they are written on paper, `19850101 201001 1 001`; anything else as it is."""
    if len(nip) != _NIP_DIGITS or not nip.isdigit():
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


class _Lines:
    """What a writer has written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> None:
        self._parts.append(text)
        self.size += len(text)

    def taken(self) -> bytes:
        # A lone surrogate from a broken upload must not end the whole export.
        content = "".join(self._parts).encode("utf-8", "replace")
        self._parts, self.size = [], 0
        return content


def _in_order(columns: Sequence[Column], row: Row) -> Sequence[Any]:
    if not isinstance(row, tuple) and isinstance(row, Mapping):
        return [row.get(column.key) for column in columns]
    return row


def _cells(columns: Sequence[Column], row: Row) -> Iterator[tuple[Column, Any]]:
    return zip(columns, _in_order(columns, row), strict=True)


def _harmless(text: str) -> str:
    """The text, marked as text if a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA_SIGNS) or text.lstrip(" \xa0").startswith(_FORMULA_SIGNS):
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
        return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else repr(cell).replace(".", ",")
    if isinstance(cell, int):
        return str(cell)
    return _harmless(str(cell).replace("\x00", ""))


# Nearly all cells of a long table are what their column says; these write such a cell at once.
def _csv_text(cell: Any) -> str:
    if type(cell) is str and cell[:1] not in _SUSPECT and "\x00" not in cell:
        return cell
    return _csv_cell("text", cell)


def _csv_nip(cell: Any) -> str:
    if type(cell) is str and len(cell) == _NIP_DIGITS and cell.isdecimal():
        return grouped_nip(cell)
    return _csv_cell("nip", cell)


def _csv_int(cell: Any) -> str:
    return str(cell) if type(cell) is int else _csv_cell("int", cell)


def _csv_decimal(cell: Any) -> str:
    return repr(cell).replace(".", ",") if type(cell) is float else _csv_cell("decimal", cell)


_CSV_CELLS: dict[Kind, Callable[[Any], str]] = {
    "text": _csv_text,
    "nip": _csv_nip,
    "int": _csv_int,
    "decimal": _csv_decimal,
}


def _json_cell(column: Column, cell: Any) -> Any:
    cell = _plain(column.kind, cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


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


def _records(labels: list[str], columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    written = 0
    for row in rows:
        written += 1
        if written > XLSX_ROWS:
            raise Invalid(_("Tabel ini terlalu panjang untuk Excel. Persempit saringannya atau unduh sebagai CSV."))
        cells = (_xlsx_cell(column, cell) for column, cell in _cells(columns, row))
        yield dict(zip(labels, cells, strict=True))
    if not written:
        # The writer learns the header from the first record; without one the sheet would be blank.
        yield dict.fromkeys(labels)


def _xlsx_cell(column: Column, cell: Any) -> Any:
    cell = _plain(column.kind, cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(cell, str):
        return (cell if cell.isascii() else cell.encode("utf-8", "replace").decode())[:XLSX_TEXT]
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


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
