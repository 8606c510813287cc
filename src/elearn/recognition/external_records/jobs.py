"""Work of external records that waits for others."""

from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed, mailer
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.external_records.notices import SUBJECTS, words

log = structlog.get_logger()


def tell_owner_of_record(progress: Progress, *, news: str, record: str, said: str, reason: str) -> dict[str, Any]:
    """Mail what was decided: noted first and sent then, so that nobody is mailed twice."""
    message = None
    with progress.session() as session:
        wanted = select(ExternalRecord).filter_by(public_id=record).options(joinedload(ExternalRecord.person))
        found = session.scalar(wanted)
        if not progress.done and found is not None and found.person.active and found.person.email:
            use_locale(found.person.locale)
            message = found.person.email, _(SUBJECTS[news]), words(news, found.person, found, said, reason)
        progress.report(1, 1)
    if message is None:
        return {"lines": [_("Terkirim: %(n)s", n=0)]}
    try:
        mailer().send(*message)
    except MailFailed as problem:
        log.warning("record_mail_not_sent", record=record, problem=str(problem))
        return {"lines": [_("Terkirim: %(n)s", n=0)]}
    return {"lines": [_("Terkirim: %(n)s", n=1)]}
