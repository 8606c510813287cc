import pytest
from sqlalchemy import func, select, text

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database
from elearn.foundation.errors import NotFound
from elearn.foundation.jobs import queries
from elearn.foundation.jobs.actions import cancel, enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queue import DBOS_TABLES
from elearn.foundation.jobs.worker import run_pending
from tests.foundation.jobs.counting import asked, counted, job


def queued(base: Database) -> int:
    table = "workflow_status" if base.sqlite else "dbos.workflow_status"
    with base.read() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def test_a_job_goes_with_the_transaction_that_asked_for_it(base: Database) -> None:
    with base.write() as session:
        enqueue(
            session,
            kind="count",
            title="Menghitung",
            owner_id=7,
            arguments={"to": 3},
            now=utc_now(),
        )
        session.rollback()
    with base.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert queued(base) == 0


def test_a_committed_job_is_in_the_queue(base: Database) -> None:
    asked(base, to=3)
    assert queued(base) == 1


def test_what_waits_is_done_and_its_result_kept(base: Database) -> None:
    public_id = asked(base, to=3)
    assert run_pending(base.write) == 1
    done = job(base, public_id)
    assert (done.state, done.done, done.total, done.percent) == ("done", 3, 3, 100)
    assert done.result == {"rows": 3}
    assert done.started_at is not None
    assert done.finished_at is not None
    assert counted(base) == [0, 1, 2]


def test_a_job_is_found_by_the_one_who_asked_only(base: Database) -> None:
    public_id = asked(base, to=1)
    with base.read() as session:
        assert [each.public_id for each in queries.jobs_of(session, 7)] == [public_id]
        with pytest.raises(NotFound):
            queries.job_for(session, public_id, 8)
        with pytest.raises(NotFound):
            queries.job_for(session, public_id, None)


def test_a_refusal_is_shown_as_it_was_said(base: Database) -> None:
    public_id = asked(base, "refuse")
    run_pending(base.write)
    assert (job(base, public_id).state, job(base, public_id).error) == (
        "failed",
        "Kelas ini sudah penuh.",
    )


def test_an_error_undoes_its_step_and_shows_no_detail(base: Database) -> None:
    public_id = asked(base, "break down")
    run_pending(base.write)
    failed = job(base, public_id)
    assert failed.state == "failed"
    assert "gagal" in failed.error
    assert "secret" not in failed.error
    assert counted(base) == []


def test_an_unknown_kind_fails_instead_of_waiting_for_ever(base: Database) -> None:
    public_id = asked(base, "nobody registered this")
    run_pending(base.write)
    assert job(base, public_id).state == "failed"


def test_a_waiting_job_is_called_off_at_once(base: Database) -> None:
    public_id = asked(base, to=3)
    with base.write() as session, session.begin():
        cancel(session, queries.job_for(session, public_id, 7), utc_now())
    assert run_pending(base.write) == 0
    assert job(base, public_id).state == "cancelled"
    assert counted(base) == []


def test_calling_off_a_finished_job_changes_nothing(base: Database) -> None:
    public_id = asked(base, to=1)
    run_pending(base.write)
    with base.write() as session, session.begin():
        cancel(session, queries.job_for(session, public_id, 7), utc_now())
    assert job(base, public_id).state == "done"


def test_the_list_of_foreign_tables_is_complete(base: Database) -> None:
    if not base.sqlite:
        pytest.skip("on PostgreSQL they have a schema of their own")
    with base.read() as session:
        present = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        workflow_tables = {name for name in present if name.startswith(("workflow", "dbos"))}
    assert present >= DBOS_TABLES
    assert workflow_tables <= DBOS_TABLES
