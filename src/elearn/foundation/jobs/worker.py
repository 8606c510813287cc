"""The worker: takes jobs from the queue and keeps schedules, in threads of this process.

On SQLite the server's own process is the worker; on PostgreSQL `elearn worker` is, and there may be several.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from dbos import DBOS
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database, database
from elearn.foundation.jobs import keeping
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.jobs.queue import (
    APPLICATION,
    QUEUE,
    WORKFLOW,
    JsonSerializer,
    quieten,
)
from elearn.foundation.jobs.registry import register, schedule, schedules
from elearn.foundation.jobs.runner import Runner
from elearn.foundation.storage.current import store

log = structlog.get_logger()

POLL_SECONDS = 0.5
TICK_SECONDS = 1.0
BEAT_SECONDS = 10.0
STOP_SECONDS = 15
# Set by hand: by default it is a hash of the code, and an upgrade would strand what is in the queue.
QUEUE_VERSION = "1"


class Worker:
    """The threads of one working process. `executor` must be its own and stay the same over restarts."""

    def __init__(self, base: Database, executor: str, threads: int) -> None:
        self._base = base
        self._executor = executor
        self._threads = threads
        self._stop = threading.Event()
        self._schedule: str | None = None
        self.runner = Runner(base.write, executor, stopping=self._stop.is_set, reading=base.read)
        self._helpers = [
            threading.Thread(
                target=self._often,
                args=(BEAT_SECONDS, self._beat),
                name="jobs-beat",
                daemon=True,
            ),
            threading.Thread(
                target=self._often,
                args=(TICK_SECONDS, self._tick),
                name="jobs-tick",
                daemon=True,
            ),
        ]

    def start(self) -> None:
        quieten()
        DBOS(
            config={
                "name": APPLICATION,
                # Our own engine: on SQLite its single writing connection keeps all writers in one line.
                "system_database_engine": self._base.writer,
                "run_migrations": False,
                "executor_id": self._executor,
                "application_version": QUEUE_VERSION,
                "max_executor_threads": self._threads + 2,
                "serializer": JsonSerializer(),
                "log_level": "WARNING",
            }
        )
        keeping.take_back(self._base.write, self._executor, utc_now())
        keeping.set_up_schedules(self._base.write, list(schedules()), utc_now())
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._threads,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
        for helper in self._helpers:
            helper.start()

    def stop(self) -> None:
        self._stop.set()
        DBOS.destroy(workflow_completion_timeout_sec=STOP_SECONDS if self.runner.running else 0)
        for helper in self._helpers:
            helper.join(STOP_SECONDS)

    def _often(self, seconds: float, step: Callable[[], None]) -> None:
        while not self._stop.wait(seconds):
            try:
                step()
            except Exception:
                # The database may be away for a moment; the next turn tries again.
                log.warning("worker_step_failed", step=step.__name__, exc_info=True)

    def _beat(self) -> None:
        now = utc_now()
        keeping.beat(self._base.write, dict(self.runner.running), self._schedule, now)
        with self._base.read() as session:
            ids = keeping.forsaken(session, now)
        if ids and (taken := keeping.adopt(self._base.write, ids, now)):
            log.info("jobs_adopted", count=taken)

    def _tick(self) -> None:
        with self._base.read() as session:
            kinds = keeping.due(session, utc_now())
        for kind in kinds:
            if self._stop.is_set():
                return
            now = utc_now()
            every = schedules().get(kind)
            if every is None or not keeping.take_schedule(self._base.write, kind, self._executor, now):
                continue
            self._schedule = kind
            try:
                self.runner.run_scheduled(kind)
            finally:
                self._schedule = None
                keeping.finish_schedule(self._base.write, kind, self._executor, now + every)


_worker: Worker | None = None


def launch(executor_id: str, base: Database | None = None, threads: int = 2) -> None:
    """Start working in this process, until `stop`. The queue's tables must exist (`elearn migrate`)."""
    # One per process, as DBOS itself is.
    global _worker
    if _worker is not None:
        raise RuntimeError("this process is working already")
    _worker = Worker(base or database(), executor_id, threads)
    _worker.start()


def stop() -> None:
    """Stop working. A job in hand stops after its present step and continues in the next worker."""
    global _worker
    if _worker is not None:
        _worker.stop()
        _worker = None


def run_pending(sessions: Callable[[], Session], clock: Callable[[], datetime] = utc_now) -> int:
    """Do everything that waits, here and now, without queue or threads; for tests and for the shell."""
    runner = Runner(sessions, "here", clock=clock)
    count = 0
    while True:
        with sessions() as session:
            waiting = list(session.scalars(select(Job.public_id).where(Job.state == "waiting").order_by(Job.id)))
        if not waiting:
            return count
        for public_id in waiting:
            runner.run(public_id)
            count += 1


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
def _run_job(public_id: str) -> None:
    if _worker is not None:
        _worker.runner.run(public_id)


def _tidy(progress: Progress) -> None:
    """Clear up old jobs and the queue's own old rows."""
    keeping.clear_up(progress, store())
    before = (progress.now() - timedelta(days=1)).astimezone(UTC).isoformat()
    while old := DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=before,
        limit=200,
        load_input=False,
        load_output=False,
    ):
        DBOS.delete_workflows([each.workflow_id for each in old])


register("jobs.tidy", _tidy)
schedule("jobs.tidy", every=timedelta(hours=6))
