"""What a store does, and how keys look."""

import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO, NamedTuple, Protocol

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _

CHUNK = 1024 * 1024

# One folder, so that no directory holds every file; letters and digits only, so that no store reads a path into it.
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.[a-z0-9]{1,8})?")


class MissingFile(NotFound):
    """There is no file under this key."""

    def __init__(self) -> None:
        super().__init__(_("Berkas ini tidak ada lagi. Hubungi admin Anda."))


class KeyTaken(Conflict):
    """A file is already stored under this key; stored files never change."""


class Stored(NamedTuple):
    """What was put: bytes and the SHA-256 of them in hexadecimal."""

    size: int
    sha256: str


class Store(Protocol):
    """Files under keys. `end` is exclusive; reading a key that is not there raises MissingFile."""

    def put(self, key: str, content: Iterable[bytes] | BinaryIO) -> Stored:
        """Store a new file, chunk by chunk; all or nothing. Raises KeyTaken if there is one already."""

    def read(self, key: str) -> bytes:
        """A small file as a whole."""

    def chunks(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from start up to end, in pieces."""

    def achunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The same for handlers that stream; each piece is fetched when it is asked for."""

    def size(self, key: str) -> int:
        """Bytes of a file."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is as good as removed."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin so."""


def new_key(suffix: str = "") -> str:
    """A key nobody can guess, 128 bits; `new_key("pdf")` ends in .pdf."""
    name = secrets.token_hex(16)
    ending = re.sub(r"[^a-z0-9]", "", suffix.lower())[:8]
    return f"{name[:2]}/{name}.{ending}" if ending else f"{name[:2]}/{name}"


def check_key(key: str) -> str:
    """The key itself, or MissingFile for anything `new_key` could not have made."""
    if not _KEY.fullmatch(key):
        raise MissingFile
    return key


def pieces(content: Iterable[bytes] | BinaryIO) -> Iterator[bytes]:
    """The content in pieces that fit in memory, whether it is a file or already in pieces."""
    read: Callable[[int], bytes] | None = getattr(content, "read", None)
    if read is None:
        yield from content
        return
    while piece := read(CHUNK):
        yield piece


class Counted:
    """Passes pieces on and knows afterwards how many bytes they were and what they hash to."""

    def __init__(self, content: Iterable[bytes] | BinaryIO) -> None:
        self._pieces = pieces(content)
        self._hash = sha256()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self._size += len(piece)
            yield piece

    @property
    def stored(self) -> Stored:
        return Stored(self._size, self._hash.hexdigest())
