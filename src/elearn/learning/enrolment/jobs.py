"""Work of enrolment that takes long."""

from typing import Any

from elearn.foundation.errors import Forbidden
from elearn.foundation.i18n import _
from elearn.foundation.jobs.progress import Progress
from elearn.learning.enrolment.actions import AT_ONCE, fill_batch
from elearn.people.accounts.queries import actor_for


def fill_enrolment_batch(progress: Progress, *, batch: str, total: int) -> dict[str, Any]:
    """Enrol a large batch, some at a time; rights that are taken away meanwhile stop it."""
    made = AT_ONCE
    while made == AT_ONCE:
        with progress.session() as session:
            actor = actor_for(session, progress.owner_id or 0)
            if actor is None:
                raise Forbidden(_("Anda tidak berwenang melakukan ini."))
            made = fill_batch(session, actor, batch, progress.now())
            done = progress.done + made
            progress.report(done, max(total, done))
    lines = [_("Didaftarkan: %(n)s", n=progress.done)]
    return {"lines": lines, "href": f"/kelola/pendaftaran/{batch}"}
