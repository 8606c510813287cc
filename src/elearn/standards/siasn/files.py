"""The files of a bundle: tables of kursus and diklat in SIASN's own names, PDFs named to match, and what stays out.

Each record is judged once and kept as a line on disk meanwhile, so that memory stays flat however many there are.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from elearn.foundation.i18n import N_, _
from elearn.foundation.settings import Settings
from elearn.foundation.storage.store import Store
from elearn.foundation.tables import Column, Kind, csv_chunks, json_chunks, xlsx_book
from elearn.learning.placements.proof import placement_pdf
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.drawing import Steps, kept_pdf
from elearn.recognition.external_records.document import evidence_pdf
from elearn.standards.siasn.queries import CHUNK, Document, Sessions, Wanted, documents_of, entries
from elearn.standards.siasn.record import Entry, body_of, day
from elearn.standards.siasn.rules import Judged, Tally, judged, left_jp

LEAVING = ("new", "replacement")
_NUMBERS = {"jumlahJam", "tahunKursus", "tahun", "bobot"}
_FIELDS = {
    "kursus": (
        "id",
        "pnsOrangId",
        "instansiId",
        "jenisDiklatId",
        "jenisKursus",
        "jenisKursusSertipikat",
        "namaKursus",
        "nomorSertipikat",
        "institusiPenyelenggara",
        "jumlahJam",
        "tahunKursus",
        "tanggalKursus",
        "tanggalSelesaiKursus",
        "lokasiId",
    ),
    "diklat": (
        "id",
        "pnsOrangId",
        "latihanStrukturalId",
        "nomor",
        "tanggal",
        "tanggalSelesai",
        "tahun",
        "jumlahJam",
        "institusiPenyelenggara",
        "jenisKompetensi",
        "bobot",
    ),
}
# The names of the columns that no field of SIASN has; `berkas` is the PDF beside the table.
_TOLD = {
    "nip": N_("NIP"),
    "nama": N_("Nama"),
    "unit": N_("Unit kerja saat itu"),
    "riwayat": N_("Riwayat"),
    "kegiatan": N_("Kegiatan"),
    "bentuk": N_("Bentuk"),
    "nomor": N_("Nomor sertifikat"),
    "penyelenggara": N_("Penyelenggara"),
    "mulai": N_("Mulai"),
    "selesai": N_("Selesai"),
    "jp": N_("JP"),
    "keterangan": N_("Keterangan"),
    "berkas": N_("Berkas PDF"),
}
CHANGES = {
    "new": N_("Baru"),
    "replacement": N_("Menggantikan yang sudah dikirim"),
    "deletion": N_("Hapus di SIASN"),
    "refused": N_("Belum dapat dikirim"),
    "apart": N_("Tidak diekspor"),
    "known": N_("Sudah dikirim"),
}


@dataclass(frozen=True)
class Assembled:
    """What stands in the folder, and the file with a line for each record that left."""

    tally: Tally
    left: Path

    def rows(self) -> Iterator[dict[str, Any]]:
        """What `actions.note_left` remembers."""
        with self.left.open(encoding="utf-8") as lines:
            for line in lines:
                kept = json.loads(line)
                if kept["noted"]:
                    yield kept["noted"]

    def answered(self) -> Iterator[dict[str, Any]]:
        """What SIASN itself refused before and is still the same, in words for people."""
        return (kept["told"] for kept in _kept(self.left) if kept["answered"])


def assemble(
    sessions: Sessions,
    actor: Actor,
    wanted: Wanted,
    office: Settings,
    store: Store,
    folder: Path,
    aside: Path,
    today: date,
    step: Steps,
    seen: Callable[[int], None] = lambda done: None,
) -> Assembled:
    """Write all files into `folder`; `aside` is the notebook that stays out of it. `seen` hears how many are done.

    `step` gives a transaction that commits: what was not drawn yet is drawn and kept.
    """
    tally, done = Tally(), 0
    notes = aside / "records.jsonl"
    found = judged(entries(sessions, actor, wanted), today)
    with notes.open("w", encoding="utf-8") as book:
        while some := list(islice(found, CHUNK)):
            pdfs = _proofs(sessions, some)
            for each in some:
                tally.count(each)
                name = ""
                if each.outcome in LEAVING:
                    name = name_in_bundle(each.entry)
                    _save(folder / name, pdf_bytes(pdfs[each.entry.line_id], store, step))
                if each.outcome != "known":
                    book.write(json.dumps(_note(each, name, office), ensure_ascii=False) + "\n")
            done += len(some)
            seen(done)
    _write_tables(notes, folder)
    (folder / "BACA-SAYA.txt").write_text(_told(tally), encoding="utf-8")
    return Assembled(tally, notes)


def pdf_bytes(document: Document, store: Store, step: Steps) -> bytes:
    """The certificate's PDF, drawn and kept where there is none yet; else what was filed, or the placement's."""
    if document.placement is not None:
        return placement_pdf(document.placement)
    if document.certificate is None:
        return evidence_pdf(store, document.evidence)
    return kept_pdf(step, store, document.certificate.id)


def file_name_of(entry: Entry) -> str:
    """The PDF's name beside the tables: whose, which number, and the line, so that no two are the same."""
    number = re.sub(r"[^A-Za-z0-9]+", "-", entry.evidence).strip("-")[:60]
    return f"{entry.nip or entry.person}_{number}_{entry.line}.pdf"


