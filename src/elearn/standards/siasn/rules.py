"""What SIASN would refuse, and what becomes of a record. Pure.

BKN publishes no list of its refusals. These follow the fields of the service (DOMAIN.md 3.1) and of the forms.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _, format_date
from elearn.standards.siasn.record import Entry

LONGEST_NUMBER = 100
LONGEST_NAME = 200
# Before the republic there was no civil servant of it.
FIRST_DAY = date(1945, 8, 17)
KINDS = range(1, 26)
LETTERS = ("T", "F", "P")

Outcome = Literal["new", "replacement", "deletion", "known", "refused", "apart"]


class Problem(NamedTuple):
    """Why SIASN would refuse a record, what to do, and where."""

    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A record with what becomes of it; only refused ones have problems."""

    entry: Entry
    outcome: Outcome
    problems: tuple[Problem, ...] = ()


@dataclass
class Tally:
    """How many records there are of each outcome, and the JP of those that leave."""

    new: int = 0
    replacement: int = 0
    deletion: int = 0
    known: int = 0
    refused: int = 0
    apart: int = 0
    jp: int = 0
    people: set[int] = field(default_factory=set, repr=False)

    def count(self, judged: Judged) -> None:
        setattr(self, judged.outcome, getattr(self, judged.outcome) + 1)
        if judged.outcome in ("new", "replacement", "deletion"):
            self.people.add(judged.entry.person_id)
            self.jp += judged.entry.jp

    @property
    def leaving(self) -> int:
        return self.new + self.replacement + self.deletion

    @property
    def counts(self) -> dict[str, int]:
        named = ("new", "replacement", "deletion", "known", "refused", "apart", "jp")
        return {**{name: getattr(self, name) for name in named}, "people": len(self.people)}


def check_office(instansi: str, lokasi: str) -> None:
    """No record is accepted without the government's own ids."""
    missing = [
        name
        for name, value in (("ELEARN_SIASN_INSTANSI_ID", instansi), ("ELEARN_SIASN_LOKASI_ID", lokasi))
        if not value
    ]
    if missing:
        names = _(" dan ").join(missing)
        raise Conflict(_("Setelan %(names)s masih kosong. Mintalah pengelola server mengisinya.", names=names))


def judged(entries: Iterable[Entry], today: date) -> Iterator[Judged]:
    """What becomes of each record. Entries of one person follow each other, so that twins are seen."""
    person, seen = 0, set[tuple[str, ...]]()
    for entry in entries:
        if entry.person_id != person:
            person, seen = entry.person_id, set()
        yield _judge(entry, today, seen)


def _judge(entry: Entry, today: date, seen: set[tuple[str, ...]]) -> Judged:
    if entry.form.history not in ("kursus", "diklat"):
        return Judged(entry, "apart")
    sent = entry.sent if entry.sent and entry.sent.change != "deletion" else None
    if entry.jp <= 0 and entry.sent:
        return Judged(entry, "deletion" if sent else "known")
    problems = tuple(_problems(entry, today, seen))
    if sent and sent.fingerprint == entry.record.fingerprint:
        return Judged(entry, "known")
    if problems:
        return Judged(entry, "refused", problems)
    return Judged(entry, "replacement" if sent else "new")


def _problems(entry: Entry, today: date, seen: set[tuple[str, ...]]) -> Iterator[Problem]:
    person, account, line = _addresses(entry)
    if not entry.pns_id:
        yield Problem(_("pnsOrangId belum diisi. Impor data SIASN, atau isi di data pegawai."), person)
    yield from _wrong_days(entry, today, account)
    if entry.jp <= 0:
        yield Problem(_("JP yang diakui 0, jadi tidak ada yang dikirim."), line)
    if not entry.evidence.strip():
        yield Problem(_("Nomor sertifikat kosong. SIASN mewajibkannya."), account)
    elif len(entry.evidence) > LONGEST_NUMBER:
        yield Problem(_("Nomor sertifikat lebih dari %(n)s huruf.", n=LONGEST_NUMBER), account)
    if not entry.title.strip() or len(entry.title) > LONGEST_NAME:
        yield Problem(_("Nama kegiatan harus 1 sampai %(n)s huruf.", n=LONGEST_NAME), account)
    if not entry.organiser.strip() or len(entry.organiser) > LONGEST_NAME:
        yield Problem(_("Institusi penyelenggara harus 1 sampai %(n)s huruf.", n=LONGEST_NAME), account)
    if entry.form.siasn_id not in KINDS or entry.form.siasn_letter not in LETTERS:
        yield Problem(_("Bentuk %(form)s tidak punya kode di SIASN.", form=entry.form.name), account)
    if not entry.document:
        yield Problem(_("Tidak ada PDF bukti. Sertifikatnya dicabut atau tidak tersimpan di sini."), account)
    yield from _twins(entry, seen, account)


def _wrong_days(entry: Entry, today: date, account: str) -> Iterator[Problem]:
    if entry.started_on > entry.ended_on:
        yield Problem(_("Tanggal mulai sesudah tanggal selesai."), account)
    if entry.ended_on > today:
        yield Problem(_("Tanggal selesai %(day)s belum tiba.", day=format_date(entry.ended_on)), account)
    if entry.started_on < FIRST_DAY:
        yield Problem(_("Tanggal mulai %(day)s tidak masuk akal.", day=format_date(entry.started_on)), account)


def _twins(entry: Entry, seen: set[tuple[str, ...]], account: str) -> Iterator[Problem]:
    if entry.jp <= 0:
        return
    number = ("number", "".join(entry.evidence.lower().split()))
    same = ("days", entry.title.lower().strip(), f"{entry.started_on}", f"{entry.ended_on}")
    if number[1] and number in seen:
        yield Problem(_("Nomor sertifikat sama dengan baris lain milik orang ini."), account)
    elif same in seen:
        yield Problem(_("Nama dan tanggal sama dengan baris lain milik orang ini."), account)
    seen |= {number, same}


def _addresses(entry: Entry) -> tuple[str, str, str]:
    """Where the person, the account and the line are mended."""
    person = f"/opd/pegawai/{entry.person}"
    return f"{person}/ubah", f"{person}/jp?tahun={entry.ended_on.year}", f"/kelola/jp/{entry.line}"
