from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, Float, Integer, String, cast, literal, select, union_all

from elearn.foundation import copying
from elearn.foundation.csvlines import csv_cells, packed, unpacked
from elearn.foundation.database import Database
from elearn.foundation.tables import Column, csv_chunks, csv_header, csv_lines

COLUMNS = [
    Column("name", "Nama"),
    Column("nip", "NIP", "nip"),
    Column("jp", "JP", "int"),
    Column("score", "Nilai", "decimal"),
    Column("on", "Selesai", "date"),
]
TYPES = [String(), String(), Integer(), Float(), Date()]
# What breaks a file, what a spreadsheet takes for a formula, and what people are called.
SIGNS = st.text(st.sampled_from(list("=+-@|%\t\r\n;\"' \xa0＝＋－＠0189Aaz_éＡ漢")), max_size=6)
TEXTS = st.none() | SIGNS | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
NIPS = st.none() | st.text(st.sampled_from("0123456789"), min_size=18, max_size=18) | TEXTS
SCORES = st.none() | st.integers(-(10**6), 10**6).map(lambda hundredths: hundredths / 100)
ROWS = st.tuples(TEXTS, NIPS, st.none() | st.integers(-(2**31) + 1, 2**31 - 1), SCORES, st.none() | st.dates())


def lines(database: Database, rows: Sequence[tuple[Any, ...]]) -> bytes:
    """What the database writes, in the order of the rows."""
    found = union_all(*(select(literal(n).label("n"), *_cells(row)) for n, row in enumerate(rows))).subquery()
    cells = csv_cells(COLUMNS, list(found.c)[1:])
    if copying.is_able(database.read):
        wanted = select(*list(found.c)[1:]).order_by(found.c.n)
        assert list(copying.rows(database.read, COLUMNS, wanted)) == rows
        return b"".join(copying.csv_lines(database.read, select(*cells).order_by(found.c.n)))
    with database.read() as session:
        told = list(session.scalars(select(packed(cells)).order_by(found.c.n)))
    written = unpacked(told, len(COLUMNS))
    if written is None:
        assert any(sign in text for text in told for sign in "\x1e\x1f")
        return b"".join(csv_lines(COLUMNS, rows))
    return written


def _cells(row: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = [literal(cell, kind) for cell, kind in zip(row, TYPES, strict=True)]
    # PostgreSQL is not told of which type a float is.
    found[3] = cast(found[3], Float)
    return [cell.label(column.key) for cell, column in zip(found, COLUMNS, strict=True)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=12))
@example([("=1", "=HYPERLINK(1234567", 0, 0.0, date(2026, 1, 2)), ("", "", None, None, None)])
@example([("a\x1fb", "\x1e", None, None, None)])
@example([(" =1", "\xa0@x", -1, -0.5, None), ('a"b;c', "1\n2", 1, 71.0, None), ("\n=1", "\r", 2, 86.67, None)])
def test_the_database_writes_what_python_writes(database: Database, rows: list[tuple[Any, ...]]) -> None:
    assert csv_header(COLUMNS) + lines(database, rows) == b"".join(csv_chunks(COLUMNS, rows))


def test_a_kind_that_no_database_writes_is_refused() -> None:
    with pytest.raises(KeyError):
        csv_cells([Column("at", "Masuk", "moment")], [literal(1)])
