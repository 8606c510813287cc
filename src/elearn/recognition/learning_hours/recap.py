"""A year's account as a PDF to hand in. In Bahasa Indonesia whatever the reader's language."""

from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date

from elearn.foundation.pdf import pdf_of
from elearn.foundation.settings import settings
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.learning_hours.queries import Account
from elearn.recognition.learning_hours.rules import AccountLine, YearlyJp

TEMPLATE = Path(__file__).parent / "recap.typ"
NOTE = (
    "Diperoleh: JP menurut pelatihannya. Diakui: yang tersisa setelah batas bentuknya, misalnya JP sehari untuk "
    "e-learning. Satu JP {minutes} menit. Pembetulan menjadi baris tersendiri."
)


def recap_pdf(account: Account, person: Person, unit: Unit | None, today: date) -> bytes:
    """The recap as it stands today; `unit` is where the person works or, in a past year, worked at its end."""
    jp, office = account.jp, settings()
    about = [f"NIP {nip.grouped(person.nip)}" if person.nip else "", person.position]
    about += [unit.name if unit else "", jp.asn_kind.replace("_", " ")]
    printed = {
        "document_title": f"Rekap JP {jp.year} {person.full_name}",
        "summary": f"{person.full_name}: {jp.recognised} JP diakui pada tahun {jp.year}.",
        "office": office.office_name,
        "date": [today.year, today.month, today.day],
        "printed_on": _day(today),
        "year": str(jp.year),
        "holder": person.full_name,
        "about": [part for part in about if part],
        "standing": f"{jp.recognised} JP diakui",
        "detail": _detail(jp),
        "earned": str(jp.earned),
        "recognised": str(jp.counted),
        "ceiling": "" if jp.counted == jp.recognised else str(jp.recognised),
        "lines": [_line(line) for line in account.lines],
        "note": NOTE.format(minutes=jp.rule.minutes_per_jp),
    }
    return pdf_of(TEMPLATE, printed, today)


def _detail(jp: YearlyJp) -> str:
    if not jp.owes:
        return f"PPPK: paling banyak {jp.target} JP setahun."
    if jp.missing:
        return f"Kurang {jp.missing} JP dari {jp.target} JP setahun."
    return f"Kewajiban {jp.target} JP setahun terpenuhi."


def _line(line: AccountLine) -> dict[str, Any]:
    told = (
        f"Pembetulan: {line.reason}" if line.corrects_id else ", ".join(filter(None, (line.organiser, line.evidence)))
    )
    return {
        "title": line.title,
        "detail": told,
        "ended": _day(line.ended_on),
        "form": line.form,
        "earned": str(line.jp_earned),
        "recognised": str(line.jp_recognised),
    }


def _day(day: date) -> str:
    return format_date(day, "d MMM y", locale="id")
