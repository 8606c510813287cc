"""Reports of one learner that arrive at the same moment, as after an outage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import text

from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.rules import Evidence
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Activity
from tests import world


@pytest.fixture
def course(own_database):
    """Ids of an enrolment, its learner and two activities."""
    with own_database.write() as session:
        ani = world.cast(session).ani
        module = world.a_module(session, world.a_course(session))
        readings = [world.a_reading(session, module), world.a_reading(session, module, "Kedua")]
        enrolment = world.enrolled(session, ani, readings[0].course)
        session.commit()
        return enrolment.id, ani.id, [reading.id for reading in readings]


def report(session, course, activity_id, evidence, moment):
    enrolment_id, person_id, _activities = course
    actor = actor_for(session, person_id)
    enrolment, activity = session.get_one(Enrolment, enrolment_id), session.get_one(Activity, activity_id)
    record_evidence(session, actor, enrolment, activity, evidence, moment)


def reported(database, course, activity_id, evidence, moment):
    with database.write() as session:
        report(session, course, activity_id, evidence, moment)
        session.commit()


def at_once(reports):
    with ThreadPoolExecutor(len(reports)) as pool:
        for done in [pool.submit(reported, *report) for report in reports]:
            done.result()


def test_first_reports_at_once_make_one_progress_that_holds_the_farthest(own_database, course, now):
    at_once([(own_database, course, course[2][0], Evidence(score=float(n)), now) for n in range(8)])
    with own_database.read() as session:
        assert [row.score for row in session.query(ActivityProgress)] == [7.0]


def test_the_last_two_activities_finished_at_once_complete_the_course(own_database, course, now):
    _enrolment, _person, (first, last) = course
    seen = Evidence(seen_to_end=True)
    # Opened last and at this very moment: its report changes nothing of the enrolment, so only the lock makes it wait.
    reported(own_database, course, last, Evidence(), now)
    with ThreadPoolExecutor(1) as pool, own_database.write() as session:
        report(session, course, first, seen, now - timedelta(seconds=1))
        other = pool.submit(reported, own_database, course, last, seen, now)
        waits_or_is_done(own_database, other)
        session.commit()
        other.result()
    with own_database.read() as session:
        assert session.get_one(Enrolment, course[0]).completed_at is not None


def waits_or_is_done(database, other):
    """Until the other report stands behind the transaction that is open here. SQLite lets nobody in beside it."""
    behind = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not database.sqlite and not other.done():
        with database.read() as session:
            if session.scalar(text(behind)):
                return
        sleep(0.01)
