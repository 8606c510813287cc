"""Small files made in code: real ones, broken ones, and others in disguise."""

import io
import zipfile
from functools import cache

import pikepdf
from PIL import Image

from elearn.teaching.materials.office import LARGEST_RATIO

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ" + b"\x90\0" * 400
SRT = "1\n00:00:01,000 --> 00:00:04,500\nSelamat <b>datang</b>\n\n2\n00:00:05,000 --> 00:00:06,000\ndi pelatihan\n"
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nSelamat datang\n"


def pdf(*pages: str) -> bytes:
    """A PDF with one line of text a page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, text in enumerate(pages):
        drawn = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("rahasia"))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="pemilik", user="sandi"))
    return out.getvalue()


@cache
def docx(*, macro: bool = False, bomb: bool = False) -> bytes:
    """A document; the bomb unpacks to one byte more than its size allows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{DOCX}.main+xml"/></Types>')
        archive.writestr("word/document.xml", b"0" * (LARGEST_RATIO * 1024**2 + 1) if bomb else b"<document/>")
        if macro:
            archive.writestr("word/vbaProject.bin", b"macro")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("catatan.txt", "halo")
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#14532d").save(out, form, **options)
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def mp4(*handlers: bytes, seconds: int = 95, brand: bytes = b"isom", media: bytes = b"x" * 64) -> bytes:
    header = b"\0" * 12 + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big") + b"\0" * 80
    tracks = b"".join(box(b"trak", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12)) for handler in handlers)
    return box(b"ftyp", brand + b"\0" * 8) + box(b"moov", box(b"mvhd", header) + tracks) + box(b"mdat", media)


def webm(kind: bytes = b"webm", codec: bytes = b"V_VP8") -> bytes:
    return (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82"
        + bytes([0x80 | len(kind)])
        + kind
        + b"\x86"
        + codec
        + b"\0" * 40
    )


def mp3() -> bytes:
    # 128 kbit/s at 44.1 kHz: a frame is 417 bytes long.
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * 5


def ogg() -> bytes:
    return b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 40
