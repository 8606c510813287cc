"""Mail to the people of a class: who moved up or is out, whose nomination was decided, whose class moved or is off.

Asked for in the transaction of the deed and sent by a job, so nobody hears of what was undone.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.i18n import N_, _, format_period
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.accounts.models import Person

JOB = "cohorts.tell"
SUBJECTS = {
    "moved_up": N_("Anda mendapat kursi di angkatan"),
    "joined": N_("Anda menjadi peserta angkatan"),
    "waiting": N_("Anda ada di daftar tunggu"),
    "refused": N_("Usulan Anda belum diterima"),
    "removed": N_("Anda tidak lagi menjadi peserta angkatan"),
    "dropped": N_("Anda keluar dari daftar tunggu"),
    "ended": N_("Angkatan sudah selesai"),
    "cancelled": N_("Angkatan dibatalkan"),
    "changed": N_("Jadwal atau tempat angkatan berubah"),
}


def tell(
    session: Session, news: str, cohort: Cohort, now: datetime, *, ids: Sequence[int] | None = None, note: str = ""
) -> None:
    """Have these participants mailed, or all who have joined or wait; without a mail server nothing is asked for."""
    if not mailer().enabled or ids == []:
        return
    arguments = {"news": news, "cohort": cohort.id, "participants": list(ids) if ids else None, "note": note}
    enqueue(session, kind=JOB, title=cohort.name, owner_id=None, arguments=arguments, unit="surel", now=now)


def told_next(
    session: Session, cohort_id: int, ids: Sequence[int] | None, done: int, limit: int
) -> Sequence[Participant]:
    """The next of these participants, or of all there ever were, with person, class and course.

    Whoever joins or leaves meanwhile shifts nobody: rows are never removed. `is_told` says who of them is mailed.
    """
    wanted = select(Participant).where(Participant.cohort_id == cohort_id).order_by(Participant.id)
    if ids is not None:
        wanted = wanted.where(Participant.id.in_(ids))
    loaded = joinedload(Participant.person), joinedload(Participant.cohort).joinedload(Cohort.course)
    return session.scalars(wanted.options(*loaded).offset(done).limit(limit)).all()


def is_told(participant: Participant, named: bool) -> bool:
    """Whether a participant is mailed: who was named, else who has joined or waits, and can be reached."""
    concerned = named or participant.status in ("joined", "waiting")
    return concerned and participant.person.active and participant.person.email is not None


def words(news: str, who: Person, participant: Participant, note: str) -> str:
    """The message, in the reader's language. The link leads into the class, so only who has joined is given it."""
    cohort = participant.cohort
    link = cohort.link if participant.status == "joined" else ""
    facts = [
        _("Angkatan: %(name)s", name=cohort.name),
        _("Pelatihan: %(title)s", title=cohort.course.title),
        _("Tanggal: %(days)s", days=format_period(cohort.starts_on, cohort.ends_on, "MMMM")),
        *([_("Tempat: %(place)s", place=cohort.place)] if cohort.place else []),
        *([_("Tautan: %(link)s", link=link)] if link else []),
    ]
    reason = participant.refusal if news in ("refused", "dropped") else note
    return "\n".join(
        [
            _("Yth. %(name)s,", name=who.full_name),
            "",
            _sentence(news),
            *([reason] if reason else []),
            "",
            *facts,
            "",
            _("Lihat di %(address)s", address=f"{settings().base_url}/pelatihan/{cohort.course.slug}"),
            "",
        ]
    )


def _sentence(news: str) -> str:
    match news:
        case "moved_up":
            return _("Ada kursi kosong, jadi Anda naik dari daftar tunggu dan menjadi peserta.")
        case "joined":
            return _("Anda sudah terdaftar sebagai peserta angkatan ini.")
        case "waiting":
            return _("Kursi penuh, jadi Anda masuk daftar tunggu. Anda naik sendiri bila ada yang keluar.")
        case "refused":
            return _("Usulan Anda untuk angkatan ini belum dapat diterima.")
        case "removed":
            return _("Penyelenggara mengeluarkan Anda dari angkatan ini.")
        case "dropped":
            return _("Ada kursi kosong, tetapi Anda tidak dapat mengisinya.")
        case "ended":
            return _("Angkatan ini selesai sebelum Anda mendapat kursi. Ikuti angkatan berikutnya.")
        case "cancelled":
            return _("Penyelenggara membatalkan angkatan ini. Kemajuan belajar Anda tetap disimpan.")
        case _:
            return _("Tanggal atau tempat angkatan ini berubah. Catat yang baru di bawah ini.")
