"""Mail to whoever is placed: cancelled, changed, the host's signature void, the confirmation taken back.

Asked for in the transaction of the deed and sent by a job, so nobody hears of what was undone.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.i18n import N_, _, format_period
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.learning.placements.models import Placement
from elearn.people.accounts.models import Person

JOB = "placements.tell"
SUBJECTS = {
    "cancelled": N_("Penempatan Anda dibatalkan"),
    "changed": N_("Data penempatan Anda berubah"),
    "unsigned": N_("Penempatan Anda perlu ditandatangani lagi"),
    "taken_back": N_("Pengesahan penempatan Anda dibatalkan"),
}


def tell_owner(session: Session, news: str, placement: Placement, said: str, now: datetime) -> None:
    """Have the placed person mailed, if there is an address; without a mail server nothing is asked for."""
    if not mailer().enabled or not session.get_one(Person, placement.person_id).email:
        return
    arguments = {"news": news, "placement": placement.public_id, "said": said}
    enqueue(session, kind=JOB, title=placement.title, owner_id=None, arguments=arguments, unit="surel", now=now)


def words(news: str, placement: Placement, said: str) -> str:
    """The message, in the reader's language; person and partner are loaded."""
    return "\n".join(
        [
            _("Yth. %(name)s,", name=placement.person.full_name),
            "",
            _sentence(news),
            *([_("Alasan: %(reason)s", reason=said)] if said else []),
            "",
            _("Kegiatan: %(title)s", title=placement.title),
            _("Tempat: %(place)s", place=placement.partner.name),
            _("Tanggal: %(days)s", days=format_period(placement.starts_on, placement.ends_on, "MMMM")),
            "",
            _("Lihat di %(address)s", address=f"{settings().base_url}/magang/{placement.public_id}"),
            "",
        ]
    )


def _sentence(news: str) -> str:
    match news:
        case "cancelled":
            return _("Penempatan Anda dibatalkan dan tidak dihitung. Buku catatan Anda tetap disimpan.")
        case "unsigned":
            return _("Data penempatan ini berubah, sehingga tanda tangan pembimbing gugur dan diminta lagi.")
        case "taken_back":
            return _("Pengesahan penempatan ini dibatalkan. JP-nya tidak dihitung sampai disahkan lagi.")
        case _:
            return _("Admin membetulkan data penempatan Anda. Periksa yang baru di bawah ini.")
