"""Mail to whoever filed a record: an officer asked, approved or refused.

Asked for in the transaction of the decision and sent by a job, so nobody hears of what was undone.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.i18n import N_, _
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.people.accounts.models import Person
from elearn.recognition.external_records.forms import OTHER, REASONS
from elearn.recognition.external_records.models import ExternalRecord

JOB = "records.tell"
SUBJECTS = {
    "asked": N_("Petugas bertanya tentang sertifikat Anda"),
    "approved": N_("Sertifikat Anda disetujui"),
    "refused": N_("Sertifikat Anda belum dapat dihitung"),
}


def tell_owner(session: Session, news: str, record: ExternalRecord, said: str, now: datetime, reason: str = "") -> None:
    """Have the owner mailed, who serves and has an address; without a mail server nothing is asked for."""
    owner = session.get_one(Person, record.person_id)
    if not (mailer().enabled and owner.active and owner.email):
        return
    arguments = {"news": news, "record": record.public_id, "said": said, "reason": reason}
    enqueue(session, kind=JOB, title=record.title, owner_id=None, arguments=arguments, unit="surel", now=now)


def words(news: str, who: Person, record: ExternalRecord, said: str, reason: str) -> str:
    """The message, in the reader's language."""
    told = [_(REASONS[reason])] if reason and reason != OTHER else []
    return "\n".join(
        [
            _("Yth. %(name)s,", name=who.full_name),
            "",
            _sentence(news),
            *told,
            *([said] if said else []),
            "",
            _("Kegiatan: %(title)s", title=record.title),
            _("Lihat di %(address)s", address=f"{settings().base_url}/capaian/luar/{record.public_id}"),
            "",
        ]
    )


def _sentence(news: str) -> str:
    match news:
        case "asked":
            return _("Petugas bertanya tentang pengajuan Anda. Perbaiki atau jawab, lalu kirim lagi.")
        case "approved":
            return _("Pengajuan Anda disetujui. JP-nya tercatat di halaman Capaian.")
        case _:
            return _("Pengajuan Anda belum dapat dihitung karena alasan ini:")
