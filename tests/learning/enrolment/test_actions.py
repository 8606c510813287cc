from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from elearn.learning.enrolment.actions import enrol, withdraw
from elearn.learning.enrolment.rules import EnrolmentClosed, check_open, deadline
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Course
from tests import world


def test_the_closing_day_is_still_open():
    check_open(Course(state="published", closes_on=date(2026, 11, 23)), date(2026, 11, 23))


def test_the_day_after_the_closing_day_is_closed():
    with pytest.raises(EnrolmentClosed):
        check_open(Course(state="published", closes_on=date(2026, 11, 23)), date(2026, 11, 24))


def test_the_earlier_of_two_days_binds():
    assert deadline(date(2026, 12, 1), date(2026, 11, 30)) == date(2026, 11, 30)
    assert deadline(None, None) is None


def test_enrolling_twice_is_the_same_as_once(session, ani, now):
    course = world.a_course(session)
    first = enrol(session, ani.actor, course, now)
    assert enrol(session, ani.actor, course, now).id == first.id


def test_a_draft_takes_nobody_in(session, ani, now):
    with pytest.raises(EnrolmentClosed):
        enrol(session, ani.actor, world.a_course(session, state="draft"), now)


def test_coming_back_takes_up_the_old_place(session, ani, now):
    course = world.a_course(session)
    enrolment = enrol(session, ani.actor, course, now)
    withdraw(session, ani.actor, enrolment, now)
    assert not enrolment.active
    assert enrol(session, ani.actor, course, now).id == enrolment.id
    assert enrolment.active


def test_of_eight_wishes_at_once_one_makes_the_place_and_all_get_it(own_database, now):
    with own_database.write() as session:
        person_id = world.cast(session).ani.id
        course_id = world.a_course(session).id
        session.commit()
    ready = Barrier(8)

    def wish(_n):
        with own_database.read() as reading:
            actor = actor_for(reading, person_id)
        ready.wait()
        with own_database.write() as session:
            place = enrol(session, actor, session.get_one(Course, course_id), now)
            session.commit()
            return place.id

    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(wish, range(8)))
    assert len(set(places)) == 1
