"""Jobs that count into the table `counted`; run as a program, a worker for them: URL EXECUTOR."""

import sys
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database
from elearn.foundation.errors import Conflict
from elearn.foundation.jobs import queries, worker
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.jobs.registry import register


def count(progress: Progress, *, to: int, seconds: float = 0) -> dict[str, Any]:
    for n in range(progress.done, to):
        with progress.session() as session:
            session.execute(text("INSERT INTO counted VALUES (:n)"), {"n": n})
            progress.report(n + 1, to)
        time.sleep(seconds)
    return {"rows": to}


def refuse(progress: Progress) -> None:
    raise Conflict("Kelas ini sudah penuh.")


def break_down(progress: Progress) -> None:
    with progress.session() as session:
        session.execute(text("INSERT INTO counted VALUES (1)"))
        raise ZeroDivisionError("secret detail")


def register_all() -> None:
    register("count", count)
    register("refuse", refuse)
    register("break down", break_down)


def asked(base: Database, kind: str = "count", **arguments: Any) -> str:
    """A committed job of person 7."""
    with base.write() as session, session.begin():
        return enqueue(
            session,
            kind=kind,
            title="Menghitung",
            owner_id=7,
            arguments=arguments,
            now=utc_now(),
        ).public_id


def job(base: Database, public_id: str) -> Job:
    with base.read() as session:
        return queries.job_for(session, public_id, 7)


def counted(base: Database) -> list[int]:
    with base.read() as session:
        return list(session.scalars(text("SELECT n FROM counted ORDER BY n")))


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Until the condition holds; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


if __name__ == "__main__":
    register_all()
    worker.BEAT_SECONDS = 0.5
    worker.launch(sys.argv[2], Database(sys.argv[1]))
    while True:
        time.sleep(1)
