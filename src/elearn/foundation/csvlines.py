"""Lines of CSV whose cells the database writes, for tables of a million rows: just what `tables.csv_chunks` writes.

Python takes longer for the cells than a database for finding the rows, and nothing else in the process runs meanwhile.
PostgreSQL's COPY quotes and separates the cells itself (`copying.csv_lines`). SQLite puts them together with signs that
hardly any cell holds, and only where one needs quotes the lines are taken apart again.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, case, cast, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from elearn.foundation.tables import NIP_DIGITS, SIGNS, SPACES, Column, Kind

Cell = ColumnElement[Any]
# Between cells and between lines, until it is known that none needs quotes.
_UNIT, _RECORD = "\x1f", "\x1e"


def csv_cells(columns: Sequence[Column], cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a row as they stand in CSV, without quotes; `cells` stand for `columns`, one by one.

    Kinds: texts, NIP, whole numbers, floats and days. Floats are those that both databases spell alike: below 10^15,
    with at most 15 digits.
    """
    return [_WRITERS[column.kind](cell) for column, cell in zip(columns, cells, strict=True)]


def packed(cells: Sequence[Cell]) -> ColumnElement[str]:
    """Such cells as one text, for `unpacked`, on SQLite."""
    return func.printf(literal(_UNIT.join(["%s"] * len(cells))), *cells)


def unpacked(rows: Sequence[str], width: int) -> bytes | None:
    """Packed rows of so many cells as lines of CSV; None if cells hold the very signs that separate them."""
    text = _RECORD.join([*rows, ""])
    if text.count(_UNIT) != (width - 1) * len(rows) or text.count(_RECORD) != len(rows):
        return None
    if not any(sign in text for sign in ';"\r\n'):
        return text.replace(_UNIT, ";").replace(_RECORD, "\r\n").encode()
    written = StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(row.split(_UNIT) for row in rows)
    return written.getvalue().encode()


class first_code(GenericFunction[int]):  # noqa: N801 - it is called as a function
    """The code of the text's first letter."""

    type = BigInteger()
    inherit_cache = True


class place_in(GenericFunction[int]):  # noqa: N801
    """At which letter of the first text the second begins; 0 if it is not there."""

    type = BigInteger()
    inherit_cache = True


class nip_groups(GenericFunction[str]):  # noqa: N801
    """18 digits as `tables.grouped_nip` writes them; null for anything else. Numbers are split faster than texts."""

    type = String()
    inherit_cache = True


@compiles(first_code, "sqlite")
def _code_sqlite(element: first_code, compiler: Any, **options: Any) -> str:
    return f"unicode({compiler.process(element.clauses, **options)})"


@compiles(first_code, "postgresql")
def _code_postgresql(element: first_code, compiler: Any, **options: Any) -> str:
    return f"ascii({compiler.process(element.clauses, **options)})"


@compiles(place_in, "sqlite")
def _place_sqlite(element: place_in, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_in, "postgresql")
def _place_postgresql(element: place_in, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(nip_groups, "sqlite")
def _groups_sqlite(element: nip_groups, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    number = f"CAST({text} AS INTEGER)"
    groups = f"{number} / 10000000000, {number} / 10000 % 1000000, {number} / 1000 % 10, {number} % 1000"
    return f"CASE WHEN {text} GLOB '{'[0-9]' * NIP_DIGITS}' THEN printf('%08d %06d %d %03d', {groups}) END"


@compiles(nip_groups, "postgresql")
def _groups_postgresql(element: nip_groups, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    groups = f"to_char(CAST({text} AS bigint), 'FM00000000 000000 0 000')"
    return f"CASE WHEN length({text}) = {NIP_DIGITS} AND {text} !~ '[^0-9]' THEN {groups} END"


def _harmless(cell: Cell) -> Cell:
    # Nearly every text begins with a letter; only of others the rest is looked at.
    rest = func.ltrim(cell, SPACES)
    formula = and_(rest != "", place_in(literal(SIGNS), func.substr(rest, 1, 1)) > 0)
    letter = first_code(cell).between(ord("A"), ord("z"))
    return case((letter, cell), (formula, "'" + cell), else_=cell)


def _text(cell: Cell) -> Cell:
    # COPY tells an empty text from none by quotes.
    return func.nullif(_harmless(cell), "")


def _nip(cell: Cell) -> Cell:
    return func.coalesce(nip_groups(cell), _text(cell))


def _decimal(cell: Cell) -> Cell:
    # SQLite writes 71.0, PostgreSQL 71.
    whole = cast(cast(cell, BigInteger), String)
    return case((cell == func.round(cell), whole), else_=func.replace(cast(cell, String), ".", ","))


def _as_it_is(cell: Cell) -> Cell:
    return cell


_WRITERS: Mapping[Kind, Callable[[Cell], Cell]] = {
    "text": _text,
    "nip": _nip,
    "int": _as_it_is,
    "decimal": _decimal,
    "date": _as_it_is,
}
