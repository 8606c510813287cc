"""What a packet takes in, and how its files are named. Pure."""

import re

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import N_, _
from elearn.learning.enrolment.models import Enrolment
from elearn.recognition.certificates.models import Certificate

HERE = ("there", "unsigned")
TOLD = {
    "there": N_("Ada dalam map sertifikat"),
    "unsigned": N_("Ada, belum ditandatangani secara elektronik"),
    "lost": N_("Berkas PDF-nya hilang dari penyimpanan, hubungi admin kabupaten"),
    "revoked": N_("Sertifikat dicabut dan belum diganti"),
    "unissued": N_("Sudah selesai, sertifikat belum terbit"),
    "failed": N_("Tidak lulus"),
    "deferred": N_("Kelulusan ditunda"),
    "undecided": N_("Kelulusan belum ditetapkan"),
    "learning": N_("Belum menyelesaikan pelatihan"),
}


def state_of(enrolment: Enrolment, certificate: Certificate | None, result: str) -> str:
    """Whether the newest certificate of an enrolment is in the packet, else why not: a word of `TOLD`.

    `result` is what was decided in a class: passed, failed, deferred, or blank.
    """
    if certificate is not None:
        if not certificate.valid:
            return "revoked"
        return "unsigned" if certificate.awaits_signature else "there"
    if enrolment.completed_at is not None:
        return "unissued"
    if result in ("failed", "deferred"):
        return result
    return "undecided" if enrolment.awaits_decision else "learning"


def file_name_of(nip: str, name: str, number: str) -> str:
    """The PDF's name without its ending: the NIP, or the name of who has none, and the number."""
    return f"{nip or _safe(name)}_{_safe(number)}"


def packet_name(title: str) -> str:
    """The ZIP's own name."""
    return f"sertifikat-{_safe(title).lower() or 'pelatihan'}.zip"


def place_of(of: str, key: str) -> str:
    """The page from which the packet of a class or of a course is asked for."""
    return f"/kelola/angkatan/{key}" if of == "class" else f"/ajar/{key}/peserta"


def check_any(pdfs: int) -> None:
    """Refuse a packet without a single certificate."""
    if not pdfs:
        raise Conflict(_("Belum ada sertifikat di sini. Sertifikat terbit begitu peserta lulus."))


def _safe(words: str) -> str:
    """Words as any disk takes them."""
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-")[:60]
