"""The certificate as a PDF. Pure: facts in, bytes out, the same bytes for the same facts.

Tagged, PDF/A-2a and PDF/UA-1, in Bahasa Indonesia whatever the reader's language. Which fields stand on it
follows the records of the national personnel agency; the signer's name stands without academic titles unless
the facts say otherwise (Permendagri 1/2023 Pasal 44 ayat 2).
"""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import segno
from babel.dates import format_date
from babel.numbers import format_decimal
from pydantic import BaseModel, ConfigDict

from elearn.foundation.pdf import pdf_of

HERE = Path(__file__).parent
# The drawing of the QR code and the address it leads to.
_LETTER_BY_LETTER = ("qr", "qr_alt", "verify_url")


class Signer(BaseModel):
    """Who answers for the certificate."""

    model_config = ConfigDict(frozen=True)

    position: str
    name: str
    title_before: str = ""
    title_after: str = ""
    rank: str = ""
    nip: str = ""
    with_titles: bool = False
    """Print titles, rank and NIP as well (Pasal 44 ayat 3); without them is the rule for certificates."""
    note: str = ""
    """What stands in the place of the pen, such as "Ditandatangani secara elektronik"."""


class ModuleLine(BaseModel):
    """One line of the second page."""

    model_config = ConfigDict(frozen=True)

    title: str
    minutes: int | None = None
    jp: Decimal | None = None


class CertificateFacts(BaseModel):
    """Every printed field. Kept as JSON by `model_dump(mode="json")`, read back by `model_validate`."""

    model_config = ConfigDict(frozen=True)

    number: str
    code: str
    """As printed, with its dashes."""
    verify_url: str
    """Leads straight to this certificate; goes into the QR code."""
    verify_address: str
    """What a reader types by hand, without the code."""
    name: str
    title_before: str = ""
    title_after: str = ""
    nip: str = ""
    """As printed, in groups."""
    position: str = ""
    unit: str = ""
    course: str
    form: str
    starts_on: date
    ends_on: date
    jp: Decimal
    score: Decimal | None = None
    passed: bool = True
    government: str = ""
    organiser: str
    place: str
    issued_on: date
    signer: Signer
    modules: tuple[ModuleLine, ...] = ()


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The PDF of a certificate; about 10 ms."""
    return pdf_of(HERE / "certificate.typ", _printed(facts), facts.issued_on, _LETTER_BY_LETTER)


def full_name(name: str, title_before: str = "", title_after: str = "") -> str:
    """`dr. Ani Sari, S.K.M., M.Kes.`"""
    before = f"{title_before.strip()} " if title_before.strip() else ""
    after = f", {title_after.strip()}" if title_after.strip() else ""
    return f"{before}{name.strip()}{after}"


def period(first: date, last: date) -> str:
    """`3 sampai 21 Agustus 2026`, naming month and year once where they are the same."""
    if first >= last:
        return _day(last)
    form = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    if first.year != last.year:
        form = "d MMMM y"
    return f"{format_date(first, form, locale='id')} sampai {_day(last)}"


def _printed(facts: CertificateFacts) -> dict[str, Any]:
    holder = full_name(facts.name, facts.title_before, facts.title_after)
    run = f"{facts.form}, {period(facts.starts_on, facts.ends_on)}"
    about = [f"NIP {facts.nip}" if facts.nip else "", facts.position, facts.unit]
    return {
        "document_title": f"Sertifikat {facts.course}",
        "issuer": facts.organiser,
        "summary": f"{holder}, {facts.course}, nomor {facts.number}, kode {facts.code}.",
        "date": [facts.issued_on.year, facts.issued_on.month, facts.issued_on.day],
        "government": facts.government,
        "organiser": facts.organiser,
        "number": facts.number,
        "holder": holder,
        "about": " · ".join(part for part in about if part),
        "passed": facts.passed,
        "course": facts.course,
        "run": run,
        "jp": _number(facts.jp),
        "score": _number(facts.score),
        "qr": _qr(facts.verify_url),
        "qr_alt": f"Kode QR ke halaman verifikasi {facts.verify_url}",
        "verify_url": facts.verify_url,
        "verify_address": facts.verify_address,
        "code": facts.code,
        "place_and_date": f"{facts.place}, {_day(facts.issued_on)}",
        "signer": _signer(facts.signer),
        "modules": [_line(line.title, line.minutes, line.jp) for line in facts.modules],
        "total": _total(facts),
    }


def _signer(signer: Signer) -> dict[str, Any]:
    if not signer.with_titles:
        return {"position": signer.position, "note": signer.note, "name": signer.name, "lines": []}
    lines = [signer.rank, f"NIP {signer.nip}" if signer.nip else ""]
    return {
        "position": signer.position,
        "note": signer.note,
        "name": full_name(signer.name, signer.title_before, signer.title_after),
        "lines": [line for line in lines if line],
    }


def _line(title: str, minutes: int | None, jp: Decimal | None) -> dict[str, str]:
    return {
        "title": title,
        "minutes": "" if minutes is None else _number(Decimal(minutes)),
        "jp": _number(jp),
    }


def _total(facts: CertificateFacts) -> dict[str, str] | None:
    if not facts.modules:
        return None
    minutes = [line.minutes for line in facts.modules if line.minutes is not None]
    return _line("", sum(minutes) if minutes else None, facts.jp)


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    # Every mask reads alike; weighing all eight of them would take as long as the rest of the page.
    segno.make(url, error="m", mask=3).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")


def _number(value: Decimal | None) -> str:
    return "" if value is None else format_decimal(value, "#,##0.##", locale="id")
