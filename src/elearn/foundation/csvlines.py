"""Lines of CSV that the database writes, for tables of a million rows: just what `tables.csv_chunks` writes.

Python takes longer for the cells than a database for finding the rows, and nothing else in the process runs meanwhile.
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
    """A row as a line of CSV; `cells` stand for `columns`, one by one: texts, NIP, whole numbers, floats and days.

    Floats are those that both databases spell alike: below 10^15, with at most 15 digits.
    """
    return line_of(*(_WRITERS[column.kind](cell) for column, cell in zip(columns, cells, strict=True)))


class line_of(GenericFunction[str]):  # noqa: N801 - it is called as a function
    """The cells with semicolons between them and the end of a line; of what is missing, nothing."""

    type = String()
    inherit_cache = True


class first_code(GenericFunction[int]):  # noqa: N801
    """The code of the text's first letter."""

    type = BigInteger()
    inherit_cache = True


class place_in(GenericFunction[int]):  # noqa: N801
    """At which letter of the first text the second begins; 0 if it is not there."""

    type = BigInteger()
    inherit_cache = True


@compiles(line_of, "sqlite")
def _line_sqlite(element: line_of, compiler: Any, **options: Any) -> str:
    form = ";".join(["%s"] * len(element.clauses)) + "\r\n"
    return f"printf({compiler.render_literal_value(form, String())}, {compiler.process(element.clauses, **options)})"


@compiles(line_of, "postgresql")
def _line_postgresql(element: line_of, compiler: Any, **options: Any) -> str:
    cells = ", ';', ".join(compiler.process(cell, **options) for cell in element.clauses)
    return f"concat({cells}, E'\\r\\n')"


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


def _text(cell: Cell) -> Cell:
    apart = or_(*(place_in(cell, literal(sign)) > 0 for sign in ';"\r\n'))
    return case((apart, '"' + func.replace(_harmless(cell), '"', '""') + '"'), else_=_harmless(cell))


def _harmless(cell: Cell) -> Cell:
    # Nearly every text begins with a letter; only of others the rest is looked at.
    other = ~first_code(cell).between(ord("A"), ord("z"))
    rest = func.ltrim(cell, SPACES)
    formula = and_(other, rest != "", place_in(literal(SIGNS), func.substr(rest, 1, 1)) > 0)
    return case((formula, "'" + cell), else_=cell)


def _nip(cell: Cell) -> Cell:
    complete = and_(func.length(cell) == NIP_DIGITS, func.ltrim(cell, "0123456789") == "")
    groups: list[Cell] = [func.substr(cell, first, count) for first, count in ((1, 8), (9, 6), (15, 1), (16, 3))]
    return case((complete, reduce(lambda text, group: text + literal(" ") + group, groups)), else_=_text(cell))


def _decimal(cell: Cell) -> Cell:
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