def _proofs(sessions: Sessions, some: list[Judged]) -> dict[int, Document]:
    leaving = [each.entry for each in some if each.outcome in LEAVING]
    with sessions() as session:
        return documents_of(session, [entry.line_id for entry in leaving])


def name_in_bundle(entry: Entry) -> str:
    """Where the PDF stands within a bundle."""
    return f"pdf/{entry.record.history}/{file_name_of(entry)}"


def _save(target: Path, pdf: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pdf)


def _note(each: Judged, file: str, office: Settings) -> dict[str, Any]:
    """All that the tables need of a record, and what is remembered of one that leaves."""
    entry, noted, body = each.entry, None, None
    record = entry.record if each.outcome != "apart" else None
    if record and each.outcome in (*LEAVING, "deletion"):
        noted = {
            "line_id": entry.line_id,
            "change": each.outcome,
            "fingerprint": record.fingerprint,
            "jp": left_jp(each),
        }
    if record and each.outcome in LEAVING:
        body = body_of(entry, record, office.siasn_instansi_id, office.siasn_lokasi_id)
        body = {"nip": entry.nip, **body, "berkas": file}
    return {
        "outcome": each.outcome,
        "history": entry.form.history,
        "noted": noted,
        "body": body,
        "told": _words(each),
        "answered": each.outcome == "refused" and entry.still_refused,
    }


def _words(each: Judged) -> dict[str, Any]:
    entry = each.entry
    told = [problem.sentence for problem in each.problems] or [_(CHANGES[each.outcome])]
    if each.outcome == "deletion" and entry.revoked:
        told.append(_("Sertifikatnya dicabut."))
    if entry.sent and entry.sent.siasn_id:
        told.append(f"id SIASN {entry.sent.siasn_id}")
    return {
        "nip": entry.nip,
        "nama": entry.name,
        "unit": entry.unit,
        "riwayat": entry.form.history,
        "kegiatan": entry.title,
        "bentuk": entry.form.name,
        "nomor": entry.evidence,
        "penyelenggara": entry.organiser,
        "mulai": day(entry.started_on),
        "selesai": day(entry.ended_on),
        "jp": entry.jp,
        "keterangan": " ".join(told),
        "berkas": file_name_of(entry) if each.outcome in LEAVING else "",
    }


def _write_tables(notes: Path, folder: Path) -> None:
    for history, names in _FIELDS.items():
        columns = [Column(name, name, _kind(name)) for name in ("nip", *names, "berkas")]
        _write(folder / f"{history}.csv", csv_chunks(columns, _bodies(notes, history)))
        _write(folder / f"{history}.json", json_chunks(columns, _bodies(notes, history)))
    told = told_columns()
    book = [
        (history, [Column(name, name, _kind(name)) for name in ("nip", *names, "berkas")], _bodies(notes, history))
        for history, names in _FIELDS.items()
    ]
    book += [
        (_("Untuk dibaca"), told, _told_rows(notes, *LEAVING)),
        (_("Hapus di SIASN"), told, _told_rows(notes, "deletion")),
        (_("Belum dapat dikirim"), told, _told_rows(notes, "refused")),
        (_("Tidak diekspor"), told, _told_rows(notes, "apart")),
    ]
    xlsx_book(book, folder / "siasn.xlsx")


def told_columns() -> list[Column]:
    """The columns for people, in their language."""
    return [Column(name, _(label), _kind(name)) for name, label in _TOLD.items()]


def told_rows(found: Iterator[Judged], *outcomes: str) -> Iterator[dict[str, Any]]:
    """Records of these outcomes as rows for people."""
    return (_words(each) for each in found if each.outcome in outcomes)


def _kind(name: str) -> Kind:
    if name == "nip":
        return "nip"
    return "int" if name in _NUMBERS or name == "jp" else "text"


def _write(target: Path, chunks: Iterator[bytes]) -> None:
    with target.open("wb") as file:
        file.writelines(chunks)


def _bodies(notes: Path, history: str) -> Iterator[dict[str, Any]]:
    return (kept["body"] for kept in _kept(notes) if kept["body"] and kept["history"] == history)


def _told_rows(notes: Path, *outcomes: str) -> Iterator[dict[str, Any]]:
    return (kept["told"] for kept in _kept(notes) if kept["outcome"] in outcomes)


def _kept(notes: Path) -> Iterator[dict[str, Any]]:
    with notes.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _told(tally: Tally) -> str:
    """What the folder holds, for whoever opens it a year later. In Bahasa Indonesia, as SIASN is."""
    return (
        "Paket riwayat untuk SIASN\r\n\r\n"
        f"Baru: {tally.new}\r\nMenggantikan yang sudah dikirim: {tally.replacement}\r\n"
        f"Hapus di SIASN: {tally.deletion}\r\nBelum dapat dikirim: {tally.refused}\r\n"
        f"Tidak diekspor (tugas belajar, JP 0): {tally.apart}\r\nJumlah JP: {tally.jp}\r\n\r\n"
        "kursus.*, diklat.*  nama kolom sama dengan nama isian layanan SIASN, tanggal dd-mm-yyyy\r\n"
        "siasn.xlsx          semua tabel, juga yang untuk dibaca\r\n"
        "pdf/                bukti; kolom berkas menyebut namanya\r\n"
    )
