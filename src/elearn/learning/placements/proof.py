"""What proves a placement, as a PDF: who was where, what the host signed, who confirmed it, report and logbook.

Drawn from what stands; nobody changes a placement while it is confirmed. In Bahasa Indonesia whatever the reader's
language.
"""

from datetime import datetime
from pathlib import Path
from textwrap import wrap

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.pdf import LONGEST_TEXT, day_on_paper, pdf_of, period_on_paper
from elearn.foundation.settings import settings
from elearn.learning.placements.models import Placement
from elearn.learning.placements.queries import Proof
from elearn.learning.placements.rules import hours
from elearn.people.accounts import nip

TEMPLATE = Path(__file__).parent / "proof.typ"
# What the host ticked; the words of the host's page.
STATEMENT = "Saya membimbing pegawai ini, dan isi laporan benar."


def placement_pdf(proof: Proof) -> bytes:
    """Tagged, PDF/A. The same bytes each time, dated to the day of the confirmation."""
    placement, office = proof.placement, settings()
    confirmed_on = wib_date(placement.confirmed_at) if placement.confirmed_at else placement.ends_on
    person, total = placement.person, sum(entry.minutes for entry in placement.entries)
    printed = {
        "document_title": f"Bukti {placement.form.name} {person.full_name}"[:200],
        "summary": f"{person.full_name}, {placement.title}, {placement.partner.name}, {proof.jp} JP.",
        "date": [confirmed_on.year, confirmed_on.month, confirmed_on.day],
        "office": office.office_name,
        "office_place": office.office_place,
        "title": f"Bukti {placement.form.name}",
        "about": [pair for pair in _about(placement, proof.jp) if pair[1]],
        "signatures": _signatures(placement),
        "report": [wrap(line, LONGEST_TEXT - 1) for line in placement.report.splitlines() if line.strip()],
        "entries": [
            {
                "day": day_on_paper(entry.day),
                "text": wrap(entry.text, LONGEST_TEXT - 1),
                "hours": _hours(entry.minutes),
            }
            for entry in placement.entries
        ],
        "total": f"{len(placement.entries)} hari, {_hours(total)} jam",
    }
    return pdf_of(TEMPLATE, printed, confirmed_on)


def file_name_of(proof: Proof) -> str:
    """What the download is called."""
    return f"Bukti {proof.placement.form.name} {proof.placement.person.name}.pdf"


def _about(placement: Placement, jp: int) -> list[list[str]]:
    person = placement.person
    return [
        ["Nama", person.full_name],
        ["NIP", nip.grouped(person.nip) if person.nip else ""],
        ["Kegiatan", placement.title],
        ["Bentuk", placement.form.name],
        ["Tempat", placement.partner.name],
        ["Perjanjian", ", ".join(filter(None, (placement.agreed_number, placement.agreed_title)))],
        ["Surat tugas", placement.letter],
        ["Waktu", period_on_paper(placement.starts_on, placement.ends_on)],
        ["Nilai", f"{jp} JP"],
    ]


def _signatures(placement: Placement) -> list[dict[str, str]]:
    """Of the host and of the admin: who, what was stated, when."""
    host = {
        "role": "Pembimbing di tempat mitra",
        "name": placement.signed_name,
        "position": placement.host_position,
        "statement": STATEMENT,
        "remark": placement.remark,
        "moment": _moment(placement.signed_at),
    }
    admin = {
        "role": "Disahkan oleh",
        "name": placement.confirmer.full_name if placement.confirmer else settings().office_name,
        "position": placement.confirmer.position if placement.confirmer else "",
        "statement": "Penempatan ini dihitung sebagai pengembangan kompetensi.",
        "remark": "",
        "moment": _moment(placement.confirmed_at),
    }
    return [host, admin]


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    there = at.astimezone(WIB)
    return f"{day_on_paper(there.date())} pukul {there:%H.%M} WIB"


def _hours(minutes: int) -> str:
    return f"{hours(minutes):g}".replace(".", ",")
