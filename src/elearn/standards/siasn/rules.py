"""What SIASN would refuse, and what becomes of a record. Pure.

BKN publishes no list of its refusals. These follow the fields of the service (DOMAIN.md 3.1) and of the forms.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
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
    """A record with what becomes of it; those that are refused or stand apart say why."""

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
            self.jp += left_jp(judged)

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


def left_jp(judged: Judged) -> int:
    """JP that SIASN has of a record once it left."""
    return 0 if judged.outcome == "deletion" else judged.entry.jp


def judged(entries: Iterable[Entry], today: date, *, again: bool = False) -> Iterator[Judged]:
    """What becomes of each record. Entries of one person follow each other, so that twins are seen.

    With `again`, what SIASN itself refused is tried once more although nothing of it has changed.
    """
    person, seen = 0, set[tuple[str, ...]]()
    for entry in (replace(each, answered=None) if again else each for each in entries):
        if entry.person_id != person:
            person, seen = entry.person_id, set()
        yield _judge(entry, today, seen)


def _judge(entry: Entry, today: date, seen: set[tuple[str, ...]]) -> Judged:
    if entry.form.history not in ("kursus", "diklat"):
        return Judged(entry, "apart", (Problem(_("Tugas belajar. SIASN mencatatnya di riwayat lain."), ""),))
    sent = entry.sent if entry.sent and entry.sent.change != "deletion" else None
    if entry.sent and (entry.jp <= 0 or entry.revoked):
        return Judged(entry, "deletion" if sent else "known")
    if entry.jp <= 0:
        said = _("JP yang diakui 0, jadi tidak ada yang dikirim.")
        return Judged(entry, "apart", (Problem(said, f"/kelola/jp/{entry.line}"),))
    problems = tuple(_problems(entry, today, seen))
    if sent and sent.fingerprint == entry.record.fingerprint:
        return Judged(entry, "known")
    if problems:
        return Judged(entry, "refused", problems)
    return Judged(entry, "replacement" if sent else "new")


def _problems(entry: Entry, today: date, seen: set[tuple[str, ...]]) -> Iterator[Problem]:
    person = f"/opd/pegawai/{entry.person}"
    if not entry.pns_id:
        yield Problem(_("pnsOrangId belum diisi. Impor data SIASN, atau isi di data pegawai."), f"{person}/ubah")
    mended, how = _mending(entry)
    for sentence in (*_wrong_days(entry, today), *_wrong_words(entry)):
        yield Problem(f"{sentence} {how}".strip(), mended)
    if entry.form.siasn_id not in KINDS or entry.form.siasn_letter not in LETTERS:
        yield Problem(_("Bentuk %(form)s tidak punya kode di SIASN.", form=entry.form.name), _account(entry))
    yield from _no_proof(entry)
    yield from _twins(entry, seen, _account(entry))
    if entry.answered and entry.still_refused:
        said = _(
            'SIASN menolak: "%(words)s". Betulkan datanya, atau kirim lagi dari paketnya.', words=entry.answered.words
        )
        yield Problem(said, f"/kelola/siasn/paket/{entry.answered.bundle}#tangan")


def _mending(entry: Entry) -> tuple[str, str]:
    """Where the facts of a line are mended, and how: the line itself never changes."""
    if entry.source == "record":
        said = _("Batalkan persetujuannya, lalu mintalah pemiliknya membetulkan dan mengajukan lagi.")
        return f"/persetujuan/sertifikat/{entry.counted}", said
    if entry.source == "placement":
        said = _("Batalkan pengesahannya, betulkan penempatannya, lalu sahkan lagi.")
        return f"/kelola/magang/{entry.counted}", said
    if entry.certificate:
        return f"/kelola/sertifikat/{entry.certificate}", _("Terbitkan sertifikat penggantinya.")
    return _account(entry), ""


def _wrong_days(entry: Entry, today: date) -> Iterator[str]:
    if entry.started_on > entry.ended_on:
        yield _("Tanggal mulai sesudah tanggal selesai.")
    if entry.ended_on > today:
        yield _("Tanggal selesai %(day)s belum tiba.", day=format_date(entry.ended_on))
    if entry.started_on < FIRST_DAY:
        yield _("Tanggal mulai %(day)s tidak masuk akal.", day=format_date(entry.started_on))


def _wrong_words(entry: Entry) -> Iterator[str]:
    if not entry.evidence.strip():
        yield _("Nomor sertifikat kosong. SIASN mewajibkannya.")
    elif len(entry.evidence) > LONGEST_NUMBER:
        yield _("Nomor sertifikat lebih dari %(n)s huruf.", n=LONGEST_NUMBER)
    if not entry.title.strip() or len(entry.title) > LONGEST_NAME:
        yield _("Nama kegiatan harus 1 sampai %(n)s huruf.", n=LONGEST_NAME)
    if not entry.organiser.strip() or len(entry.organiser) > LONGEST_NAME:
        yield _("Institusi penyelenggara harus 1 sampai %(n)s huruf.", n=LONGEST_NAME)


def _no_proof(entry: Entry) -> Iterator[Problem]:
    if entry.unsigned:
        said = _("Sertifikat menunggu tanda tangan. Baris ini keluar setelah ditandatangani.")
        yield Problem(said, f"/kelola/sertifikat/{entry.certificate}")
    elif entry.revoked:
        said = _("Tidak ada PDF bukti: sertifikatnya dicabut. Terbitkan penggantinya, atau betulkan JP menjadi 0.")
        yield Problem(said, f"/kelola/sertifikat/{entry.revoked}")
    elif not entry.document and entry.source == "course":
        said = _("Tidak ada PDF bukti. Terbitkan sertifikatnya.")
        yield Problem(said, "/kelola/sertifikat/terbit")
    elif not entry.document:
        yield Problem(_("Tidak ada PDF bukti yang tersimpan di sini."), _account(entry))


def _twins(entry: Entry, seen: set[tuple[str, ...]], account: str) -> Iterator[Problem]:
    number = ("number", "".join(entry.evidence.lower().split()))
    same = ("days", entry.title.lower().strip(), f"{entry.started_on}", f"{entry.ended_on}")
    if number[1] and number in seen:
        yield Problem(_("Nomor sertifikat sama dengan baris lain milik orang ini."), account)
    elif same in seen:
        yield Problem(_("Nama dan tanggal sama dengan baris lain milik orang ini."), account)
    seen |= {number, same}


def _account(entry: Entry) -> str:
    return f"/opd/pegawai/{entry.person}/jp?tahun={entry.ended_on.year}"
