"""Reading through obstore, the same for every kind of store."""

from collections.abc import AsyncIterator, Iterator

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore

from elearn.foundation.storage.store import MissingFile, check_key


class ObstoreReading:
    """The half of a store that both kinds share."""

    # A request per piece, not one long stream: a slow reader would outlive the time limit of a single request.
    piece = 1024 * 1024

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def read(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self._objects, check_key(key)).bytes())
        except (NotFoundError, FileNotFoundError) as missing:
            raise MissingFile from missing

    def chunks(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        size = self.size(key)
        stop = size if end is None else min(end, size)
        for at in range(start, stop, self.piece):
            yield bytes(obstore.get_range(self._objects, key, start=at, end=min(at + self.piece, stop)))

    async def achunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        check_key(key)
        for at in range(start, end, self.piece):
            yield bytes(await obstore.get_range_async(self._objects, key, start=at, end=min(at + self.piece, end)))

    def size(self, key: str) -> int:
        try:
            return obstore.head(self._objects, check_key(key))["size"]
        except (NotFoundError, FileNotFoundError) as missing:
            raise MissingFile from missing

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except MissingFile:
            return False
        return True

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._objects, check_key(key))
        except (NotFoundError, FileNotFoundError, MissingFile):
            return

    def keys(self, prefix: str = "") -> Iterator[str]:
        for batch in obstore.list(self._objects):
            for found in batch:
                if found["path"].startswith(prefix):
                    yield found["path"]
