"""A stored file as a plain file of this machine, for libraries that want a path or jump around in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from elearn.foundation.settings import settings
from elearn.foundation.storage.store import Store


@contextmanager
def local_copy(store: Store, key: str) -> Iterator[Path]:
    """A private copy that is gone afterwards. Memory stays flat; raises MissingFile."""
    # Beside the data, not in /tmp, which is memory on some systems.
    folder = settings().data_dir / "unfinished"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder) as copy:
        for piece in store.chunks(key):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
