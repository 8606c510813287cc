"""Long readings on PostgreSQL by COPY: nothing else gives a million rows as fast, or lets several processes look.

The rows are laid down in a temporary file before the first is given: a slow reader holds no connection and no snapshot.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Select

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import Column, Kind

_AT_ONCE = 2_000
_PIECE = 1024 * 1024
# How COPY writes nothing, and what cannot stand in a line (PostgreSQL, COPY, Text Format).
_NOTHING = "\\N"
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def is_able(sessions: SessionMaker) -> bool:
    """Whether this database has COPY."""
    with sessions() as session:
        return session.get_bind().dialect.name == "postgresql"


def rows(sessions: SessionMaker, columns: Sequence[Column], statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that selects one cell for each column; of every kind but moments."""
    with _laid_down(sessions, statement, "") as lines:
        while some := [line[:-1].decode().split("\t") for line in islice(lines, _AT_ONCE)]:
            cells = zip(*some, strict=True)
            yield from zip(*(map(_READERS[c.kind], each) for c, each in zip(columns, cells, strict=True)), strict=True)


def csv_lines(sessions: SessionMaker, statement: Select[Any]) -> Iterator[bytes]:
    """The rows of a statement of `csvlines.csv_cells` as lines of CSV, many in one piece."""
    with _laid_down(sessions, statement, "WITH (FORMAT csv, DELIMITER ';', NULL '')", b"\r\n") as file:
        yield from iter(partial(file.read, _PIECE), b"")


@contextmanager
def _laid_down(sessions: SessionMaker, statement: Select[Any], form: str, end: bytes = b"\n") -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        with sessions() as session:
            connection = session.connection()
            written = statement.compile(connection, compile_kwargs={"render_postcompile": True})
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY ({written}) TO STDOUT {form}", written.params) as copy:
                # Each row comes by itself, with the end of a line that Unix knows. Keeping some and writing them
                # together takes half as long again.
                for row in copy:
                    file.write(row[:-1])
                    file.write(end)
        file.seek(0)
        yield file


def _text(cell: str) -> str | None:
    if "\\" not in cell:
        return cell
    return None if cell == _NOTHING else _ESCAPED.sub(lambda found: _SIGNS.get(found[1], found[1]), cell)


def _reader(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: None if cell == _NOTHING else read(cell)


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    "text": _text,
    "nip": _text,
    "int": _reader(int),
    "decimal": _reader(float),
    "date": _reader(date.fromisoformat),
}
