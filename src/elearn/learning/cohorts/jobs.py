"""Work of cohorts that takes long."""

from typing import Any

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.learning.cohorts.rulings import AT_ONCE, rule_next
from elearn.people.accounts.queries import asker


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
