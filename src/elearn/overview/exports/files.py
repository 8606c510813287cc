"""Files that jobs leave behind for whoever asked."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from elearn.foundation.i18n import _
from elearn.foundation.jobs.progress import JobCancelled, Progress
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import KeyTaken


def keep(progress: Progress, made: Path) -> str:
    """The key of the stored file: one for each job, so that an attempt that was cut off leaves nothing behind."""
    name = sha256(f"job {progress.public_id}".encode()).hexdigest()[:32]
    key = f"{name[:2]}/{name}{made.suffix}"
    progress.say(_("Menyimpan berkas…"))
    store().delete(key)
    with made.open("rb") as content, suppress(KeyTaken):
        store().put(key, content)
    try:
        progress.say("")
    except JobCancelled:
        store().delete(key)
        raise
    return key
