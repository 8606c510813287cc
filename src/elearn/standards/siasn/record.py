"""A line of the JP account in the fields of SIASN's web service. Pure.

The names are those of POST /kursus/save and /diklat/save, as the service spells them; days are dd-mm-yyyy.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.delivery.models import DeliveryForm

# jenis_dokumen of the PDF that each history asks for.
DOCUMENTS = {"diklat": 874, "kursus": 881}
# latihanStrukturalId by the programme's name; today's PKP, PKA and PKN II are kept as "lainnya".
_PROGRAMMES = (
    (r"\bsepada\b", "1"),
    (r"(pim|pemimpinan)\s*(tingkat|tk\.?)?\s*iv\b", "2"),
    (r"(pim|pemimpinan)\s*(tingkat|tk\.?)?\s*iii\b", "3"),
    (r"(pim|pemimpinan)\s*(tingkat|tk\.?)?\s*ii\b", "4"),
    (r"(pim|pemimpinan)\s*(tingkat|tk\.?)?\s*i\b", "5"),
    (r"\bsespim\b", "6"),
    (r"\bsespati\b", "7"),
)
_OTHER_PROGRAMME = "8"


@dataclass(frozen=True)
class Record:
    """One history entry: `fields` by SIASN's names; none of them holds whom it is about."""

    history: str
    fields: dict[str, Any]

    @property
    def document(self) -> int:
        """SIASN's id of the kind of document that proves it."""
        return DOCUMENTS[self.history]

    @property
    def fingerprint(self) -> str:
        """The same for the same words: what SIASN would not notice is no change."""
        return sha256(json.dumps([self.history, self.fields], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sent:
    """What SIASN has of a line, as far as we know."""

    fingerprint: str
    jp: int
    change: str
    siasn_id: str


class Answered(NamedTuple):
    """What SIASN refused of a line: the record as it was, SIASN's words, and the bundle that it was sent with."""

    whole: str
    words: str
    bundle: str


class Found(NamedTuple):
    """A line that stands in SIASN already: the entry's id and JP there, and whether all of it is the same."""

    line: str
    siasn_id: str
    jp: int
    same: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the account as it stands after its corrections, with whose it is and what SIASN has of it.

    `counted` is the public id of the enrolment, record or placement, as `source` says; `certificate` that of the one
    that counts, `revoked` that of one which was taken back and not replaced.
    """

    line_id: int
    line: str
    person_id: int
    person: str
    nip: str | None
    name: str
    pns_id: str | None
    unit: str
    title: str
    organiser: str
    evidence: str
    competency: str
    started_on: date
    ended_on: date
    jp: int
    form: DeliveryForm
    document: bool
    sent: Sent | None
    source: str = ""
    counted: str = ""
    certificate: str = ""
    unsigned: bool = False
    revoked: str = ""
    answered: Answered | None = None

    @property
    def record(self) -> Record:
        return record_of(self, self.jp)

    @property
    def whole(self) -> str:
        """The fingerprint of the record and of whose it is."""
        return sha256(f"{self.record.fingerprint} {self.pns_id}".encode()).hexdigest()

    @property
    def still_refused(self) -> bool:
        """Whether SIASN refused it, and nothing of it has changed since."""
        return self.answered is not None and self.answered.whole == self.whole


def record_of(line: LedgerLine | Entry, jp: int) -> Record:
    """The record of a line with its form, worth `jp`."""
    if line.form.history == "diklat":
        return Record("diklat", _diklat(line, jp))
    return Record("kursus", _kursus(line, jp))


def body_of(entry: Entry, record: Record, instansi: str, lokasi: str) -> dict[str, Any]:
    """All that the service is sent of a record. `id` is null for a new one, else the entry that it replaces."""
    whose = {"id": (entry.sent.siasn_id if entry.sent else "") or None, "pnsOrangId": entry.pns_id}
    if record.history == "diklat":
        return {**whose, **record.fields, "path": []}
    return {**whose, "instansiId": instansi, **record.fields, "lokasiId": lokasi, "path": []}


def _kursus(line: LedgerLine | Entry, jp: int) -> dict[str, Any]:
    return {
        "jenisDiklatId": str(line.form.siasn_id or ""),
        "jenisKursus": "",
        "jenisKursusSertipikat": line.form.siasn_letter,
        "namaKursus": line.title,
        "nomorSertipikat": line.evidence,
        "institusiPenyelenggara": line.organiser,
        "jumlahJam": jp,
        "tahunKursus": line.ended_on.year,
        "tanggalKursus": day(line.started_on),
        "tanggalSelesaiKursus": day(line.ended_on),
    }


def _diklat(line: LedgerLine | Entry, jp: int) -> dict[str, Any]:
    return {
        "latihanStrukturalId": _programme(line.title),
        "nomor": line.evidence,
        "tanggal": day(line.started_on),
        "tanggalSelesai": day(line.ended_on),
        "tahun": line.ended_on.year,
        "jumlahJam": jp,
        "institusiPenyelenggara": line.organiser,
        "jenisKompetensi": line.competency,
        "bobot": 0,
    }


def _programme(title: str) -> str:
    return next((key for name, key in _PROGRAMMES if re.search(name, title.lower())), _OTHER_PROGRAMME)


def day(moment: date) -> str:
    """dd-mm-yyyy."""
    return f"{moment:%d-%m-%Y}"
