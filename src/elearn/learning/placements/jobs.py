"""Work of placements that waits for others."""

from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed, mailer
from elearn.learning.placements.models import Placement
from elearn.learning.placements.notices import SUBJECTS, words

log = structlog.get_logger()


def tell_owner_of_placement(progress: Progress, *, news: str, placement: str, said: str) -> dict[str, Any]:
    """Mail what became of a placement: noted first and sent then, so that nobody is mailed twice."""
    message = None
    with progress.session() as session:
        wanted = select(Placement).filter_by(public_id=placement)
        found = session.scalar(wanted.options(joinedload(Placement.person), joinedload(Placement.partner)))
        if not progress.done and found is not None and found.person.active and found.person.email:
            use_locale(found.person.locale)
            message = found.person.email, _(SUBJECTS[news]), words(news, found, said)
        progress.report(1, 1)
    sent = 0
    if message is not None:
        try:
            mailer().send(*message)
            sent = 1
        except MailFailed as problem:
            log.warning("placement_mail_not_sent", placement=placement, problem=str(problem))
    return {"lines": [_("Terkirim: %(n)s", n=sent)]}
