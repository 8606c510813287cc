"""Work of cohorts that takes long."""

from typing import Any

import structlog

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed, mailer
from elearn.learning.cohorts.notices import SUBJECTS, is_told, told_next, words
from elearn.learning.cohorts.rulings import AT_ONCE, rule_next
from elearn.people.accounts.queries import asker

log = structlog.get_logger()


def rule_on_many(progress: Progress, *, ruling: str, cohort: str, total: int) -> dict[str, Any]:
    """Decide who passed for a whole class, some at a time; rights that are taken away meanwhile stop it."""
    made = AT_ONCE
    while made:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            use_locale(actor.locale)
            made = rule_next(session, actor, ruling, progress.now())
            done = progress.done + made
            progress.report(done, max(total, done))
    lines = [_("Diputuskan: %(n)s", n=progress.done)]
    return {"lines": lines, "href": f"/kelola/angkatan/{cohort}"}


def tell_participants(
    progress: Progress, *, news: str, cohort: int, participants: list[int] | None, note: str
) -> dict[str, Any]:
    """Mail people of a class, some at a time: noted first and sent then, so that nobody is mailed twice."""
    sent = 0
    while True:
        messages = []
        with progress.session() as session:
            some = told_next(session, cohort, participants, progress.done, AT_ONCE)
            for each in some:
                if is_told(each, participants is not None):
                    use_locale(each.person.locale)
                    messages.append((each.person.email or "", _(SUBJECTS[news]), words(news, each.person, each, note)))
            progress.report(progress.done + len(some), progress.done + len(some))
        for to, subject, text in messages:
            try:
                mailer().send(to, subject, text)
                sent += 1
            except MailFailed as problem:
                log.warning("class_mail_not_sent", cohort=cohort, problem=str(problem))
        if not some:
            return {"lines": [_("Terkirim: %(n)s", n=sent)]}
