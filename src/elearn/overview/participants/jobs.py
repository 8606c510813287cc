"""Reminders by mail."""

from typing import Any

import structlog

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed, mailer
from elearn.foundation.settings import settings
from elearn.overview.participants.actions import Reminded, mark_reminded
from elearn.overview.participants.queries import ParticipantFilters, units_with_participants
from elearn.overview.participants.rules import reminder
from elearn.people.accounts.queries import asker
from elearn.teaching.courses.queries import taught_course

log = structlog.get_logger()


def remind(progress: Progress, *, slug: str, wish: dict[str, Any], total: int) -> dict[str, Any]:
    """Mail those who have not finished, some at a time; who stops teaching the course meanwhile stops it."""
    failed = 0
    while True:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            course = taught_course(session, actor, slug)
            units = units_with_participants(session, actor, course) if wish["unit"] else []
            unit = next((each for each in units if each.code == wish["unit"]), None)
            filters = ParticipantFilters(wish["state"], unit, wish["words"], wish["chosen"])
            some = mark_reminded(session, actor, course, filters, progress.now())
            progress.report(progress.done + len(some), max(total, progress.done + len(some)))
        if not some:
            break
        failed += sum(not _sent(each, course.title, slug) for each in some)
    use_locale(actor.locale)
    lines = [_("Terkirim: %(n)s", n=progress.done - failed)]
    if failed:
        lines.append(_("Gagal terkirim: %(n)s. Periksa alamat surelnya.", n=failed))
    return {"lines": lines, "href": f"/ajar/{slug}/peserta"}


def _sent(to: Reminded, title: str, slug: str) -> bool:
    use_locale(to.locale)
    text = reminder(title, f"{settings().base_url}/pelatihan/{slug}", to.due_on)
    try:
        mailer().send(to.email, _("Pelatihan Anda belum selesai"), text)
    except MailFailed as problem:
        log.warning("reminder_not_sent", enrolment=to.number, problem=str(problem))
        return False
    return True
