"""Keeping jobs alive across processes: heartbeats, jobs of dead workers, schedules, clearing up."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.jobs.models import FINISHED, Job, Schedule
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.jobs.queue import put_in_queue
from elearn.foundation.storage.store import Store

SILENT_FOR = timedelta(seconds=60)
WAITING_TOO_LONG = timedelta(minutes=10)
RESULT_FILES_KEPT = timedelta(hours=24)
JOBS_KEPT = timedelta(days=30)

Sessions = Callable[[], Session]


def beat(sessions: Sessions, running: Mapping[int, int], schedule: str | None, now: datetime) -> None:
    """Say that these jobs, by id and attempt, and this schedule are still being worked on."""
    if not running and schedule is None:
        return
    with sessions() as session, session.begin():
        for job_id, attempt in running.items():
            _changed(
                session,
                update(Job).where(Job.id == job_id, Job.attempts == attempt).values(heartbeat_at=now),
            )
        if schedule is not None:
            _changed(
                session,
                update(Schedule).where(Schedule.kind == schedule).values(due_at=now + SILENT_FOR),
            )


def take_back(sessions: Sessions, executor: str, now: datetime) -> int:
    """At the start of a worker: queue again what it was doing when it went down, and free its schedules."""
    with sessions() as session, session.begin():
        mine = select(Job).where(Job.state == "running", Job.executor == executor)
        taken = sum(_queued_again(session, job, now) for job in session.scalars(mine).all())
        _changed(
            session,
            update(Schedule).where(Schedule.executor == executor).values(executor=None, due_at=now),
        )
        return taken


def forsaken(session: Session, now: datetime) -> list[int]:
    """Ids of running jobs whose worker has gone silent, and of jobs that wait as if the queue had lost them."""
    silent = (Job.state == "running") & or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < now - SILENT_FOR)
    lost = (Job.state == "waiting") & or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < now - WAITING_TOO_LONG)
    return list(session.scalars(select(Job.id).where(or_(silent, lost)).limit(100)))


def adopt(sessions: Sessions, ids: Iterable[int], now: datetime) -> int:
    """Queue forsaken jobs again, unless another worker has done so in the meantime."""
    taken = 0
    for job_id in ids:
        with sessions() as session, session.begin():
            if job_id in forsaken(session, now) and (job := session.get(Job, job_id)) is not None:
                taken += _queued_again(session, job, now)
    return taken


def set_up_schedules(sessions: Sessions, kinds: Collection[str], now: datetime) -> None:
    """Have a row for each kind that runs by itself, and none for kinds that no longer do."""
    for kind in kinds:
        with sessions() as session:
            if session.get(Schedule, kind) is not None:
                continue
            session.add(Schedule(kind=kind, due_at=now))
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
    with sessions() as session, session.begin():
        session.execute(delete(Schedule).where(Schedule.kind.not_in(kinds)))


def due(session: Session, now: datetime) -> list[str]:
    """Kinds whose time has come, the longest overdue first."""
    return list(session.scalars(select(Schedule.kind).where(Schedule.due_at <= now).order_by(Schedule.due_at)))


def take_schedule(sessions: Sessions, kind: str, executor: str, now: datetime) -> bool:
    """Whether this worker, and no other, is to run the kind now."""
    with sessions() as session, session.begin():
        return _changed(
            session,
            update(Schedule)
            .where(Schedule.kind == kind, Schedule.due_at <= now)
            .values(executor=executor, due_at=now + SILENT_FOR),
        )


def finish_schedule(sessions: Sessions, kind: str, executor: str, due_at: datetime) -> None:
    """Say when the kind is due again."""
    with sessions() as session, session.begin():
        _changed(
            session,
            update(Schedule)
            .where(Schedule.kind == kind, Schedule.executor == executor)
            .values(executor=None, due_at=due_at),
        )


def clear_up(progress: Progress, store: Store) -> None:
    """Remove files made for download after a day, and finished jobs after 30 days."""
    now = progress.now()
    finished_before = select(Job).where(Job.state.in_(FINISHED), Job.finished_at < now - RESULT_FILES_KEPT)
    with progress.session() as session:
        old = session.scalars(finished_before).all()
        with_files = [(job.id, job.result["file"]["key"]) for job in old if job.result and job.result.get("file")]
    for job_id, key in with_files:
        store.delete(key)
        with progress.session() as session:
            job = session.get(Job, job_id)
            if job is not None:
                job.result = {**(job.result or {}), "file": None}
    with progress.session() as session:
        session.execute(delete(Job).where(Job.state.in_(FINISHED), Job.finished_at < now - JOBS_KEPT))


def _queued_again(session: Session, job: Job, now: datetime) -> bool:
    # The attempt counts up, so whoever still has the job in hand cannot commit any more of it.
    changed = _changed(
        session,
        update(Job)
        .where(Job.id == job.id, Job.attempts == job.attempts, Job.state == job.state)
        .values(state="waiting", attempts=Job.attempts + 1, executor=None, heartbeat_at=now),
    )
    if changed:
        put_in_queue(session, job)
    return changed


def _changed(session: Session, statement: Any) -> bool:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount > 0
