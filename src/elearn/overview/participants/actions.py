"""Reminding those who lag behind, by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.mail.mailer import mailer
from elearn.learning.enrolment.models import Enrolment
from elearn.overview.participants.queries import ParticipantFilters, count_unfinished, to_remind
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course


@dataclass(frozen=True)
class Reminded:
    """Whom a mail goes to; `number` is the enrolment's."""

    number: int
    email: str
    locale: str
    due_on: date | None


def start_reminders(session: Session, actor: Actor, course: Course, filters: ParticipantFilters, now: datetime) -> Job:
    """Ask for the mails. Refused where no mail can be sent, or when everybody was reminded this week."""
    if not mailer().enabled:
        raise Conflict(_("Surel belum diatur di server ini. Salin teksnya dan kirim sendiri."))
    whom = count_unfinished(session, actor, course, filters, now)
    if not whom.mails:
        raise Conflict(_("Tidak ada yang dapat dikirimi surel: tanpa alamat, atau baru diingatkan minggu ini."))
    wish = {
        "state": filters.state,
        "unit": filters.unit.code if filters.unit else "",
        "words": filters.words,
        "chosen": list(filters.chosen),
    }
    record(session, actor, "participants.reminded", course, after={**wish, "people": whom.mails})
    return enqueue(
        session,
        kind="participants.remind",
        title=_("Pengingat %(title)s", title=course.title),
        owner_id=actor.person_id,
        arguments={"slug": course.slug, "wish": wish, "total": whom.mails},
        now=now,
        unit=_("surel"),
    )


def mark_reminded(
    session: Session, actor: Actor, course: Course, filters: ParticipantFilters, now: datetime
) -> Sequence[Reminded]:
    """The next some whom a mail is for, marked before it goes out, so that nobody gets it twice."""
    found = to_remind(session, actor, course, filters, now)
    for enrolment in found:
        enrolment.reminded_at = now
    session.flush()
    return [_reminded(enrolment) for enrolment in found]


def _reminded(enrolment: Enrolment) -> Reminded:
    person = enrolment.person
    return Reminded(enrolment.id, person.email or "", person.locale, enrolment.due_on)
