"""Verbs on one's own jobs."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.jobs.actions import cancel
from elearn.foundation.jobs.models import Job
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record


def call_off(session: Session, actor: Actor, job: Job, now: datetime) -> None:
    """Stop one's own job; what it has committed stays. A finished one is left as it is."""
    if job.finished or job.cancel_requested:
        return
    cancel(session, job, now)
    record(session, actor, "job.cancelled", job, after={"kind": job.kind})
