"""The certificate as a PDF. Pure: facts in, bytes out, the same bytes for the same facts.

Tagged, PDF/A-2a and PDF/UA-1, in Bahasa Indonesia whatever the reader's language. Which fields stand on it
follows the records of the national personnel agency; the signer's name stands without academic titles unless
the facts say otherwise (Permendagri 1/2023 Pasal 44 ayat 2).
"""

import io
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from threading import Lock
from typing import Any

import segno
import typst
from babel.dates import format_date
from babel.numbers import format_decimal
from pydantic import BaseModel, ConfigDict

from elearn.recognition.designs.design import STANDARD, Design

HERE = Path(__file__).parent
STANDARDS = ["a-2a", "ua-1"]
LONGEST_TEXT = 250
LONGEST_WORD = 60

# The drawing of the QR code and the address it leads to.
_LETTER_BY_LETTER = ("qr", "qr_alt", "verify_url")
# The compiler refuses a second thread.
_one_at_a_time = Lock()


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
    return pdf_of(HERE / "certificate.typ", _printed(facts, design), facts.issued_on)


def certificate_png(facts: CertificateFacts, design: Design = STANDARD) -> bytes:
    """A picture of the first page, some 1,300 pixels wide."""
    printed = _cleaned(_printed(facts, design), _printable)
    with _one_at_a_time:
        drawn = _compiler(HERE / "certificate.typ").compile(
            format="png", ppi=112, sys_inputs={"facts": json.dumps(printed)}
        )
    return drawn[0] if isinstance(drawn, list) else bytes(drawn)


def pdf_of(template: Path, printed: dict[str, Any], day: date) -> bytes:
    """What a template makes of these texts and numbers, dated to a day: tagged, PDF/A-2a and PDF/UA-1."""
    try:
        return _compiled(template, _cleaned(printed, _printable), day)
    except typst.TypstError:
        # A letter that no font at hand can draw breaks PDF/A; the rest of the name must still be printed.
        return _compiled(template, _cleaned(printed, _latin), day)


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


def _compiled(template: Path, printed: dict[str, Any], day: date) -> bytes:
    with _one_at_a_time:
        pdf: bytes = _compiler(template).compile(
            format="pdf",
            sys_inputs={"facts": json.dumps(printed)},
            pdf_standards=STANDARDS,
            timestamp=int(datetime.combine(day, time(5), UTC).timestamp()),
        )
    return pdf


@cache
def _compiler(template: Path) -> Any:
    # The system's fonts stay out, so that the same facts look the same on every host.
    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
    )


def _printed(facts: CertificateFacts, design: Design) -> dict[str, Any]:
    holder = full_name(facts.name, facts.title_before, facts.title_after)
    run = f"{facts.form}, {period(facts.starts_on, facts.ends_on)}"
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
        "place_and_date": ", ".join(part for part in (facts.place, _day(facts.issued_on)) if part),
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
        "waktu": period(facts.starts_on, facts.ends_on),
        "jp": _number(facts.jp),
        "nilai": _number(facts.score),
        "penyelenggara": facts.organiser,
        "tempat": facts.place,
        "tanggal": _day(facts.issued_on),
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


def _cleaned(value: Any, clean: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(inner, clean, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, clean) for inner in value]
    return clean(value) if isinstance(value, str) and key not in _LETTER_BY_LETTER else value


def _printable(text: str) -> str:
    """One line of visible signs, of bounded length, that can be broken anywhere a word is absurdly long."""
    signs = unicodedata.normalize("NFC", text).translate({9: " ", 10: " ", 13: " "})
    kept = "".join(sign for sign in signs if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(kept.split())
    if len(line) > LONGEST_TEXT:
        line = line[: LONGEST_TEXT - 1].rstrip() + "…"
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", lambda run: run.group() + "\u200b", line)


def _latin(text: str) -> str:
    """As `_printable`, with a question mark for every sign outside the Latin script."""
    return "".join(sign if _is_latin(sign) else "?" for sign in _printable(text))


def _is_latin(sign: str) -> bool:
    return sign.isascii() or sign in "·…–—‘’“”\u200b" or unicodedata.name(sign, "").startswith("LATIN ")
