"""Backup and restore of the whole: database first, then files, so that every file the database names is there."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection

from elearn.foundation import schema
from elearn.foundation.backup import postgresql, sqlite
from elearn.foundation.backup.archive import FILES, SQLITE, Archive, ArchiveWriter, Manifest, new_archive, too_new
from elearn.foundation.database import Database
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.store import MissingFile, Store

_PIECE = 1024 * 1024


class Contents(NamedTuple):
    """What an archive holds: files, bytes of files and database before compression, and when it was made (ISO)."""

    files: int
    size: int
    made_at: str
    revision: str


def backup(target: Path, base: Database, files: Store, now: datetime) -> Contents:
    """Write database and files into a new archive, while the server runs. Raises Conflict if the file exists."""
    with new_archive(target) as archive:
        manifest = Manifest(_app_version(), now.isoformat(), base.url.get_backend_name(), "")
        if base.sqlite:
            manifest.revision = _save_sqlite(archive, base, target.parent)
        else:
            manifest.revision, manifest.columns = _save_postgresql(archive, base)
        for key in files.keys():  # noqa: SIM118 - a store is no mapping
            _save_file(archive, files, key)
        archive.finish(manifest)
    return _contents(manifest)


def examine(source: Path) -> Contents:
    """Check an archive from end to end without touching anything. Raises Invalid."""
    with Archive.opened(source) as archive:
        _check_version(archive.manifest)
        for part in archive.manifest.parts:
            for _piece in archive.pieces(part.name):
                pass
        return _contents(archive.manifest)


def restore(source: Path, base: Database, files: Store) -> Contents:
    """Put everything back as it was, then bring the schema up to date.

    Everything is checked before anything is changed: raises Invalid for an archive that is cut short, altered,
    newer than this program or made from the other kind of database. Files stored since the backup stay; nothing
    names them any more.
    """
    examine(source)
    with Archive.opened(source) as archive:
        manifest = archive.manifest
        if manifest.database != base.url.get_backend_name():
            raise Conflict(_("Cadangan ini dari basis data jenis lain, %(kind)s.", kind=manifest.database))
        if base.sqlite:
            with _checked_copy(archive, _live_file(base)) as copy:
                _restore_files(archive, files)
                sqlite.put_back(copy, _live_file(base))
        else:
            _restore_files(archive, files)
            postgresql.put_back(base.writer, manifest.columns, manifest.revision, _tables(archive), _make_schema)
    schema.upgrade(base)
    return _contents(manifest)


def _save_sqlite(archive: ArchiveWriter, base: Database, folder: Path) -> str:
    with TemporaryDirectory(prefix=".elearn-backup-", dir=folder) as scratch:
        copy = Path(scratch) / "copy.db"
        revision = sqlite.snapshot(_live_file(base), copy)
        archive.add(SQLITE, _pieces(copy), compress=True)
    return _known(revision)


def _save_postgresql(archive: ArchiveWriter, base: Database) -> tuple[str, dict[str, list[str]]]:
    def keep(table: str, pieces: Iterable[bytes]) -> None:
        archive.add(f"database/{table}.copy", pieces, compress=True)

    columns, revision = postgresql.snapshot(base.writer, keep)
    return _known(revision), columns


def _save_file(archive: ArchiveWriter, files: Store, key: str) -> None:
    try:
        files.size(key)
    except MissingFile:
        # Deleted since it was listed; the database of this archive is older than that, as after any deletion.
        return
    archive.add(FILES + key, files.chunks(key), compress=False)


def _restore_files(archive: Archive, files: Store) -> None:
    for part in archive.files():
        key = part.name.removeprefix(FILES)
        if files.exists(key):
            if _same(archive, part.name, files, key):
                continue
            files.delete(key)
        files.put(key, archive.pieces(part.name))


def _same(archive: Archive, name: str, files: Store, key: str) -> bool:
    stored, kept = files.chunks(key), archive.pieces(name)
    left = right = b""
    while True:
        left = left or next(stored, b"")
        right = right or next(kept, b"")
        if not left or not right:
            return left == right
        both = min(len(left), len(right))
        if left[:both] != right[:both]:
            return False
        left, right = left[both:], right[both:]


@contextmanager
def _checked_copy(archive: Archive, live: Path) -> Iterator[Path]:
    """The archive's database, sound, in a file beside the live one."""
    if not archive.has(SQLITE):
        raise Invalid(_("Cadangan ini tidak berisi basis data."))
    live.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".elearn-restore-", dir=live.parent) as scratch:
        copy = Path(scratch) / "copy.db"
        with copy.open("wb") as target:
            for piece in archive.pieces(SQLITE):
                target.write(piece)
        sqlite.check(copy, archive.manifest.revision)
        yield copy


def _tables(archive: Archive) -> Callable[[str], Iterable[bytes]]:
    missing = [table for table in archive.manifest.columns if not archive.has(f"database/{table}.copy")]
    if missing or not archive.manifest.columns:
        raise Invalid(_("Cadangan ini tidak berisi basis data."))
    return lambda table: archive.pieces(f"database/{table}.copy")


def _make_schema(connection: Connection, revision: str) -> None:
    schema.create_at(connection, revision)


def _check_version(manifest: Manifest) -> None:
    if not schema.knows(manifest.revision) or _numbers(manifest.app_version) > _numbers(_app_version()):
        raise too_new()


def _contents(manifest: Manifest) -> Contents:
    files = sum(part.name.startswith(FILES) for part in manifest.parts)
    return Contents(files, sum(part.size for part in manifest.parts), manifest.made_at, manifest.revision)


def _known(revision: str | None) -> str:
    if revision is None:
        raise Conflict(_("Basis data masih kosong. Jalankan elearn migrate lebih dahulu."))
    return revision


def _live_file(base: Database) -> Path:
    return Path(os.fspath(base.url.database or "")).absolute()


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _app_version() -> str:
    try:
        return version("elearn")
    except PackageNotFoundError:
        return "0"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
