"""A line of the JP account in the fields of SIASN's web service. Pure.

The names are those of POST /kursus/save and /diklat/save, as the service spells them; days are dd-mm-yyyy.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from elearn.recognition.learning_hours.models import LedgerLine

# jenis_dokumen of the PDF that each history asks for.
DOCUMENTS = {"diklat": 874, "kursus": 881}


@dataclass(frozen=True)
class Record:
    """One history entry: `fields` by SIASN's names; none of them holds whom it is about."""

    history: str
    fields: dict[str, Any]

    @property
    def document(self) -> int:
        """SIASN's id of the kind of document that proves it."""
        return DOCUMENTS[self.history]


def record_of(line: LedgerLine, jp: int) -> Record:
    """The record of a line with its form, worth `jp` as its certificate says."""
    if line.form.history == "diklat":
        return Record("diklat", _diklat(line, jp))
    return Record("kursus", _kursus(line, jp))


def _kursus(line: LedgerLine, jp: int) -> dict[str, Any]:
    return {
        "jenisDiklatId": str(line.form.siasn_id or ""),
        "jenisKursusSertipikat": line.form.siasn_letter,
        "namaKursus": line.title,
        "nomorSertipikat": line.evidence,
        "institusiPenyelenggara": line.organiser,
        "jumlahJam": jp,
        "tahunKursus": line.ended_on.year,
        "tanggalKursus": _day(line.started_on),
        "tanggalSelesaiKursus": _day(line.ended_on),
    }


def _diklat(line: LedgerLine, jp: int) -> dict[str, Any]:
    return {
        "nomor": line.evidence,
        "institusiPenyelenggara": line.organiser,
        "jumlahJam": jp,
        "tahun": line.ended_on.year,
        "tanggal": _day(line.started_on),
        "tanggalSelesai": _day(line.ended_on),
        "bobot": 0,
    }


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"
