"""Work of enrolment that takes long."""

from typing import Any

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.learning.enrolment.actions import AT_ONCE, fill_batch
from elearn.people.accounts.queries import asker


def fill_enrolment_batch(progress: Progress, *, batch: str, total: int) -> dict[str, Any]:
    """Enrol a large batch, some at a time; rights that are taken away meanwhile stop it."""
    made = AT_ONCE
    while made == AT_ONCE:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            use_locale(actor.locale)
            made = fill_batch(session, actor, batch, progress.now())
            done = progress.done + made
            progress.report(done, max(total, done))
    lines = [_("Didaftarkan: %(n)s", n=progress.done)]
    return {"lines": lines, "href": f"/kelola/pendaftaran/{batch}"}
