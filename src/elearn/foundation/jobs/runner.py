"""Running one job: taking it, doing it, writing down how it ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import (
    JobCancelled,
    JobTakenOver,
    Progress,
    WorkerStopping,
)
from elearn.foundation.jobs.registry import function_for

log = structlog.get_logger()

# A job that takes its process down each time must not do so for ever. Each death counts twice, when
# it is found and at the next attempt: twenty are outlived.
MOST_ATTEMPTS = 50


class Runner:
    """Runs jobs in this process. `running` maps jobs to the attempt that is on; `reading` only reads."""

    def __init__(
        self,
        sessions: Callable[[], Session],
        executor: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        stopping: Callable[[], bool] = lambda: False,
        reading: Callable[[], Session] | None = None,
    ) -> None:
        self.running: dict[int, int] = {}
        self._sessions = sessions
        self._executor = executor
        self._clock = clock
        self._stopping = stopping
        self._reading = reading

    def run(self, public_id: str) -> None:
        """Do a job if it is waiting; anything else about it is none of this call's business."""
        if self._stopping():
            self._leave(public_id)
            return
        job = self._take(public_id)
        if job is None:
            return
        self.running[job.id] = job.attempts
        try:
            self._do(job)
        except (OperationalError, InterfaceError):
            # The database went away. The job keeps its place; a worker takes it back when its heart has stopped.
            log.warning("job_lost_database", job=job.public_id, kind=job.kind, exc_info=True)
        finally:
            self.running.pop(job.id, None)

    def run_scheduled(self, kind: str) -> None:
        """Do a kind once, without a row; its failure is logged and the next time is another chance."""
        try:
            function_for(kind)(Progress(None, self._sessions, self._clock, self._stopping, self._reading))
        except WorkerStopping:
            return
        except Exception:
            log.exception("schedule_failed", kind=kind)

    def _do(self, job: Job) -> None:
        try:
            function = function_for(job.kind)
            # A thread goes from job to job; the next one does not speak the language of the one before.
            use_locale("id")
            result = function(
                Progress(job, self._sessions, self._clock, self._stopping, self._reading),
                **job.arguments,
            )
        except JobTakenOver:
            log.warning("job_taken_over", job=job.public_id, kind=job.kind)
        except WorkerStopping:
            # No heartbeat: the next worker need not wait until this one counts as dead.
            self._write(job, heartbeat_at=None)
        except JobCancelled:
            self._finish(job, "cancelled")
        except Refusal as refusal:
            self._finish(job, "failed", error=refusal.message)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("job_failed", job=job.public_id, kind=job.kind)
            self._finish(
                job,
                "failed",
                error=_("Pekerjaan ini gagal karena kesalahan sistem. Coba lagi. Bila berulang, hubungi admin."),
            )
        else:
            self._finish(job, "done", result=result or {})

    def _leave(self, public_id: str) -> None:
        # The queue counts it as run; without a heartbeat the next worker queues it again.
        with self._sessions() as session, session.begin():
            _changed(
                session,
                update(Job).where(Job.public_id == public_id, Job.state == "waiting").values(heartbeat_at=None),
            )

    def _take(self, public_id: str) -> Job | None:
        now = self._clock()
        with self._sessions() as session, session.begin():
            job = session.scalar(select(Job).where(Job.public_id == public_id, Job.state == "waiting"))
            if job is None or not self._claimed(session, job, now):
                return None
            session.refresh(job)
            if job.attempts > MOST_ATTEMPTS:
                job.state, job.finished_at = "failed", now
                job.error = _("Pekerjaan ini berkali-kali terhenti di tengah jalan. Hubungi admin.")
                return None
            return job

    def _claimed(self, session: Session, job: Job, now: datetime) -> bool:
        return _changed(
            session,
            update(Job)
            .where(Job.id == job.id, Job.attempts == job.attempts, Job.state == "waiting")
            .values(
                state="running",
                attempts=Job.attempts + 1,
                executor=self._executor,
                started_at=job.started_at or now,
                heartbeat_at=now,
            ),
        )

    def _finish(self, job: Job, state: str, **values: Any) -> None:
        self._write(job, state=state, finished_at=self._clock(), **values)

    def _write(self, job: Job, **values: Any) -> None:
        with self._sessions() as session, session.begin():
            _changed(
                session,
                update(Job)
                .where(
                    Job.id == job.id,
                    Job.attempts == job.attempts,
                    Job.state == "running",
                )
                .values(**values),
            )


def _changed(session: Session, statement: Any) -> bool:
    """Whether the row was still as expected."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount == 1
