"""The card from which a learner copies a record into MyASN by hand."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession
from elearn.people.accounts.door import SignedIn
from elearn.recognition.certificates.queries import my_certificate_numbered
from elearn.recognition.learning_hours.queries import my_line, recognised_of
from elearn.standards.siasn.queries import sent_at
from elearn.standards.siasn.record import Record, record_of
from elearn.teaching.delivery.models import DeliveryForm

router = APIRouter()


@router.get("/capaian/myasn/{line}")
def card(request: Request, session: DbSession, actor: SignedIn, line: str) -> Response:
    found = my_line(session, actor, line)
    jp = recognised_of(session, found)
    record = record_of(found, jp)
    certificate = my_certificate_numbered(session, actor, found.evidence)
    return render(
        request,
        "siasn/card.html",
        line=found,
        no_use=_no_use(found.form, jp),
        sent_at=sent_at(session, found),
        fields=_told(record, found.form, certificate.number if certificate else found.evidence),
        certificate=certificate,
    )


def _no_use(form: DeliveryForm, jp: int) -> str:
    """Why a record is not to be copied at all, for the same reasons for which it would not leave from here."""
    if form.history not in ("kursus", "diklat"):
        return _("SIASN mencatat tugas belajar di riwayat lain, jadi baris ini tidak disalin sebagai kursus.")
    return "" if jp > 0 else _("JP yang diakui dari baris ini 0, jadi tidak ada yang perlu disalin.")


def _told(record: Record, form: DeliveryForm, number: str) -> list[tuple[str, str]]:
    """The fields as the form of MyASN names them, in its order, with the number of the certificate that counts now."""
    values = record.fields
    if record.history == "diklat":
        return [
            (_("Nomor"), number),
            (_("Tanggal mulai"), values["tanggal"]),
            (_("Tanggal selesai"), values["tanggalSelesai"]),
            (_("Tahun"), str(values["tahun"])),
            (_("Jumlah jam"), str(values["jumlahJam"])),
            (_("Institusi penyelenggara"), values["institusiPenyelenggara"]),
        ]
    return [
        (_("Jenis diklat"), form.name),
        (_("Nama kursus"), values["namaKursus"]),
        (_("Nomor sertifikat"), number),
        (_("Institusi penyelenggara"), values["institusiPenyelenggara"]),
        (_("Tanggal mulai"), values["tanggalKursus"]),
        (_("Tanggal selesai"), values["tanggalSelesaiKursus"]),
        (_("Tahun"), str(values["tahunKursus"])),
        (_("Jumlah jam"), str(values["jumlahJam"])),
    ]
