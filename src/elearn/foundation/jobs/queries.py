"""Questions about jobs."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.jobs.models import Job


def job_for(session: Session, public_id: str, owner_id: int | None) -> Job:
    """The job, if this person asked for it. Raises NotFound."""
    job = session.scalar(select(Job).where(Job.public_id == public_id, Job.owner_id == owner_id))
    if job is None:
        raise NotFound(_("Pekerjaan ini tidak ditemukan."))
    return job


def jobs_of(session: Session, owner_id: int, kind: str | None = None, limit: int = 20) -> Sequence[Job]:
    """What this person asked for, newest first."""
    mine = select(Job).where(Job.owner_id == owner_id).order_by(Job.id.desc()).limit(limit)
    return session.scalars(mine.where(Job.kind == kind) if kind else mine).all()


def jobs_named(session: Session, public_ids: Collection[str], owner_id: int) -> dict[str, Job]:
    """Those of the jobs that this person asked for, by public id."""
    mine = select(Job).where(Job.public_id.in_(public_ids), Job.owner_id == owner_id)
    return {job.public_id: job for job in session.scalars(mine)}


def failed_after(session: Session, owner_id: int, moment: datetime, limit: int = 50) -> Sequence[Job]:
    """What failed after a moment, of this person's and of what nobody in person asked for, the newest first."""
    wanted = select(Job).where(Job.state == "failed", Job.finished_at > moment)
    wanted = wanted.where(or_(Job.owner_id == owner_id, Job.owner_id.is_(None)))
    return session.scalars(wanted.order_by(Job.id.desc()).limit(limit)).all()
