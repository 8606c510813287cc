"""Pictures that come with a course: told by content, measured, and refused when they could do more than be seen."""

import io
import re
import warnings
from xml.parsers.expat import ExpatError, ParserCreate

from PIL import Image, UnidentifiedImageError

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.markdown import Picture

MAX_BYTES = 5_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000
MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_SVG_TAGS = re.compile(
    "svg|g|defs|symbol|use|title|desc|metadata|style|marker|pattern|mask|clipPath|switch|path|rect|circle|ellipse"
    "|line|polyline|polygon|text|tspan|textPath|linearGradient|radialGradient|stop"
)
_SVG_NAMESPACE = "http://www.w3.org/2000/svg "
_REACHES_OUT = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|@import|javascript:|expression\s*\(|\\", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(?:px)?$")


def measured(name: str, content: bytes) -> Picture:
    """The picture's size in pixels, with its name as address. Raises Invalid when it cannot be shown safely."""
    ending = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    media_type = MEDIA_TYPES.get(ending)
    if media_type is None:
        raise Invalid(_("Simpan gambar sebagai SVG, PNG, JPEG, atau WebP."))
    if len(content) > MAX_BYTES:
        raise Invalid(_("Perkecil gambar menjadi paling banyak %(mb)s MB.", mb=MAX_BYTES // 1_000_000))
    width, height = _svg_size(content) if ending == ".svg" else _pixels(content, _FORMATS[media_type])
    return Picture(name, width, height)


def _pixels(content: bytes, expected: str) -> tuple[int, int]:
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=[expected]) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Invalid(_("Perkecil gambar menjadi paling banyak 50 megapiksel."))
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid(_("Simpan ulang gambar: isinya rusak atau tidak sesuai dengan namanya.")) from error
    return width, height


def _svg_size(content: bytes) -> tuple[int, int]:
    root = _checked_root(content)
    sizes = [_LENGTH.match(root.get(name, "")) for name in ("width", "height")]
    if not all(sizes):
        sizes = [_LENGTH.match(text) for text in root.get("viewBox", "").replace(",", " ").split()[2:4]]
    numbers = [round(float(size[1])) for size in sizes if size]
    if len(numbers) != 2 or not all(0 < number <= MAX_SIDE for number in numbers):
        raise Invalid(_('Tulis viewBox pada SVG, misalnya viewBox="0 0 320 400".'))
    return numbers[0], numbers[1]


def _checked_root(content: bytes) -> dict[str, str]:
    """The attributes of the outermost element, after every element was checked against the allow-list."""
    roots: list[dict[str, str]] = []
    styles: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(_SVG_NAMESPACE)
        if not roots and tag != _SVG_NAMESPACE + "svg":
            raise Invalid(_("Simpan ulang gambar: isinya rusak atau tidak sesuai dengan namanya."))
        if not tag.startswith(_SVG_NAMESPACE) or not _SVG_TAGS.fullmatch(name):
            raise Invalid(_("Hapus <%(tag)s> dari SVG: hanya gambar dan teks yang boleh ada.", tag=name[-40:]))
        _check_attributes(attributes)
        roots.append(attributes)
        inside.append(name)

    def end(_tag: str) -> None:
        inside.pop()

    def characters(text: str) -> None:
        if inside[-1] == "style":
            styles.append(text)

    def document_type(*_parts: object) -> None:
        # A document type can define entities that grow without end or read files; no drawing needs one.
        raise Invalid(_("Hapus DOCTYPE dari berkas SVG."))

    def instruction(*_parts: object) -> None:
        # xml-stylesheet would fetch a style from elsewhere.
        raise Invalid(_("Hapus baris <?…?> dari berkas SVG."))

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = document_type
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(content, True)
    except (ExpatError, ValueError) as error:
        raise Invalid(_("Perbaiki SVG: berkasnya bukan XML yang utuh.")) from error
    if _REACHES_OUT.search("".join(styles)):
        raise Invalid(_("Hapus alamat luar dari gaya SVG."))
    return roots[0]


def _check_attributes(attributes: dict[str, str]) -> None:
    for attribute, value in attributes.items():
        name = attribute.rsplit(" ", 1)[-1].lower()
        if name.startswith("on"):
            raise Invalid(_("Hapus atribut %(name)s dari SVG.", name=name[:40]))
        if (name == "href" and not value.strip().startswith("#")) or _REACHES_OUT.search(value):
            raise Invalid(_("Hapus alamat luar dari atribut %(name)s pada SVG.", name=name[:40]))
