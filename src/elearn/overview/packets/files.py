"""The files of a packet. Each person is a line on disk meanwhile, so that memory stays flat however many there are."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from elearn.foundation.i18n import _
from elearn.foundation.storage.store import MissingFile, Store
from elearn.foundation.tables import Column, chunks_as
from elearn.overview.exports.rules import Format
from elearn.overview.packets.queries import Holder
from elearn.overview.packets.rules import HERE, TOLD, file_name_of, state_of
from elearn.recognition.certificates.drawing import Steps, kept_pdf
from elearn.recognition.certificates.models import Certificate

FOLDER = "sertifikat"


class Packet:
    """A folder that is filled some people at a time; `held` tells how many PDFs it has.

    `step` gives a transaction that commits: a PDF that was not drawn yet is drawn and kept.
    """

    def __init__(self, place: Path, store: Store, step: Steps) -> None:
        self.folder = place / "paket"
        self.held = 0
        self._notes = place / "people.jsonl"
        self._store = store
        self._step = step
        (self.folder / FOLDER).mkdir(parents=True)

    def add(self, some: Sequence[Holder]) -> None:
        """Copy the PDFs of these people, and note each of them."""
        with self._notes.open("a", encoding="utf-8") as book:
            for each in some:
                book.write(json.dumps(self._row(each), ensure_ascii=False) + "\n")

    def close(self, form: Format) -> None:
        """Write the list of everybody."""
        columns = [
            Column("nip", _("NIP"), "nip"),
            Column("name", _("Nama")),
            Column("unit", _("Unit")),
            Column("number", _("Nomor sertifikat")),
            Column("state", _("Keterangan")),
            Column("file", _("Berkas PDF")),
        ]
        with (self.folder / f"daftar.{form}").open("wb") as file:
            file.writelines(chunks_as(form, columns, self._rows(), _("Sertifikat")))

    def _row(self, each: Holder) -> dict[str, Any]:
        person, certificate = each.enrolment.person, each.certificate
        state, file = state_of(each.enrolment, certificate, each.result), ""
        if certificate is not None and state in HERE:
            file = self._copied(file_name_of(person.nip or "", person.name, certificate.number), certificate)
            state = state if file else "lost"
        return {
            "nip": person.nip or "",
            "name": person.full_name,
            "unit": person.unit.name if person.unit else "",
            "number": certificate.number if certificate is not None else "",
            "state": _(TOLD[state]),
            "file": file,
        }

    def _copied(self, name: str, certificate: Certificate) -> str:
        """The name within the packet; empty where the store has lost the file."""
        file = f"{FOLDER}/{name}.pdf"
        if (self.folder / file).exists():
            # Numbers that differ in signs alone look the same on a disk.
            file = f"{FOLDER}/{name}_{certificate.public_id}.pdf"
        target = self.folder / file
        try:
            with target.open("wb") as copy:
                copy.writelines(self._pieces(certificate))
        except MissingFile:
            target.unlink()
            return ""
        self.held += 1
        return file

    def _pieces(self, certificate: Certificate) -> Iterable[bytes]:
        if certificate.storage_key is None:
            return [kept_pdf(self._step, self._store, certificate.id)]
        return self._store.chunks(certificate.storage_key)

    def _rows(self) -> Iterator[dict[str, Any]]:
        with self._notes.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
