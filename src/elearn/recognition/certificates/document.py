"""The certificate as a PDF: facts in, bytes out, the same bytes for the same facts. Pure but for the design's logo,
which is read from the store, where a file never changes. One that the store has lost is left out: nobody waits for
a certificate because of an ornament.

Tagged, PDF/A-2a and PDF/UA-1, in Bahasa Indonesia whatever the reader's language. Which fields stand on it
follows the records of the national personnel agency; the signer's name stands without academic titles unless
the facts say otherwise (Permendagri 1/2023 Pasal 44 ayat 2).
"""

import base64
import io
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import segno
import structlog
from babel.numbers import format_decimal
from pydantic import BaseModel, ConfigDict

from elearn.foundation.pdf import day_on_paper, pdf_of, period_on_paper, png_of
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile
from elearn.recognition.designs.design import STANDARD, Design, Logo

log = structlog.get_logger()

HERE = Path(__file__).parent
# The drawing of the QR code and the address it leads to.
_LETTER_BY_LETTER = ("qr", "qr_alt", "verify_url", "drawing")


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
    with_lines: bool = False
    """Print rank and NIP also where the name stands without titles."""
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

    document: str = "Sertifikat"
    """What it is called, such as a Surat Tanda Tamat Pendidikan dan Pelatihan."""
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


def certificate_pdf(facts: CertificateFacts, design: Design = STANDARD) -> bytes:
    """The PDF of a certificate; about 10 ms."""
    return pdf_of(HERE / "certificate.typ", _printed(facts, design), facts.issued_on, _LETTER_BY_LETTER)


def certificate_png(facts: CertificateFacts, design: Design = STANDARD) -> bytes:
    """A picture of the first page, some 1,300 pixels wide."""
    return png_of(HERE / "certificate.typ", _printed(facts, design), _LETTER_BY_LETTER)


def full_name(name: str, title_before: str = "", title_after: str = "") -> str:
    """`dr. Ani Sari, S.K.M., M.Kes.`"""
    before = f"{title_before.strip()} " if title_before.strip() else ""
    after = f", {title_after.strip()}" if title_after.strip() else ""
    return f"{before}{name.strip()}{after}"


def _printed(facts: CertificateFacts, design: Design) -> dict[str, Any]:
    holder = full_name(facts.name, facts.title_before, facts.title_after)
    run = f"{facts.form}, {period_on_paper(facts.starts_on, facts.ends_on)}"
    about = {"nip": f"NIP {facts.nip}" if facts.nip else "", "position": facts.position, "unit": facts.unit}
    score = _number(facts.score) if "score" in design.shown else ""
    fields = _fields(facts, holder)
    return {
        "document_title": f"{design.title} {facts.course}",
        "title": design.title,
        "opening": _filled(design.opening, fields),
        "statement": _filled(design.statement, fields) or _standard_statement(facts.passed),
        "closing": _filled(design.closing, fields) or _standard_closing(run, _number(facts.jp), score),
        "issuer": facts.organiser,
        "summary": f"{holder}, {facts.course}, nomor {facts.number}, kode {facts.code}.",
        "date": [facts.issued_on.year, facts.issued_on.month, facts.issued_on.day],
        "government": facts.government,
        "logo": _logo(design.logo) if design.logo else None,
        "organiser": facts.organiser,
        "number": facts.number,
        "holder": holder,
        "about": " · ".join(part for name, part in about.items() if part and name in design.shown),
        "course": facts.course,
        "qr": _qr(facts.verify_url),
        "qr_alt": f"Kode QR ke halaman verifikasi {facts.verify_url}",
        "verify_url": facts.verify_url,
        "verify_address": facts.verify_address,
        "code": facts.code,
        "place_and_date": ", ".join(part for part in (facts.place, day_on_paper(facts.issued_on)) if part),
        "signer": _signer(facts.signer),
        "second_title": design.second_title or "Mata pelatihan",
        "modules": [_line(line.title, line.minutes, line.jp) for line in facts.modules] if design.second_page else [],
        "total": _total(facts),
    }


