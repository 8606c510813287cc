"""Files in a folder of this machine."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from obstore.store import LocalStore

from elearn.foundation.storage.reading import ObstoreReading
from elearn.foundation.storage.store import Counted, KeyTaken, Stored, check_key


class LocalDisk(ObstoreReading):
    """A store in a folder. Reading goes through obstore; writing does not, since obstore does not sync to disk
    and cannot stream a file that must not exist yet."""

    def __init__(self, folder: Path) -> None:
        # Unfinished uploads lie beside the store, on the same disk, so that finishing one is a mere link.
        self._folder = folder / "files"
        self._unfinished = folder / "unfinished"
        for each in (self._folder, self._unfinished):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(LocalStore(self._folder))

    def put(self, key: str, content: Iterable[bytes] | BinaryIO) -> Stored:
        target = self._folder / check_key(key)
        if target.exists():
            raise KeyTaken
        counted = Counted(content)
        with NamedTemporaryFile(dir=self._unfinished) as draft:
            for piece in counted:
                draft.write(piece)
            draft.flush()
            os.fsync(draft.fileno())
            target.parent.mkdir(mode=0o700, exist_ok=True)
            try:
                os.link(draft.name, target)
            except FileExistsError as taken:
                raise KeyTaken from taken
        _sync_folder(target.parent)
        return counted.stored


def _sync_folder(folder: Path) -> None:
    # The file's own fsync does not keep its name in the folder through a power cut.
    for each in (folder, folder.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
