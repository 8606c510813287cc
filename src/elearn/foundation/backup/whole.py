"""Backup and restore of the whole: database first, then files, so that every file the database names is there."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection

from elearn.foundation import schema
from elearn.foundation.backup import postgresql, sqlite
from elearn.foundation.backup.archive import FILES, KEYS, SQLITE, Archive, ArchiveWriter, Manifest, new_archive, too_new
from elearn.foundation.database import Database
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.store import MissingFile, Store

_PIECE = 1024 * 1024
_NONE: Mapping[str, Path] = MappingProxyType({})


class Contents(NamedTuple):
    """What an archive holds: files, bytes of files and database before compression, when it was made (ISO), and keys by
    name. `set_aside` are files that a restore moved away, as the archive has another key of that name."""

    files: int
    size: int
    made_at: str
    revision: str
    keys: tuple[str, ...] = ()
    set_aside: tuple[Path, ...] = ()


def backup(target: Path, base: Database, files: Store, now: datetime, keys: Mapping[str, Path] = _NONE) -> Contents:
    """Write database, files and keys into a new archive, while the server runs. Raises Conflict if the file exists.

    `keys` are files by the names that they bear in the archive; those that are not there yet are left out.
    """
    with new_archive(target) as archive:
        manifest = Manifest(_app_version(), now.isoformat(), base.url.get_backend_name(), "")
        if base.sqlite:
            manifest.revision = _save_sqlite(archive, base, target.parent)
        else:
            manifest.revision, manifest.columns = _save_postgresql(archive, base)
        for key in files.keys():  # noqa: SIM118 - a store is no mapping
            _save_file(archive, files, key)
        for name, file in keys.items():
            if file.is_file():
                archive.add(KEYS + name, _pieces(file), compress=False)
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


def restore(source: Path, base: Database, files: Store, keys: Mapping[str, Path] = _NONE) -> Contents:
    """Put everything back as it was, then bring the schema up to date.

    Everything is checked before anything is changed: raises Invalid for an archive that is cut short, altered,
    newer than this program or made from the other kind of database. Files stored since the backup stay; nothing
    names them any more. A key of the archive that `keys` has a place for comes back there; another one that is there
    is moved aside.
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
        aside = _restore_keys(archive, keys)
    schema.upgrade(base)
    return _contents(manifest)._replace(set_aside=aside)


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


def _restore_keys(archive: Archive, keys: Mapping[str, Path]) -> tuple[Path, ...]:
    aside = []
    for part in archive.secrets():
        file = keys.get(part.name.removeprefix(KEYS))
        kept = b"".join(archive.pieces(part.name))
        if file is None or (file.exists() and file.read_bytes() == kept):
            continue
        if file.exists():
            aside.append(file.rename(_free(file)))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(kept)
    return tuple(aside)


def _free(file: Path) -> Path:
    """A name beside the file that nothing bears."""
    n = 1
    while (name := file.with_name(f"{file.name}.before-{n}")).exists():
        n += 1
    return name


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
    keys = tuple(part.name.removeprefix(KEYS) for part in manifest.parts if part.name.startswith(KEYS))
    return Contents(files, sum(part.size for part in manifest.parts), manifest.made_at, manifest.revision, keys)


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
