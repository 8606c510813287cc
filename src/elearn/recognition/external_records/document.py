"""The evidence of a record as one PDF, as the national system wants it."""

import io
from collections.abc import Sequence

from PIL import Image

from elearn.foundation.storage.store import Store
from elearn.recognition.external_records.models import EvidenceFile


def evidence_pdf(store: Store, files: Sequence[EvidenceFile]) -> bytes:
    """A single PDF as it was uploaded; everything else from the pictures of its pages, in order.

    What somebody uploaded is never opened as a PDF here; only the pictures that were drawn of it are.
    """
    if len(files) == 1 and files[0].media_type == "application/pdf":
        return store.read(files[0].storage_key)
    pages = [
        Image.open(io.BytesIO(store.read(page.storage_key)), formats=["WEBP"]).convert("RGB")
        for file in files
        for page in file.pages
    ]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()
