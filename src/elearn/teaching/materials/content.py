"""What a file is, told by its content. The name is never asked."""

from collections.abc import Callable
from dataclasses import dataclass

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _
from elearn.teaching.materials.rules import accepted_in_short

HEAD = 64 * 1024
LARGEST_INDEX = 64 * 1024**2

# Bytes from a place on: read_at(start, count); fewer at the end of the file.
ReadAt = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Told:
    """`office` and `pdf` and `captions` still have to be looked into."""

    kind: str
    media_type: str
    seconds: int | None = None


# Known strangers, so that the refusal can say what the file is.
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", N_("program Windows (EXE)")),
    (b"\x7fELF", N_("program")),
    (b"\xca\xfe\xba\xbe", N_("program")),
    (b"#!", N_("naskah program")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("berkas Office lama atau berkas Office berkata sandi")),
    (b"Rar!", N_("arsip RAR")),
    (b"7z\xbc\xaf\x27\x1c", N_("arsip 7z")),
    (b"\x1f\x8b", N_("arsip GZIP")),
    (b"GIF8", N_("gambar GIF")),
    (b"BM", N_("gambar BMP")),
    (b"II*\0", N_("gambar TIFF")),
    (b"MM\0*", N_("gambar TIFF")),
    (b"{\\rtf", N_("berkas RTF")),
    (b"fLaC", N_("audio FLAC")),
    (b"FLV", N_("video FLV")),
)
_WEB_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
_QUICKTIME = {b"qt  "}
_PHOTOS = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"}


def tell(read_at: ReadAt, size: int) -> Told:
    """The kind and media type of a file of `size` bytes. Raises Invalid that says what it is instead."""
    head = read_at(0, min(HEAD, size))
    if head.startswith(b"%PDF-") or head[:8].lstrip().startswith(b"%PDF-"):
        return Told("pdf", "application/pdf")
    if head.startswith(b"PK\x03\x04"):
        return Told("office", "application/zip")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Told("image", "image/png")
    if head.startswith(b"\xff\xd8\xff"):
        return Told("image", "image/jpeg")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Told("image", "image/webp")
    return _recording(head, read_at, size) or _captions(head) or _refuse(head)


class WrongKind(Invalid):
    """A file is something else than what is accepted; `what` says what, for whoever accepts less than courses do."""

    def __init__(self, what: str) -> None:
        sentence = _("Isi berkas ini %(what)s. Berkas harus %(types)s.", what=what, types=accepted_in_short())
        super().__init__(sentence, {"file": sentence})
        self.what = what


def broken(what: str) -> Invalid:
    """The refusal of a file of an accepted type that cannot be used."""
    return Invalid(what, {"file": what})


def _recording(head: bytes, read_at: ReadAt, size: int) -> Told | None:
    if head[4:8] == b"ftyp":
        return _mp4(head, read_at, size)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _webm(head)
    if head.startswith(b"OggS"):
        if b"OpusHead" in head[:512] or b"\x01vorbis" in head[:512]:
            return Told("audio", "audio/ogg")
        raise WrongKind(_("OGG tanpa suara Opus atau Vorbis"))
    if head.startswith(b"ID3") or _mp3_frame(head):
        return Told("audio", "audio/mpeg")
    return None


def _mp3_frame(head: bytes) -> bool:
    """Whether two MPEG layer III frame headers stand where the first one says; two bytes alone prove nothing."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    bitrate = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)[head[2] >> 4]
    low_bitrate = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)[head[2] >> 4]
    rate = (44100, 48000, 32000, 0)[head[2] >> 2 & 3]
    first_version = head[1] & 0x18 == 0x18
    if not bitrate or not rate:
        return False
    if first_version:
        length = 144_000 * bitrate // rate
    else:
        length = 72_000 * low_bitrate // (rate // (2 if head[1] & 0x18 == 0x10 else 4))
    after = length + (head[2] >> 1 & 1)
    return head[after : after + 1] == b"\xff" and head[after + 1 : after + 2] == head[1:2]


def _webm(head: bytes) -> Told:
    place = head.find(b"\x42\x82", 0, 128)
    name = head[place + 3 : place + 3 + (head[place + 2] & 0x7F)] if place >= 0 else b""
    if name != b"webm":
        raise WrongKind(_("video Matroska (MKV)"))
    # Track types stand in the head: 0x83, length 1, then 1 for video and 2 for audio.
    video = b"\x83\x81\x01" in head or b"V_VP" in head or b"V_AV1" in head
    return Told("video", "video/webm") if video or b"A_" not in head else Told("audio", "audio/webm")


def _mp4(head: bytes, read_at: ReadAt, size: int) -> Told:
    brand = head[8:12]
    if brand in _PHOTOS:
        raise WrongKind(_("foto HEIC atau AVIF"))
    if brand in _QUICKTIME:
        raise WrongKind(_("video QuickTime (MOV)"))
    index = _index(read_at, size)
    seconds, video = _length(index), b"vide" in _handlers(index)
    if not video and b"soun" not in _handlers(index):
        raise broken(_("MP4 ini tidak berisi gambar atau suara. Simpan ulang, lalu unggah lagi."))
    return Told("video", "video/mp4", seconds) if video else Told("audio", "audio/mp4", seconds)


def _index(read_at: ReadAt, size: int) -> bytes:
    """The content of the box `moov` of an MP4 file (ISO/IEC 14496-12, 4.2). Raises Invalid for a file that is cut."""
    at, index = 0, b""
    cut = broken(_("MP4 ini terpotong atau rusak. Simpan ulang, lalu unggah lagi."))
    for _n in range(10_000):
        header = read_at(at, min(16, size - at)) if at < size else b""
        if len(header) < 8:
            break
        length, kind, begin = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, begin = int.from_bytes(header[8:16], "big"), 16
        elif length == 0:
            length = size - at
        if length < begin or at + length > size:
            # Some programs leave a few stray bytes at the end.
            if not index or kind == b"mdat":
                raise cut
            break
        if kind == b"moov":
            index = read_at(at + begin, min(length - begin, LARGEST_INDEX))
        at += length
    if not index:
        raise cut
    return index


def _handlers(index: bytes) -> list[bytes]:
    found, at = [], index.find(b"hdlr")
    while at >= 0:
        found.append(index[at + 12 : at + 16])
        at = index.find(b"hdlr", at + 4)
    return found


def _length(index: bytes) -> int | None:
    at = index.find(b"mvhd")
    if at < 0:
        return None
    wide = index[at + 4 : at + 5] == b"\x01"
    scale_at = at + (24 if wide else 16)
    scale = int.from_bytes(index[scale_at : scale_at + 4], "big")
    duration = int.from_bytes(index[scale_at + 4 : scale_at + (12 if wide else 8)], "big")
    seconds = -(-duration // scale) if scale else 0
    return seconds if 0 < seconds < 360_000 else None


def _captions(head: bytes) -> Told | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    subtitles = b"-->" in text[:4_000] and text[:1].isdigit()
    return Told("captions", "text/vtt") if text.startswith(b"WEBVTT") or subtitles else None


def _refuse(head: bytes) -> Told:
    for sign, what in _STRANGERS:
        if head.startswith(sign):
            raise WrongKind(_(what))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in text[:4_000] and text.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")):
        raise WrongKind(_("gambar SVG, yang dapat memuat program"))
    if text.startswith(_WEB_PAGES) or b"<script" in text[:4_000] or b"<html" in text[:4_000]:
        raise WrongKind(_("halaman web (HTML)"))
    raise WrongKind(_("tidak dikenali"))
