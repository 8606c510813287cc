"""Letters about a class as PDF: the call-up of all who take part, and the assignment by which an OPD sends its people.

In Bahasa Indonesia whatever the reader's language, as office letters are. Their numbers are given by hand.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from elearn.foundation.pdf import day_on_paper, pdf_of, period_on_paper
from elearn.foundation.settings import settings
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.accounts import nip

TEMPLATE = Path(__file__).parent / "letter.typ"
DOTS = "." * 40


def call_up(cohort: Cohort, people: Sequence[Participant], today: date) -> bytes:
    """The letter that calls people to a class. The class's course and form, and people's units, are loaded."""
    office = settings()
    return _letter(
        cohort,
        people,
        today,
        document_title=f"Pemanggilan peserta {cohort.name}"[:200],
        title="Pemanggilan Peserta",
        head=[f"Nomor: {DOTS}", f"Hal: Pemanggilan peserta {cohort.course.title}", "Yth. Kepala Perangkat Daerah"],
        before=["Dengan hormat, kami mengharapkan pegawai berikut hadir sebagai peserta pelatihan ini."],
        after=["Mohon pegawai tersebut dibebaskan dari tugas lain pada tanggal itu. Terima kasih atas kerja samanya."],
        office=office.office_name,
        place_and_date=", ".join(filter(None, (office.office_place, day_on_paper(today)))),
        signer={
            "position": office.signer_position or f"Kepala {office.office_name}",
            "name": office.signer_name or DOTS,
            "nip": "",
        },
    )


def assignment(cohort: Cohort, people: Sequence[Participant], unit: str, today: date) -> bytes:
    """The letter by which a unit sends its people to a class; who signs it is filled in by hand."""
    return _letter(
        cohort,
        people,
        today,
        document_title=f"Surat tugas {cohort.name}"[:200],
        title="Surat Tugas",
        head=[f"Nomor: {DOTS}"],
        before=["Yang bertanda tangan di bawah ini menugaskan pegawai berikut untuk mengikuti pelatihan."],
        after=["Surat tugas ini dibuat untuk dilaksanakan dengan penuh tanggung jawab."],
        office=unit or settings().office_name,
        place_and_date=day_on_paper(today),
        signer={"position": f"Kepala {unit}" if unit else "Kepala", "name": DOTS, "nip": f"NIP {DOTS}"},
    )


def _letter(cohort: Cohort, people: Sequence[Participant], today: date, **said: Any) -> bytes:
    organiser = cohort.organiser or cohort.course.organiser or settings().office_name
    about = [
        ["Pelatihan", cohort.course.title],
        ["Angkatan", cohort.name],
        ["Bentuk", cohort.form.name],
        ["Tanggal", period_on_paper(cohort.starts_on, cohort.ends_on)],
        ["Tempat", cohort.place or "Daring"],
        ["Tautan", cohort.link],
        ["Penyelenggara", organiser],
    ]
    printed = {
        "summary": f"{cohort.course.title}, {cohort.name}, {len(people)} orang.",
        "date": [today.year, today.month, today.day],
        "office_place": settings().office_place,
        "about": [pair for pair in about if pair[1]],
        "people": [_person(each) for each in people],
        **said,
    }
    return pdf_of(TEMPLATE, printed, today)


def _person(participant: Participant) -> dict[str, str]:
    person = participant.person
    return {
        "name": person.full_name,
        "nip": f"NIP {nip.grouped(person.nip)}" if person.nip else "",
        "position": person.position,
        "unit": person.unit.name if person.unit else "",
    }
