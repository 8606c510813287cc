import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database
from elearn.foundation.jobs import keeping, queries, worker
from elearn.foundation.jobs.actions import cancel
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import JobTakenOver, Progress
from elearn.foundation.jobs.registry import register, schedule
from elearn.foundation.jobs.runner import MOST_ATTEMPTS
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.store import new_key
from tests.foundation.jobs.counting import asked, counted, job, wait_until

ROOT = Path(__file__).parents[3]


@contextmanager
def working_process(base: Database, executor: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.foundation.jobs.counting",
            base.url.render_as_string(False),
            executor,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.timeout(120)
def test_a_killed_job_continues_after_the_restart_and_every_row_is_there_once(
    base: Database,
) -> None:
    public_id = asked(base, to=120, seconds=0.01)
    with working_process(base, "server") as first:
        wait_until(lambda: job(base, public_id).done >= 20)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    left = job(base, public_id)
    assert left.state == "running"
    assert 20 <= left.done < 120
    with working_process(base, "server"):
        wait_until(lambda: job(base, public_id).state == "done")
    assert counted(base) == list(range(120))
    assert job(base, public_id).attempts > 1


@pytest.mark.timeout(120)
def test_a_living_worker_takes_over_from_one_that_has_died(base: Database) -> None:
    if base.sqlite:
        pytest.skip("SQLite has one working process")
    public_id = asked(base, to=120, seconds=0.01)
    with working_process(base, "worker-1") as first:
        wait_until(lambda: job(base, public_id).done >= 20)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with base.write() as session, session.begin():
        session.execute(update(Job).values(heartbeat_at=utc_now() - keeping.SILENT_FOR - timedelta(seconds=1)))
    with working_process(base, "worker-2"):
        wait_until(lambda: job(base, public_id).state == "done")
    assert counted(base) == list(range(120))


def test_a_working_process_prints_nothing(base: Database) -> None:
    public_id = asked(base, to=1)
    with working_process(base, "server") as process:
        wait_until(lambda: job(base, public_id).state == "done")
        process.terminate()
        assert process.stdout is not None
        assert process.stdout.read() == b""


def test_a_running_job_stops_after_its_step_when_called_off(base: Database) -> None:
    public_id = asked(base, to=100_000, seconds=0.01)
    worker.launch("server", base)
    wait_until(lambda: job(base, public_id).done > 2)
    with base.write() as session, session.begin():
        cancel(session, queries.job_for(session, public_id, 7), utc_now())
    wait_until(lambda: job(base, public_id).state == "cancelled")
    assert len(counted(base)) == job(base, public_id).done


def test_an_orderly_stop_leaves_the_job_to_the_next_worker(base: Database) -> None:
    public_id = asked(base, to=150, seconds=0.01)
    worker.launch("server", base)
    wait_until(lambda: job(base, public_id).done > 2)
    worker.stop()
    assert job(base, public_id).state == "running"
    worker.launch("server", base)
    wait_until(lambda: job(base, public_id).state == "done")
    assert counted(base) == list(range(150))


def test_whoever_lost_a_job_commits_no_more_of_it(base: Database) -> None:
    public_id = asked(base, to=5)
    runner_lost = []

    def slow(progress: Progress, *, to: int) -> None:
        with progress.session():
            progress.report(1, to)
        with base.write() as session, session.begin():
            session.execute(update(Job).values(heartbeat_at=utc_now() - timedelta(hours=1)))
        with base.read() as session:
            ids = keeping.forsaken(session, utc_now())
        assert keeping.adopt(base.write, ids, utc_now()) == 1
        try:
            with progress.session():
                progress.report(2, to)
        except JobTakenOver:
            runner_lost.append(True)
            raise

    register("count", slow)
    runner = worker.Runner(base.write, "one")
    runner.run(public_id)
    assert runner_lost == [True]
    assert (job(base, public_id).state, job(base, public_id).done) == ("waiting", 1)


def test_a_job_is_adopted_by_one_worker_only(base: Database) -> None:
    public_id = asked(base, to=5)
    with base.write() as session, session.begin():
        session.execute(update(Job).values(state="running", attempts=1, heartbeat_at=utc_now() - timedelta(hours=1)))
    with base.read() as session:
        ids = keeping.forsaken(session, utc_now())
    assert [keeping.adopt(base.write, ids, utc_now()) for _worker in range(2)] == [1, 0]
    assert job(base, public_id).attempts == 2


def test_a_job_that_takes_down_every_worker_is_given_up(base: Database) -> None:
    public_id = asked(base, to=5)
    with base.write() as session, session.begin():
        session.execute(update(Job).values(attempts=MOST_ATTEMPTS))
    worker.run_pending(base.write)
    assert job(base, public_id).state == "failed"
    assert counted(base) == []


def test_a_schedule_runs_again_and_again_and_its_failure_does_not_end_it(
    base: Database,
) -> None:
    seen = []

    def tick(progress: Progress) -> None:
        seen.append(progress.now())
        raise ZeroDivisionError

    register("tick", tick)
    schedule("tick", every=timedelta(seconds=1))
    worker.launch("server", base)
    wait_until(lambda: len(seen) >= 2, seconds=15)


def test_a_schedule_has_one_runner(base: Database) -> None:
    now = utc_now()
    keeping.set_up_schedules(base.write, ["tick"], now)
    keeping.set_up_schedules(base.write, ["tick"], now)
    assert [keeping.take_schedule(base.write, "tick", name, now) for name in ("one", "two")] == [True, False]
    keeping.finish_schedule(base.write, "tick", "one", now + timedelta(seconds=30))
    with base.read() as session:
        assert keeping.due(session, now + timedelta(seconds=29)) == []
        assert keeping.due(session, now + timedelta(seconds=30)) == ["tick"]


def test_a_schedule_whose_runner_died_is_due_again(base: Database) -> None:
    now = utc_now()
    keeping.set_up_schedules(base.write, ["tick"], now)
    keeping.take_schedule(base.write, "tick", "one", now)
    assert keeping.take_schedule(base.write, "tick", "two", now + keeping.SILENT_FOR)
    keeping.take_back(base.write, "two", now)
    assert keeping.take_schedule(base.write, "tick", "two", now)


def test_a_file_to_download_is_removed_after_a_day_and_the_job_after_a_month(base: Database, tmp_path: Path) -> None:
    files = LocalDisk(tmp_path)
    key = new_key("csv")
    files.put(key, [b"x"])
    register(
        "export",
        lambda progress: {"file": {"key": key, "name": "a.csv", "media_type": "text/csv"}},
    )
    public_id = asked(base, "export")
    worker.run_pending(base.write)

    def clear_up_in(hours: int) -> None:
        keeping.clear_up(
            Progress(
                None,
                base.write,
                lambda: utc_now() + timedelta(hours=hours),
                lambda: False,
            ),
            files,
        )

    clear_up_in(23)
    assert files.exists(key)
    clear_up_in(25)
    assert not files.exists(key)
    assert job(base, public_id).result == {"file": None}
    clear_up_in(24 * 31)
    with base.read() as session:
        assert not queries.jobs_of(session, 7)
