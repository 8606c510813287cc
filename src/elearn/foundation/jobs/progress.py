"""What a job function is given: transactions, a place to note how far it is, and the word to stop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.foundation.jobs.models import Job
from elearn.foundation.turns import give_way


class JobCancelled(BaseException):
    """Somebody called the job off. Not an Exception, so that a job's own `except Exception` does not swallow it."""


class JobTakenOver(BaseException):
    """Another process runs this job now; what this one has not committed is undone."""


class WorkerStopping(BaseException):
    """This process is going down; the job continues in the next one."""


class Progress:
    """One attempt at one job.

    A job that was killed is run again. It starts from `done`, which is what the last committed session reported;
    so each step that reports in its own session happens exactly once.
    """

    def __init__(
        self,
        job: Job | None,
        sessions: Callable[[], Session],
        clock: Callable[[], datetime],
        stopping: Callable[[], bool],
        reading: Callable[[], Session] | None = None,
    ) -> None:
        self.now = clock
        self.owner_id = job.owner_id if job else None
        self.public_id = job.public_id if job else ""
        self.done = job.done if job else 0
        self.total = job.total if job else 0
        self._message = job.message if job else ""
        self._id = job.id if job else None
        self._attempt = job.attempts if job else 0
        self._sessions = sessions
        self._reading = reading or sessions
        self._stopping = stopping
        self._inside = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A write transaction of its own, committed at the end of the block; keep it short.

        On entering it may raise to end the job (called off, taken over, process going down): let that pass.
        """
        give_way()
        with self._sessions() as session, session.begin():
            self._check(session)
            self._inside = True
            try:
                yield session
                self._note(session)
            finally:
                self._inside = False

    def reading(self) -> Session:
        """A session that only reads, for long work: on SQLite nobody who writes waits for it."""
        give_way()
        return self._reading()

    def report(self, done: int, total: int | None = None) -> None:
        """So many of so many are done. Inside a session it is stored with it, else at once."""
        self.done = done
        if total is not None:
            self.total = total
        self._store()

    def say(self, message: str) -> None:
        """What is going on now, in a few words."""
        self._message = message[:200]
        self._store()

    @property
    def cancelled(self) -> bool:
        """Whether somebody called the job off, asked afresh."""
        if self._id is None:
            return False
        with self._sessions() as session:
            return bool(session.scalar(select(Job.cancel_requested).where(Job.id == self._id)))

    def _store(self) -> None:
        if not self._inside:
            with self.session():
                pass

    def _check(self, session: Session) -> None:
        if self._stopping():
            raise WorkerStopping
        if self._id is None:
            return
        found = session.execute(select(Job.attempts, Job.cancel_requested).where(Job.id == self._id)).one_or_none()
        if found is None or found.attempts != self._attempt:
            raise JobTakenOver
        if found.cancel_requested:
            raise JobCancelled

    def _note(self, session: Session) -> None:
        if self._id is None:
            return
        kept = session.execute(
            update(Job)
            .where(
                Job.id == self._id,
                Job.attempts == self._attempt,
                Job.state == "running",
            )
            .values(
                done=self.done,
                total=self.total,
                message=self._message,
                heartbeat_at=self.now(),
            )
            .execution_options(synchronize_session=False)
        )
        if kept.rowcount != 1:  # type: ignore[attr-defined]
            raise JobTakenOver
