"""From stored bytes to a file that courses can use: told by content, looked into, made light."""

from dataclasses import dataclass, replace

from elearn.foundation.storage.copies import local_copy
from elearn.foundation.storage.store import Store, new_key
from elearn.teaching.materials import captions, images, pdf
from elearn.teaching.materials.content import tell
from elearn.teaching.materials.office import office_type
from elearn.teaching.materials.rules import clean_name


@dataclass(frozen=True)
class Upload:
    """A stored file that was looked into. `sha256` is that of what was sent, so that sending it again is noticed."""

    key: str
    name: str
    size: int
    sha256: str
    kind: str
    media_type: str
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    pages: int = 0
    text: str = ""


def take_in(store: Store, key: str, name: str, size: int, sha256: str) -> Upload:
    """What the file under this key is; `name` is what the sender calls it. No database, no lock held: it may take long.

    Raises Invalid with the rule that the file breaks; the file is deleted then.
    """
    try:
        return _looked_into(store, key, name, size, sha256)
    except BaseException:
        store.delete(key)
        raise


def _looked_into(store: Store, key: str, name: str, size: int, sha256: str) -> Upload:
    told = tell(lambda start, count: b"".join(store.chunks(key, start, start + count)), size)
    found = Upload(key, name, size, sha256, told.kind, told.media_type, seconds=told.seconds)
    if told.kind == "captions":
        found = _captions(store, found)
    elif told.kind in ("pdf", "office", "image"):
        with local_copy(store, key) as path:
            if told.kind == "pdf":
                found = replace(found, pages=pdf.page_count(path))
            elif told.kind == "office":
                found = replace(found, media_type=office_type(path))
            else:
                picture, width, height = images.shrunk(path, told.media_type)
                found = _instead(store, found, picture, "image/webp")
                found = replace(found, width=width, height=height)
    return replace(found, name=clean_name(name, found.media_type))


def _captions(store: Store, found: Upload) -> Upload:
    vtt = captions.to_vtt(b"".join(store.chunks(found.key, 0, captions.LARGEST + 1)))
    return replace(_instead(store, found, vtt, "text/vtt"), text=captions.words(vtt))


def _instead(store: Store, found: Upload, content: bytes, media_type: str) -> Upload:
    """Keep this content in place of what was sent."""
    key = new_key(media_type.split("/")[1])
    stored = store.put(key, iter([content]))
    store.delete(found.key)
    return replace(found, key=key, size=stored.size, media_type=media_type)