def _fields(facts: CertificateFacts, holder: str) -> dict[str, str]:
    """What the fields of a design's texts stand for."""
    return {
        "nama": holder,
        "nip": facts.nip,
        "jabatan": facts.position,
        "unit": facts.unit,
        "judul": facts.course,
        "bentuk": facts.form,
        "waktu": period_on_paper(facts.starts_on, facts.ends_on),
        "jp": _number(facts.jp),
        "nilai": _number(facts.score),
        "penyelenggara": facts.organiser,
        "tempat": facts.place,
        "tanggal": day_on_paper(facts.issued_on),
        "nomor": facts.number,
        "kode": facts.code,
    }


def _filled(text: str, fields: dict[str, str]) -> list[dict[str, Any]]:
    """A text of a design with its fields filled in; what stands for a field is not read for fields again."""
    runs = []
    for words, field, _width, _conversion in Formatter().parse(text):
        # What a certificate does not have stands as a dash, so that the sentence stays whole.
        runs += [(words, False), ((fields.get(field) or "–") if field else "", field in ("jp", "nilai"))]
    return _runs(runs)


def _standard_statement(passed: bool) -> list[dict[str, Any]]:
    if passed:
        return _runs([("telah menyelesaikan dan dinyatakan ", False), ("lulus", True), (" pelatihan", False)])
    return _runs([("telah menyelesaikan pelatihan", False)])


def _standard_closing(run: str, jp: str, score: str) -> list[dict[str, Any]]:
    runs = [(f"{run}, setara ", False), (f"{jp} jam pelajaran (JP)", True), (".", False)]
    return _runs(runs + ([(" Nilai akhir ", False), (score, True), (".", False)] if score else []))


def _runs(texts: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    """Pieces of a sentence, plain or strong; the spaces between them are told apart, for texts are trimmed."""
    runs: list[dict[str, Any]] = []
    for text, strong in texts:
        if runs and text[:1].isspace():
            runs[-1]["space"] = True
        if text.strip():
            runs.append({"text": text, "strong": strong, "space": text[-1:].isspace()})
    return runs


def _signer(signer: Signer) -> dict[str, Any]:
    name = full_name(signer.name, signer.title_before, signer.title_after) if signer.with_titles else signer.name
    lines = [signer.rank, f"NIP {signer.nip}" if signer.nip else ""]
    told = signer.with_titles or signer.with_lines
    return {
        "position": signer.position,
        "note": signer.note,
        "name": name,
        "lines": [line for line in lines if line and told],
    }


def _line(title: str, minutes: int | None, jp: Decimal | None) -> dict[str, str]:
    return {
        "title": title,
        "minutes": "" if minutes is None else _number(Decimal(minutes)),
        "jp": "" if jp is None else format_decimal(jp, "#,##0.00", locale="id"),
    }


def _total(facts: CertificateFacts) -> dict[str, str] | None:
    if not facts.modules:
        return None
    minutes = [line.minutes for line in facts.modules if line.minutes is not None]
    return {**_line("", sum(minutes) if minutes else None, None), "jp": _number(facts.jp)}


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    # Every mask reads alike; weighing all eight of them would take as long as the rest of the page.
    segno.make(url, error="m", mask=3).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _logo(logo: Logo) -> dict[str, Any] | None:
    try:
        href = f"data:{logo.media_type};base64,{_stored(logo.key)}"
    except MissingFile:
        log.warning("logo_lost", key=logo.key)
        return None
    drawn = f'width="{logo.width}" height="{logo.height}"'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {drawn}><image {drawn} href="{href}"/></svg>'
    return {"drawing": drawing, "alt": logo.alt, "ratio": logo.width / logo.height}


@lru_cache(maxsize=4)
def _stored(key: str) -> str:
    return base64.b64encode(store().read(key)).decode()


def _number(value: Decimal | None) -> str:
    return "" if value is None else format_decimal(value, "#,##0.##", locale="id")
