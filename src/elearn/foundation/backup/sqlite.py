"""An SQLite database into one file and back."""

import sqlite3
import time
from pathlib import Path

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _

SECONDS_TO_WAIT = 30


def snapshot(live: Path, target: Path) -> str | None:
    """Copy the database as it is at this moment, while others write; returns its schema revision.

    VACUUM INTO reads in one transaction. SQLite's stepwise backup would begin again at every commit of another
    connection and never end on a busy server.
    """
    with _opened(live) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])
    return revision(target)


def check(copy: Path, expected_revision: str) -> None:
    """Raises Invalid unless the copy is sound and has this schema revision."""
    try:
        with _opened(copy) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            whole = connection.execute("PRAGMA foreign_key_check").fetchone() is None
        if sound and whole and revision(copy) == expected_revision:
            return
    except sqlite3.Error as broken:
        raise Invalid(_("Basis data dalam cadangan ini rusak. Tidak ada yang diubah.")) from broken
    raise Invalid(_("Basis data dalam cadangan ini rusak. Tidak ada yang diubah."))


def put_back(copy: Path, live: Path) -> None:
    """Replace what is in the live database, in one transaction of it. Raises Conflict if it stays busy."""
    deadline = time.monotonic() + SECONDS_TO_WAIT

    def still_patient(_status: int, _left: int, _all: int) -> None:
        if time.monotonic() > deadline:
            raise Conflict(_("Basis data sedang dipakai. Hentikan server lalu pulihkan lagi."))

    with _opened(copy) as source, _opened(live) as target:
        source.backup(target, progress=still_patient, sleep=0.1)


def revision(file: Path) -> str | None:
    with _opened(file) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
    return str(row[0]) if row else None


class _opened:  # noqa: N801 - reads as a verb: with _opened(file)
    """A connection that is closed at the end of the block, which sqlite3's own context manager does not do."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, timeout=SECONDS_TO_WAIT, isolation_level=None)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
