"""The sign-in sheet of a session as a PDF to print, some thirty rows a page.

In Bahasa Indonesia whatever the reader's language.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.pdf import day_on_paper, pdf_of
from elearn.foundation.settings import settings
from elearn.learning.attendance.models import ClassSession
from elearn.learning.attendance.queries import Listed
from elearn.people.accounts import nip

TEMPLATE = Path(__file__).parent / "sheet.typ"


def sign_in_sheet(meeting: ClassSession, roll: Sequence[Listed], today: date) -> bytes:
    """Tagged, PDF/A. Class and course of the session, and people with their units, are loaded."""
    cohort, day = meeting.cohort, wib_date(meeting.starts_at)
    starts, ends = (moment.astimezone(WIB) for moment in (meeting.starts_at, meeting.ends_at))
    about = [
        ["Pelatihan", cohort.course.title],
        ["Angkatan", cohort.name],
        ["Sesi", meeting.title],
        ["Waktu", f"{day_on_paper(day)}, {starts:%H.%M} sampai {ends:%H.%M} WIB"],
        ["Tempat", meeting.place or cohort.place],
    ]
    printed = {
        "document_title": f"Daftar hadir {meeting.title}, {cohort.name}"[:200],
        "summary": f"{cohort.course.title}, {cohort.name}, {meeting.title}, {len(roll)} orang.",
        "office": settings().office_name,
        "date": [today.year, today.month, today.day],
        "about": [pair for pair in about if pair[1]],
        "people": [_row(each) for each in roll],
    }
    return pdf_of(TEMPLATE, printed, today)


def _row(listed: Listed) -> dict[str, str]:
    person = listed.participant.person
    return {
        "name": person.full_name,
        "nip": nip.grouped(person.nip) if person.nip else "",
        "unit": person.unit.name if person.unit else "",
    }
