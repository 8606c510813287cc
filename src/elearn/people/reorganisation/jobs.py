"""Work of reorganisation: forgetting old files."""

from datetime import timedelta

from sqlalchemy import select

from elearn.foundation.jobs.progress import Progress
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.reorganisation.actions import forget
from elearn.people.reorganisation.models import UnitFile

KEPT = timedelta(days=30)


def forget_unit_files(progress: Progress) -> None:
    """Remove uploaded files of units after 30 days."""
    with progress.session() as session:
        old = session.scalars(select(UnitFile).where(UnitFile.created_at < progress.now() - KEPT)).all()
        keys = [each.storage_key for each in old]
    for key in keys:
        store().delete(key)
    with progress.session() as session:
        gone = session.scalars(select(UnitFile).where(UnitFile.storage_key.in_(keys))).all()
        forget(session, Actor.system("reorganisation.forget_unit_files"), gone)
