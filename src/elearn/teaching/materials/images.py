"""Pictures for lessons: small enough for a phone, turned upright, without what a camera notes about the place."""

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from elearn.foundation.i18n import _
from elearn.teaching.materials.content import broken

LARGEST = 25 * 1024**2
MAX_PIXELS = 50_000_000
WIDEST = 1600
LOSSLESS_UP_TO = 150_000


def shrunk(path: Path, media_type: str) -> tuple[bytes, int, int]:
    """The picture as WebP of at most 1600 pixels, with its width and height. Raises Invalid when it is broken."""
    if path.stat().st_size > LARGEST:
        raise broken(_("Gambar lebih besar dari 25 MB. Perkecil gambarnya."))
    try:
        with warnings.catch_warnings(), Image.open(path, formats=[media_type.split("/")[1].upper()]) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if image.width * image.height > MAX_PIXELS:
                raise broken(_("Perkecil gambar menjadi paling banyak 50 megapiksel."))
            image.draft("RGB", (2 * WIDEST, 2 * WIDEST))
            upright = ImageOps.exif_transpose(image)
            drawn = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise broken(_("Gambar ini rusak atau terpotong. Simpan ulang, lalu unggah lagi.")) from wrong
    drawn.thumbnail((WIDEST, 2 * WIDEST))
    content = _webp(drawn, lossless=True) if media_type == "image/png" else b""
    if not content or len(content) > LOSSLESS_UP_TO:
        content = _webp(drawn, lossless=False)
    return content, drawn.width, drawn.height


def _webp(image: Image.Image, *, lossless: bool) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=lossless, quality=80, method=4)
    return out.getvalue()
