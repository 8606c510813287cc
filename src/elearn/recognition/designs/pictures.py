"""A logo as it is printed: flat on white paper, not larger than paper needs. Pure."""

import io
from typing import Any

from PIL import Image

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

MOST_BYTES = 5 * 1024**2
SMALLEST = 64
LARGEST = (1200, 400)
LIGHT = 200_000
"""Bytes beyond which a photograph is told from a drawing, and kept as one."""


def on_paper(picture: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """A picture that was checked before (WebP) as PNG or JPEG, with its media type and size in pixels.

    Raises Invalid for a tiny one.
    """
    with Image.open(io.BytesIO(picture), formats=["WEBP"]) as opened:
        drawn = opened.convert("RGBA")
    if min(drawn.size) < SMALLEST:
        sentence = _("Logo terlalu kecil untuk dicetak. Pilih gambar paling sedikit %(n)s piksel.", n=SMALLEST)
        raise Invalid(sentence, {"file": sentence})
    drawn.thumbnail(LARGEST)
    # Paper is white, and what lets nothing through stays valid in every archive.
    flat = Image.new("RGB", drawn.size, "#ffffff")
    flat.paste(drawn, mask=drawn.getchannel("A"))
    content = _saved(flat, "PNG", optimize=True)
    if len(content) <= LIGHT:
        return content, "image/png", flat.size
    return _saved(flat, "JPEG", quality=88), "image/jpeg", flat.size


def _saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()
