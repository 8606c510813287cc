"""Work of the directory that takes long or comes round."""

from elearn.foundation.i18n import use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import asker
from elearn.people.directory.actions import fill_sheet, forget_sheets


def fill_code_sheet(progress: Progress, *, sheet: str) -> dict[str, str]:
    """Make the codes of a large sheet, some at a time; rights that are taken away meanwhile stop it."""
    made = 1
    while made:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            use_locale(actor.locale)
            made = fill_sheet(session, actor, sheet, progress.now())
            progress.report(progress.done + made)
    return {"page": f"/opd/kode/{sheet}"}


def forget_code_sheets(progress: Progress) -> None:
    """Erase what would show the codes of yesterday's sheets."""
    with progress.session() as session:
        forget_sheets(session, Actor.system("directory.forget_code_sheets"), progress.now())
