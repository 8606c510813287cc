from datetime import date

import pytest

from elearn.learning.enrolment.actions import enrol, withdraw
from elearn.learning.enrolment.rules import EnrolmentClosed, check_open, deadline
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
