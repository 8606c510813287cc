"""A PostgreSQL database into one part per table and back, without any client program.

Tables are copied in COPY's text form. The schema itself is not in the archive: the migrations make it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine, text

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

Columns = dict[str, list[str]]


def snapshot(engine: Engine, keep: Callable[[str, Iterable[bytes]], None]) -> tuple[Columns, str | None]:
    """Hand every table, as of one moment, to `keep(name, pieces)`; returns their columns and the schema revision."""
    reading = engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading as connection:
        columns = _columns(connection)
        for table in columns:
            keep(table, _copied_out(connection, table, columns[table]))
        return columns, _revision(connection)


def put_back(
    engine: Engine,
    columns: Columns,
    revision: str,
    pieces: Callable[[str], Iterable[bytes]],
    make_schema: Callable[[Connection, str], None],
) -> None:
    """Replace everything in the live database, in one transaction; raises Invalid if the archive does not fit."""
    with engine.begin() as connection:
        if _revision(connection) != revision:
            _drop_all(connection)
            make_schema(connection, revision)
        if set(_columns(connection)) != set(columns):
            raise _misfit()
        try:
            _fill(connection, columns, pieces)
        except psycopg.Error as problem:
            raise _misfit() from problem


def _fill(connection: Connection, columns: Columns, pieces: Callable[[str], Iterable[bytes]]) -> None:
    driver = _driver(connection)
    # References among tables may run in circles; without them the order of tables does not matter.
    references = _references(connection)
    for table, name, _definition in references:
        driver.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(Identifier(table), Identifier(name)))
    for table in columns:
        driver.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))
    driver.execute(SQL("TRUNCATE {}").format(SQL(", ").join(map(Identifier, columns))))
    for table, names in columns.items():
        _copy_in(driver, table, names, pieces(table))
    for table in columns:
        driver.execute(SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(Identifier(table)))
    for table, name, definition in references:
        added = SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(Identifier(table), Identifier(name))
        driver.execute(added + SQL(cast(Any, definition)))
    for table, names in columns.items():
        _advance_sequences(driver, table, names)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _copied_out(connection: Connection, table: str, names: list[str]) -> Iterator[bytes]:
    query = SQL("COPY {} ({}) TO STDOUT").format(Identifier(table), SQL(", ").join(map(Identifier, names)))
    with _driver(connection).cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            yield bytes(piece)


def _copy_in(driver: psycopg.Connection[Any], table: str, names: list[str], pieces: Iterable[bytes]) -> None:
    query = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), SQL(", ").join(map(Identifier, names)))
    with driver.cursor() as cursor, cursor.copy(query) as copy:
        for piece in pieces:
            copy.write(piece)


def _columns(connection: Connection) -> Columns:
    """Tables of our schema with the columns that hold data of their own; generated ones come back by themselves."""
    found: Columns = {}
    query = """
        SELECT c.table_name, c.column_name
        FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
        ORDER BY c.table_name, c.ordinal_position
    """
    for table, column in connection.execute(text(query)):
        found.setdefault(table, []).append(column)
    return found


def _references(connection: Connection) -> list[tuple[str, str, str]]:
    query = """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
        ORDER BY conname
    """
    return [(table.strip('"'), name, definition) for table, name, definition in connection.execute(text(query))]


def _advance_sequences(driver: psycopg.Connection[Any], table: str, names: list[str]) -> None:
    for name in names:
        quoted = Identifier(table).as_string(driver)
        row = driver.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, name]).fetchone()
        if row and row[0]:
            query = SQL("SELECT setval(%s, coalesce(max({}), 0) + 1, false) FROM {}")
            driver.execute(query.format(Identifier(name), Identifier(table)), [row[0]])


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _drop_all(connection: Connection) -> None:
    driver = _driver(connection)
    for table in _columns(connection):
        driver.execute(SQL("DROP TABLE IF EXISTS {} CASCADE").format(Identifier(table)))
    # Functions that a migration made for its triggers; those of extensions belong to the extension.
    query = """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    """
    for (function,) in connection.execute(text(query)).all():
        driver.execute(SQL("DROP FUNCTION {} CASCADE").format(SQL(function)))


def _misfit() -> Invalid:
    return Invalid(_("Isi cadangan ini tidak cocok dengan skemanya. Tidak ada yang diubah."))
