"""From a received file to evidence: a photo made upright and light, a PDF with pictures of its pages."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.copies import local_copy
from elearn.foundation.storage.store import Store, new_key
from elearn.recognition.external_records.rules import MOST_PAGES
from elearn.teaching.materials import pdf
from elearn.teaching.materials.content import WrongKind
from elearn.teaching.materials.intake import Upload, take_in

ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp"


@dataclass(frozen=True)
class Picture:
    """A page as a stored picture; width and height in pixels."""

    key: str
    width: int
    height: int


@dataclass(frozen=True)
class Evidence:
    """A stored file with the pictures of its pages; a photo is its own picture."""

    upload: Upload
    pictures: tuple[Picture, ...]

    @property
    def keys(self) -> set[str]:
        return {self.upload.key, *(picture.key for picture in self.pictures)}


def look_into(store: Store, key: str, name: str, size: int, sha256: str) -> Evidence:
    """The file under this key, ready to be read. No database, no lock held. Raises Invalid; nothing is kept then."""
    try:
        upload = take_in(store, key, name, size, sha256)
    except WrongKind as wrong:
        said = _("Isi berkas ini %(what)s. Pilih foto (JPEG, PNG, WebP) atau PDF.", what=wrong.what)
        raise _refused(said) from wrong
    if upload.kind == "image":
        return Evidence(upload, (Picture(upload.key, upload.width or 0, upload.height or 0),))
    try:
        return Evidence(upload, _pages(store, upload))
    except BaseException:
        store.delete(upload.key)
        raise


def _pages(store: Store, upload: Upload) -> tuple[Picture, ...]:
    if upload.kind != "pdf":
        raise _refused(_("Pilih foto (JPEG, PNG, WebP) atau PDF."))
    if upload.pages > MOST_PAGES:
        raise _refused(_("PDF ini %(n)s halaman. Unggah halaman sertifikatnya saja.", n=upload.pages))
    kept: list[Picture] = []
    try:
        with local_copy(store, upload.key) as path, tempfile.TemporaryDirectory() as folder:
            for page in pdf.render(path, 1, upload.pages, Path(folder)):
                key = new_key("webp")
                store.put(key, [page.file.read_bytes()])
                kept.append(Picture(key, page.width, page.height))
    except BaseException:
        for picture in kept:
            store.delete(picture.key)
        raise
    return tuple(kept)


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": sentence})
