"""Work of imports: applying a roster, and forgetting old ones."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.sheets import Sheet
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import asker
from elearn.people.imports.actions import apply_roster, forget
from elearn.people.imports.intake import stored_sheet
from elearn.people.imports.models import Roster
from elearn.people.imports.queries import roster_for
from elearn.people.imports.roll import Roll, read_roll

STEP = 1_000
KEPT = timedelta(days=30)


def import_people(progress: Progress, *, roster: str) -> dict[str, Any]:
    """Read the file outside any transaction, then write all of it in one.

    Killed at any point it starts over: what was not committed is not there, what was is found applied.
    """
    with progress.session() as session:
        found = roster_for(session, _importer(session, progress), roster)
        key, name, mapping = found.storage_key, found.file_name, dict(found.mapping or {})
    sheet = stored_sheet(key, name)
    progress.say(_("Memeriksa baris…"))
    roll = _read(progress, sheet, mapping)
    progress.say(_("Menyimpan. Semua baris ditulis sekaligus…"))
    with progress.session() as session:
        actor = _importer(session, progress)
        found = roster_for(session, actor, roster)
        apply_roster(session, actor, found, roll, progress.now())
        progress.report(len(sheet.rows), len(sheet.rows))
        progress.say("")
        return _result(found)


def _importer(session: Session, progress: Progress) -> Actor:
    actor = asker(session, progress.owner_id)
    use_locale(actor.locale)
    return actor


def _read(progress: Progress, sheet: Sheet, mapping: dict[str, str]) -> Roll:
    # The last step, writing, is one row's worth of bar: it takes seconds and cannot be cut up.
    def seen(rows: int) -> None:
        if rows % STEP == 0:
            progress.report(rows, len(sheet.rows) + 1)

    progress.report(0, len(sheet.rows) + 1)
    return read_roll(sheet, mapping, seen)


def _result(roster: Roster) -> dict[str, Any]:
    counts = roster.counts or {}
    lines = [
        _("Baru: %(n)s", n=counts.get("new", 0)),
        _("Berubah: %(n)s", n=counts.get("changed", 0)),
        _("Tetap: %(n)s", n=counts.get("unchanged", 0)),
        _("Ditolak: %(n)s", n=counts.get("refused", 0)),
    ]
    return {"lines": lines, "counts": counts, "href": f"/impor/pegawai/{roster.public_id}"}


def forget_rosters(progress: Progress) -> None:
    """Remove uploaded files of people after 30 days, with what was noted of them."""
    with progress.session() as session:
        old = session.scalars(select(Roster).where(Roster.created_at < progress.now() - KEPT)).all()
        keys = [roster.storage_key for roster in old]
    for key in keys:
        store().delete(key)
    with progress.session() as session:
        gone = session.scalars(select(Roster).where(Roster.storage_key.in_(keys))).all()
        forget(session, Actor.system("imports.forget_rosters"), gone)
