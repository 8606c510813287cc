"""Office files: a ZIP with the parts of ECMA-376, without macros. Only its list of contents is unpacked."""

import zipfile
import zlib
from pathlib import Path

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.teaching.materials.content import WrongKind, broken
from elearn.teaching.materials.rules import OFFICE

MOST_PARTS = 20_000
LARGEST_UNPACKED = 4 * 1024**3
LARGEST_RATIO = 300
LARGEST_CONTENTS = 4 * 1024**2

_CONTENTS = "[Content_Types].xml"
_MAIN_PARTS = {"word/document.xml": OFFICE[0], "ppt/presentation.xml": OFFICE[1], "xl/workbook.xml": OFFICE[2]}


def office_type(path: Path) -> str:
    """The media type of a DOCX, PPTX or XLSX file. Raises Invalid for any other ZIP, for macros, and for a ZIP bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(archive, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as wrong:
        raise _damaged() from wrong


def _checked(archive: zipfile.ZipFile, size: int) -> str:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    main = next((name for name in _MAIN_PARTS if name in names), None)
    if main is None or _CONTENTS not in names:
        raise WrongKind(_("arsip ZIP"))
    if any(part.flag_bits & 1 for part in parts):
        raise broken(_("Berkas Office ini berkata sandi. Simpan tanpa kata sandi, lalu unggah lagi."))
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or unpacked > max(size, 1024**2) * LARGEST_RATIO:
        raise broken(_("Berkas Office ini mengembang terlalu besar saat dibuka. Simpan ulang dari aplikasinya."))
    with archive.open(_CONTENTS) as contents:
        listed = contents.read(LARGEST_CONTENTS)
    if b"macroEnabled" in listed or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise broken(_("Berkas Office ini berisi makro. Simpan tanpa makro, misalnya sebagai DOCX."))
    media_type = _MAIN_PARTS[main]
    if f"{media_type}.main+xml".encode() not in listed:
        raise _damaged()
    return media_type


def _damaged() -> Invalid:
    return broken(_("Berkas Office ini rusak atau terpotong. Simpan ulang, lalu unggah lagi."))
