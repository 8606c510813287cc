"""The database: base class of all tables, engines, sessions. One code base for SQLite and PostgreSQL.

SQLite has one writer at a time. A writing session begins with BEGIN IMMEDIATE on the one connection of the
writing pool, so writers queue in this process instead of failing with "database is locked".

Reading sessions have connections of their own, never wait, and hold no transaction open: each statement sees what is
committed when it runs, as PostgreSQL does it anyway, and nothing has to be begun and rolled back for a page.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    String,
    create_engine,
    event,
    exc,
    inspect,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.types import TypeDecorator

from elearn.foundation.settings import settings
from elearn.foundation.turns import resting

BUSY_TIMEOUT_MS = 10_000
READING_CONNECTIONS = 8

# A connection that rested for longer is asked for a sign of life first: the server may have been restarted meanwhile.
LONGEST_REST = 5.0

Key = TypeVar("Key")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite forgets time zones; this gives them back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

# Ids of tables that outgrow 32 bits in a nation; SQLite's rowid alias must be spelled INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

# Paths of the unit tree are compared byte by byte, so that a subtree is one index range on both databases.
TreePath = String(255).with_variant(String(255, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


Model = TypeVar("Model", bound=Base)


class Database:
    """One database of either kind, with a session for reading and one for writing."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            Path(self.url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
            self.writer = _sqlite_engine(url, "BEGIN IMMEDIATE", connections=1)
            self.reader = _sqlite_engine(url, None, connections=READING_CONNECTIONS)
            self.looker = _sqlite_engine(url, None, connections=1)
        else:
            self.writer = _postgresql_engine(url, connections=12)
            self.reader = _postgresql_engine(url, connections=8, isolation_level="AUTOCOMMIT")
            self.looker = _postgresql_engine(url, connections=1, isolation_level="AUTOCOMMIT")

    def write(self) -> Session:
        """A session that may change things; the caller commits."""
        return Session(self.writer, expire_on_commit=False)

    def read(self) -> Session:
        """A session that only reads."""
        return Session(self.reader, expire_on_commit=False, autoflush=False)

    def look(self) -> AbstractContextManager[Connection]:
        """For one short question from the event loop; this connection is never in another thread's hands."""
        return self.looker.connect()

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.looker.dispose()


def twin_of(row: Model, **differing: Any) -> Model:
    """A new row like another one: all its columns but the primary key, and what differs."""
    columns = inspect(type(row)).column_attrs
    same = {each.key: getattr(row, each.key) for each in columns if not each.columns[0].primary_key}
    return type(row)(**{**same, **differing})


def in_batches(keys: Sequence[Key], size: int = 1_000) -> Iterator[Sequence[Key]]:
    """The keys, as many at a time as one statement names; both databases take more, but not without limit."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def rows_of(session: Session, statement: Executable, **asked: Any) -> Sequence[Row[Any]]:
    """Rows of plain columns for a statement that was put together once, with what its parameters stand for.

    Without the objects of the ORM, which cost more than the database does for most questions of a page.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, asked).all()


class _RestingPool(QueuePool):
    """Whoever waits for a connection leaves the turn to others: one of them may hold it.

    A place is taken first and the connection then, so that nobody who has looked and found one is overtaken.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = threading.Semaphore(self.size())

    def _do_get(self) -> ConnectionPoolEntry:
        if not self._places.acquire(blocking=False):
            with resting():
                if not self._places.acquire(timeout=self.timeout()):
                    raise exc.TimeoutError("no connection came free in time")
        try:
            return super()._do_get()
        except BaseException:
            self._places.release()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        self._places.release()


def _sqlite_engine(url: str, begin: str | None, *, connections: int) -> Engine:
    """`begin` opens a transaction; without it each statement stands alone."""
    engine = create_engine(
        url,
        poolclass=_RestingPool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000 * 3,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # Without this the driver would emit its own deferred BEGIN, which fails under concurrent writers.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "temp_store=MEMORY",
            "cache_size=-4000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    if begin:

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(url: str, *, connections: int, **options: Any) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=4, **options)

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: Any, _proxy: Any) -> None:
        # Asking each time, as pool_pre_ping does, costs a round trip a request; a busy connection is alive.
        if time.monotonic() - record.info.get("rests_since", float("inf")) < LONGEST_REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise exc.DisconnectionError from error

    return engine


@lru_cache
def database() -> Database:
    """The database of this process, from the settings."""
    return Database(settings().database_url)


SessionMaker = Callable[[], Session]
