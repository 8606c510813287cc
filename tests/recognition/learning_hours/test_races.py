"""Two courses of one person, completed at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from sqlalchemy import select
from tests import world
from tests.recognition.learning_hours.test_ledger import MONDAY, SYSTEM, learned

from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine


def credited(database, enrolment_id, now):
    with database.write() as session:
        credit_course(session, SYSTEM, enrolment_id, now)
        # Long enough for the other one to have looked at the day, if nothing made it wait.
        sleep(0.3)
        session.commit()


def test_courses_credited_at_once_share_the_days_cap(own_database, now):
    with own_database.write() as session:
        ani = world.cast(session).ani
        courses = [world.a_course(session, slug, minutes=135) for slug in ("satu", "dua")]
        enrolments = [learned(session, ani, course, {MONDAY: 135}).id for course in courses]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(credited, own_database, number, now) for number in enrolments]:
            done.result()
    with own_database.read() as session:
        assert sorted(session.scalars(select(LedgerLine.jp_recognised))) == [0, 3]
