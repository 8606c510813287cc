"""D9: long work is killed twenty times, at moments of chance, and is done once all the same."""

import random

import pytest
from sqlalchemy import event, func, select

from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.overview.exports.actions import Book, have_made
from elearn.people.accounts.models import AccessCode, Person
from elearn.people.accounts.queries import actor_for
from elearn.people.imports import actions as imports
from elearn.recognition.certificates.actions import issue_many
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import Bulk
from elearn.wiring import connect
from tests import databases, world
from tests.people.imports.files import HEADERS, as_csv, row
from tests.programs import kill_at
from tests.recognition.certificates.test_bulk import YEAR, crowd

pytestmark = [pytest.mark.load, pytest.mark.timeout(900)]
KILLS = 20


def certificates(session, cast, now):
    course = world.a_course(session)
    crowd(session, course, 300, now)
    issue_many(session, actor_for(session, cast.dewi.id), Bulk(course.id, *YEAR), now)
    return lambda session: session.scalar(select(func.count(Certificate.number.distinct()))) == 300


def people(session, cast, now):
    key, admin = new_key("csv"), actor_for(session, cast.dewi.id)
    store().put(key, [as_csv([row(n) for n in range(1_500)])])
    imports.start(session, admin, imports.bring(session, admin, "pegawai.csv", key, list(HEADERS), now), now)
    before = session.scalar(select(func.count(Person.id)))

    def once(session):
        found = session.scalar(select(func.count(Person.id))), session.scalar(select(func.count(AccessCode.id)))
        return found == (before + 1_500, 1_500)

    return once


def workbook(session, cast, now):
    crowd(session, world.a_course(session), 300, now)
    book = Book("completions", {}, 300, "Penyelesaian", "penyelesaian.xlsx", "/laporan")
    have_made(session, actor_for(session, cast.dewi.id), book, now, lambda: None)
    before = set(store().keys())

    def once(session):
        return set(store().keys()) - before == {session.scalars(select(Job)).one().result["file"]["key"]}

    return once


@pytest.fixture(params=[certificates, people, workbook])
def begin(request):
    connect()

    def begun(database, now):
        with database.write() as session:
            held = request.param(session, world.cast(session), now)
            session.commit()
        return held

    return begun


def test_a_job_that_is_killed_twenty_times_is_done_once(own_database, begin, now):
    url = databases.fresh_url("sqlite" if own_database.sqlite else "postgresql")
    undisturbed = databases.Database(url)
    begin(undisturbed, now)
    seen = []
    event.listen(undisturbed.writer, "after_cursor_execute", lambda *given: seen.append(given[2]))
    run_pending(undisturbed.write)
    undisturbed.close()
    databases.drop(url)

    held = begin(own_database, now)
    # What is committed before a kill stays done: each time so much less is left. Short work begins anew each time.
    most = max(len(seen) // KILLS, min(len(seen) - 5, 40))
    for n in range(KILLS):
        moment = random.Random(n).randint(1, most)
        kill_at(own_database, "", moment)
        # Killed before it had the job in hand, it leaves it waiting.
        assert take_back(own_database.write, "here", now) <= 1
    run_pending(own_database.write)
    with own_database.read() as session:
        assert session.scalars(select(Job.state)).all() == ["done"]
        assert held(session)
