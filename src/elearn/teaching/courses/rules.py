"""Rules of courses. Pure."""

import re
import unicodedata
from collections.abc import Collection

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.teaching.courses.models import Course

# Addresses below /ajar and /pelatihan that are pages, not courses.
RESERVED = frozenset({"baru", "materi", "dokumen", "rekaman", "kuis", "bank"})
LONGEST_SLUG = 70
_NEXT = {"draft": ("published",), "published": ("draft", "archived"), "archived": ("published",)}


def check_editable(course: Course) -> None:
    """A course that lives as files is changed there only, or the next sync would undo the change."""
    if course.from_files:
        raise Conflict(_("Pelatihan ini disusun dari berkas. Ubah berkasnya, lalu jalankan sinkronisasi."))


def slug_of(title: str, taken: Collection[str]) -> str:
    """The address word of a title: letters, digits and hyphens; numbered where it is taken or reserved."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "pelatihan"
    slug, number = stem, 1
    while slug in RESERVED or slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def check_next(course: Course, state: str) -> None:
    """Refuse a step that a course in this state cannot take."""
    if state not in _NEXT[course.state]:
        raise Conflict(_("Keadaan pelatihan sudah berubah. Muat ulang halaman ini."))


def missing_facts(course: Course, activities: int) -> list[tuple[str, str]]:
    """What the course itself still lacks before learners may see it: a sentence and the page that mends it."""
    found = []
    if not course.summary.strip():
        found.append((_("Tulis ringkasan pelatihan di Pengaturan."), f"/ajar/{course.slug}/pengaturan"))
    if course.classes_only:
        # What it is worth comes from its classes, which may need no materials at all.
        return found
    if not activities:
        found.append((_("Tambahkan paling sedikit satu materi."), "#tambah"))
    elif course.jp < 1:
        found.append((_("Lama belajar baru %(n)s menit, belum cukup untuk 1 JP.", n=course.minutes), ""))
    return found
