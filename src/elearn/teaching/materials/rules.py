"""Names, limits and words of course files. Pure."""

import re
import unicodedata

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings

LONGEST_NAME = 150
MOST_PAGES = 400

# Kind of file -> endings that go with its media types; the first one is given to a name without any of them.
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
    "audio/webm": ("webm", "weba"),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "text/vtt": ("vtt",),
}
OFFICE = tuple(media_type for media_type in ENDINGS if "openxmlformats" in media_type)
ACCEPT = ".pdf,.docx,.pptx,.xlsx,.png,.jpg,.jpeg,.webp,.mp4,.m4v,.webm,.mp3,.m4a,.ogg,.oga,.opus,.vtt,.srt"


class UndrawnPage(Invalid):
    """A page of a PDF, counted from 1, of which no picture can be made."""

    def __init__(self, page: int) -> None:
        super().__init__(undrawn_in_words(page))
        self.page = page


def undrawn_in_words(page: int | str) -> str:
    """What its author can do about it."""
    return _("Halaman %(n)s PDF ini tidak dapat digambar. Simpan ulang PDF, lalu unggah lagi.", n=page)


def problem_in_words(problem: str) -> str:
    """A material's problem in the reader's language; it is kept as the number of the page that cannot be drawn."""
    return undrawn_in_words(problem) if problem.isdigit() else _(problem)


def upload_limit() -> int:
    """Bytes that one file may have."""
    return settings().upload_limit_mb * 1024**2


def accepted_types() -> list[tuple[str, str]]:
    """What may be uploaded and what becomes of it, in words."""
    return [
        (_("PDF"), _("menjadi halaman bergambar yang ringan")),
        (_("DOCX, PPTX, XLSX"), _("menjadi berkas untuk diunduh")),
        (_("MP4, WebM"), _("menjadi video")),
        (_("MP3, M4A, OGG, Opus"), _("menjadi audio")),
        (_("PNG, JPEG, WebP"), _("menjadi gambar di dalam bacaan")),
        (_("VTT, SRT"), _("menjadi takarir video atau audio")),
    ]


def accepted_in_short() -> str:
    """The accepted types as they stand in a refusal."""
    return _("PDF, DOCX, PPTX, XLSX, PNG, JPEG, WebP, MP4, WebM, MP3, M4A, OGG, VTT, atau SRT")


def clean_name(name: str, media_type: str) -> str:
    """A file name without folders and control signs, short enough, whose ending agrees with the content."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    shown = re.sub(r'[<>:"|?*]', "", re.sub(r"\s+", " ", shown)).strip(" .")
    stem, _dot, ending = shown.rpartition(".")
    endings = ENDINGS[media_type]
    if not stem:
        stem, ending = shown, ""
    if ending.lower() not in endings:
        stem = stem if 1 <= len(ending) <= 5 else shown
        ending = endings[0]
    ending = ending.lower()
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip(' .') or _('berkas')}.{ending}"


def picture_name(name: str) -> str:
    """A name that can stand in Markdown as it is: letters, digits and hyphens."""
    stem, _dot, ending = name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60] or 'gambar'}.{ending}"


def title_of(file_name: str) -> str:
    """A title for the activity that a file becomes."""
    stem = file_name.rpartition(".")[0] or file_name
    words = re.sub(r"[_\s]+", " ", stem).strip()
    return (words[:1].upper() + words[1:])[:200]


def numbered(name: str, taken: set[str]) -> str:
    """The name, or the name with the first free number: `denah.png`, `denah-2.png`."""
    if name not in taken:
        return name
    stem, _dot, ending = name.rpartition(".")
    number = next(n for n in range(2, len(taken) + 3) if f"{stem}-{n}.{ending}" not in taken)
    return f"{stem}-{number}.{ending}"


def guessed_minutes(kind: str, pages: int, seconds: int | None) -> int:
    """Minutes that an activity made of a file may take: two a page, or as long as the recording."""
    if kind in ("video", "audio"):
        return max(1, -(-(seconds or 300) // 60))
    return min(180, max(2, 2 * pages)) if kind == "pdf" else 5
