"""The archive as a file: written whole or not at all, and checked to the last bit before anything is taken from it."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.store import MissingFile, check_key

FORMAT = 2
"""2 has keys; an older program must not leave them out unseen."""
MANIFEST = "manifest.json"
FILES = "files/"
SQLITE = "database.sqlite"
KEYS = "keys/"

_PIECE = 1024 * 1024
_SEAL = 64
_LONGEST_MANIFEST = 512 * 1024 * 1024
_TABLE = re.compile(r"database/[a-z0-9_]{1,63}\.copy")
_KEY = re.compile(r"keys/[a-z0-9-]{1,40}\.pem")


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What the archive says of itself. `columns` has the columns of each table, for PostgreSQL."""

    app_version: str
    made_at: str
    database: str
    revision: str
    parts: list[Part] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    format: int = FORMAT


class ArchiveWriter:
    """Adds parts; the manifest comes last."""

    def __init__(self, packed: ZipFile) -> None:
        self._zip = packed
        self.parts: list[Part] = []

    def add(self, name: str, pieces: Iterable[bytes], *, compress: bool) -> None:
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED if compress else ZIP_STORED
        digest, size = sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        self.parts.append(Part(name, size, digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        manifest.parts = self.parts
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest)), ZIP_DEFLATED)


@contextmanager
def new_archive(target: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that only its owner can read. It appears under its name when it is complete.

    Raises Conflict if there is a file of that name.
    """
    if target.exists():
        raise Conflict(_("Berkas %(name)s sudah ada. Pilih nama lain.", name=target.name))
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with ZipFile(draft, "w", allowZip64=True) as packed:
            # The comment is the very end of a ZIP; the seal takes its place.
            packed.comment = b"0" * _SEAL
            yield ArchiveWriter(packed)
        _seal(draft)
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)


class Archive:
    """An archive that has passed every check. Parts are hashed once more while they are read."""

    def __init__(self, packed: ZipFile, manifest: Manifest) -> None:
        self._zip = packed
        self.manifest = manifest
        self._parts = {part.name: part for part in manifest.parts}

    @classmethod
    @contextmanager
    def opened(cls, source: Path) -> Iterator[Self]:
        """The archive, or Invalid with the reason: cut short, altered, from a newer version, or not ours."""
        if not source.is_file():
            raise Invalid(_("Berkas cadangan %(name)s tidak ada.", name=str(source)))
        _check_seal(source)
        try:
            with ZipFile(source) as packed:
                yield cls(packed, _checked_manifest(packed))
        except BadZipFile as broken:
            raise _damaged() from broken

    def files(self) -> list[Part]:
        return [part for part in self.manifest.parts if part.name.startswith(FILES)]

    def secrets(self) -> list[Part]:
        return [part for part in self.manifest.parts if part.name.startswith(KEYS)]

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part's bytes. Raises Invalid at the end if they are not what the manifest says."""
        part = self._parts[name]
        digest, size = sha256(), 0
        with self._zip.open(name) as entry:
            while piece := entry.read(_PIECE):
                size += len(piece)
                if size > part.size:
                    raise _damaged()
                digest.update(piece)
                yield piece
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise _damaged()

    def has(self, name: str) -> bool:
        return name in self._parts


def _seal(file: Path) -> None:
    with file.open("r+b") as opened:
        end = opened.seek(0, os.SEEK_END) - _SEAL
        seal = _hash_up_to(opened, end)
        opened.seek(end)
        opened.write(seal)
        opened.flush()
        os.fsync(opened.fileno())


def _check_seal(file: Path) -> None:
    with file.open("rb") as opened:
        end = opened.seek(0, os.SEEK_END) - _SEAL
        if end <= 0 or _hash_up_to(opened, end) != opened.read(_SEAL):
            raise _damaged()


def _hash_up_to(opened: Any, end: int) -> bytes:
    """The hash of the file's first bytes; leaves the file at `end`."""
    digest = sha256()
    opened.seek(0)
    while (left := end - opened.tell()) > 0:
        digest.update(opened.read(min(_PIECE, left)))
    return digest.hexdigest().encode()


def _checked_manifest(packed: ZipFile) -> Manifest:
    names = packed.namelist()
    if MANIFEST not in names or packed.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
        raise _foreign()
    try:
        said: dict[str, Any] = json.loads(packed.read(MANIFEST))
        if said["format"] > FORMAT:
            raise too_new()
        manifest = Manifest(**{**said, "parts": [Part(**part) for part in said["parts"]]})
    except (ValueError, KeyError, TypeError) as unknown:
        raise _foreign() from unknown
    parts = [part.name for part in manifest.parts]
    if len(set(names)) != len(names) or sorted(names) != sorted([*parts, MANIFEST]):
        raise _foreign()
    if not all(_expected(name) for name in parts):
        raise _foreign()
    return manifest


def _expected(name: str) -> bool:
    """Whether a part bears a name that we give; no other, so that none leads out of its place."""
    if not name.startswith(FILES):
        return name == SQLITE or any(each.fullmatch(name) for each in (_TABLE, _KEY))
    try:
        check_key(name.removeprefix(FILES))
    except MissingFile:
        return False
    return True


def too_new() -> Invalid:
    return Invalid(_("Cadangan ini dari versi elearn yang lebih baru. Perbarui elearn lalu pulihkan lagi."))


def _damaged() -> Invalid:
    return Invalid(_("Cadangan ini rusak atau terpotong. Tidak ada yang diubah. Pakai cadangan lain."))


def _foreign() -> Invalid:
    return Invalid(_("Berkas ini bukan cadangan elearn. Tidak ada yang diubah."))
