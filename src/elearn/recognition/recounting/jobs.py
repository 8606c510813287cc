"""Work of recounts: counting without writing, and writing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import asker
from elearn.recognition.recounting.actions import count_next, write_next
from elearn.recognition.recounting.models import Recount
from elearn.recognition.recounting.queries import recount_for, sums


def count_again(progress: Progress, *, recount: str, total: int) -> dict[str, Any]:
    """Count all people of a recount, some in each transaction; nothing of the account is written."""
    return _all_of(progress, recount, total, lambda session, actor, found, _now: count_next(session, actor, found))


def write_changes(progress: Progress, *, recount: str, total: int) -> dict[str, Any]:
    """Write a confirmed recount, some people in each transaction; rights that are taken away meanwhile stop it."""
    return _all_of(progress, recount, total, write_next)


def _all_of(
    progress: Progress, public_id: str, total: int, step: Callable[[Session, Actor, Recount, datetime], int]
) -> dict[str, Any]:
    made = 1
    while made:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            use_locale(actor.locale)
            recount = recount_for(session, actor, public_id)
            made = step(session, actor, recount, progress.now())
            done = progress.done + made
            progress.report(done, max(total, done))
    with progress.session() as session:
        recount = recount_for(session, asker(session, progress.owner_id), public_id)
        found, written = sums(session, recount), recount.state == "written"
    if written:
        lines = [_("Ditulis: %(n)s", n=found.written)]
        if found.stale:
            lines.append(_("Dilewati karena berubah: %(n)s", n=found.stale))
    else:
        lines = [_("Akan berubah: %(n)s", n=found.lines), _("Orang: %(n)s", n=found.people)]
    return {"lines": lines, "href": f"/kelola/hitung-ulang/{public_id}"}
