"""Long readings on PostgreSQL by COPY: nothing else gives a million rows as fast, or lets several processes look.

The connection is held until the last row was taken: whoever takes them must not wait for a slow reader in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from psycopg import Copy
from sqlalchemy import Select
from sqlalchemy.orm import Session

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import Column, Kind

# So many rows are about 200 KB.
_AT_ONCE = 2_000
_TYPES: Mapping[Kind, str] = {"text": "text", "nip": "text", "int": "int8", "decimal": "float8", "date": "date"}


def is_able(sessions: SessionMaker) -> bool:
    """Whether this database has COPY."""
    with sessions() as session:
        return session.get_bind().dialect.name == "postgresql"


def rows(session: Session, columns: Sequence[Column], statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that selects one cell for each column; of every kind but moments."""
    with _copy(session, statement, "") as copy:
        copy.set_types([_TYPES[column.kind] for column in columns])
        yield from copy.rows()


def csv_lines(session: Session, statement: Select[Any]) -> Iterator[bytes]:
    """The rows of a statement of `csvlines.csv_cells` as lines of CSV, many in one piece."""
    with _copy(session, statement, "WITH (FORMAT csv, DELIMITER ';', NULL '')") as copy:
        coming = iter(copy)
        # Each row comes by itself, with the end of a line that Unix knows.
        while some := [row[:-1] for row in islice(coming, _AT_ONCE)]:
            yield b"\r\n".join([*some, b""])


@contextmanager
def _copy(session: Session, statement: Select[Any], options: str) -> Iterator[Copy]:
    connection = session.connection()
    written = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY ({written}) TO STDOUT {options}", written.params) as copy:
        yield copy
