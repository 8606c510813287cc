"""Lines of CSV that the database writes, for tables of a million rows: just what `tables.csv_chunks` writes.

Python takes longer for the cells than a database for finding the rows, and nothing else in the process runs meanwhile.
SQLite puts a line together; PostgreSQL's COPY does so itself when it is given cells (`copying.csv_lines`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, case, cast, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from elearn.foundation.tables import NIP_DIGITS, SIGNS, SPACES, Column, Kind

Cell = ColumnElement[Any]


def csv_line(columns: Sequence[Column], cells: Sequence[Cell]) -> ColumnElement[str]:
    """A row as a line of CSV, on SQLite; `cells` stand for `columns`, one by one.

    Kinds: texts, NIP, whole numbers, floats and days. Floats are those that both databases spell alike: below 10^15,
    with at most 15 digits.
    """
    form = literal(";".join(["%s"] * len(columns)) + "\r\n")
    return func.printf(form, *(_QUOTED[column.kind](cell) for column, cell in zip(columns, cells, strict=True)))


def csv_cells(columns: Sequence[Column], cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a row as COPY writes them, on PostgreSQL. Kinds and floats as for `csv_line`."""
    return [_BARE[column.kind](cell).label(column.key) for column, cell in zip(columns, cells, strict=True)]


class first_code(GenericFunction[int]):  # noqa: N801 - it is called as a function
    """The code of the text's first letter."""

    type = BigInteger()
    inherit_cache = True


class place_in(GenericFunction[int]):  # noqa: N801
    """At which letter of the first text the second begins; 0 if it is not there."""

    type = BigInteger()
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


def _harmless(cell: Cell) -> Cell:
    # Nearly every text begins with a letter; only of others the rest is looked at.
    rest = func.ltrim(cell, SPACES)
    formula = and_(rest != "", place_in(literal(SIGNS), func.substr(rest, 1, 1)) > 0)
    letter = first_code(cell).between(ord("A"), ord("z"))
    return case((letter, cell), (formula, "'" + cell), else_=cell)


def _quoted(cell: Cell) -> Cell:
    apart = or_(*(place_in(cell, literal(sign)) > 0 for sign in ';"\r\n'))
    return case((apart, '"' + func.replace(_harmless(cell), '"', '""') + '"'), else_=_harmless(cell))


def _bare(cell: Cell) -> Cell:
    # COPY tells an empty text from none by quotes.
    return func.nullif(_harmless(cell), "")


def _grouped(cell: Cell, other: Cell) -> Cell:
    complete = and_(func.length(cell) == NIP_DIGITS, func.ltrim(cell, "0123456789") == "")
    groups: list[Cell] = [func.substr(cell, first, count) for first, count in ((1, 8), (9, 6), (15, 1), (16, 3))]
    return case((complete, reduce(lambda text, group: text + literal(" ") + group, groups)), else_=other)


def _comma(cell: Cell) -> Cell:
    return func.replace(cast(cell, String), ".", ",")


def _short_comma(cell: Cell) -> Cell:
    # SQLite writes 71.0, PostgreSQL 71.
    return case((cell == func.round(cell), cast(cast(cell, BigInteger), String)), else_=_comma(cell))


def _as_it_is(cell: Cell) -> Cell:
    return cell


_Writers = Mapping[Kind, Callable[[Cell], Cell]]
_QUOTED: _Writers = {
    "text": _quoted,
    "nip": lambda cell: _grouped(cell, _quoted(cell)),
    "int": _as_it_is,
    "decimal": _short_comma,
    "date": _as_it_is,
}
_BARE: _Writers = {
    "text": _bare,
    "nip": lambda cell: _grouped(cell, _bare(cell)),
    "int": _as_it_is,
    "decimal": _comma,
    "date": _as_it_is,
}
