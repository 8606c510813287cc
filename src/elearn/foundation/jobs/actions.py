"""Asking for work, and calling it off."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queue import put_in_queue


def enqueue(
    session: Session,
    *,
    kind: str,
    title: str,
    owner_id: int | None,
    arguments: dict[str, Any],
    now: datetime,
    unit: str = "",
) -> Job:
    """Ask for a job. It exists, and will be done, if and only if the caller's transaction commits.

    `arguments` must be JSON and small; put files into the store and pass their keys. `unit` is the plural of what
    is counted, for example "baris".
    """
    job = Job(
        public_id=new_id(),
        kind=kind,
        title=title,
        owner_id=owner_id,
        arguments=arguments,
        unit=unit,
        created_at=now,
        heartbeat_at=now,
    )
    session.add(job)
    session.flush()
    put_in_queue(session, job)
    return job


def cancel(session: Session, job: Job, now: datetime) -> None:
    """Call a job off: at once if nobody has begun it, else after its present step. A finished job stays as it is."""
    if job.finished:
        return
    job.cancel_requested = True
    if job.state == "waiting":
        job.state = "cancelled"
        job.finished_at = now
    session.flush()
