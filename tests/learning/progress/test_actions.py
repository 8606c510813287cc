from datetime import timedelta

import pytest

from elearn.learning.enrolment.actions import enrol, enrol_many, place_in_class, withdraw
from elearn.learning.enrolment.forms import EnrolmentWish
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.teaching.courses.actions import change_activity, retire_activity
from elearn.teaching.courses.forms import ActivityWish
from tests import world


def test_a_course_is_done_when_every_required_activity_is(session, ani, now):
    module = world.a_module(session, world.a_course(session))
    first, second = world.a_reading(session, module), world.a_reading(session, module, "Kedua")
    enrolment = world.enrolled(session, ani.person, first.course)
    record_evidence(session, ani.actor, enrolment, first, Evidence(seen_to_end=True), now)
    assert enrolment.completed_at is None
    record_evidence(session, ani.actor, enrolment, second, Evidence(seen_to_end=True), now)
    assert enrolment.completed_at == now
    assert enrolment.completed_jp == 2
    assert enrolment.completed_unit_id == ani.person.unit_id


def test_a_claim_of_time_earns_no_more_than_the_time_that_passed(session, ani, now):
    module = world.a_module(session, world.a_course(session))
    reading = world.a_reading(session, module)
    reading.least_seconds = 60
    enrolment = world.enrolled(session, ani.person, reading.course)
    record_evidence(session, ani.actor, enrolment, reading, Evidence(), now)
    later = now + timedelta(seconds=15)
    progress = record_evidence(session, ani.actor, enrolment, reading, Evidence(seconds=900, seen_to_end=True), later)
    assert progress.active_seconds == 15
    assert not progress.completed


def test_what_is_completed_stays_completed(session, ani, now):
    module = world.a_module(session, world.a_course(session))
    reading = world.a_reading(session, module)
    enrolment = world.enrolled(session, ani.person, reading.course)
    record_evidence(session, ani.actor, enrolment, reading, Evidence(seen_to_end=True), now)
    reading.least_seconds = 9_000
    again = record_evidence(session, ani.actor, enrolment, reading, Evidence(), now + timedelta(days=1))
    assert again.completed_at == now
    assert enrolment.completed_at == now


@pytest.fixture
def half_done(session, cast, ani, now):
    """Ani has done the first of two lessons; gives her place and the second lesson."""
    module = world.a_module(session, world.a_course(session, by=cast.budi))
    first, second = world.a_reading(session, module), world.a_reading(session, module, "Kedua")
    enrolment = world.enrolled(session, ani.person, first.course)
    record_evidence(session, ani.actor, enrolment, first, Evidence(seen_to_end=True), now)
    return enrolment, second


def test_who_lacks_only_what_is_no_longer_required_has_completed(session, budi, half_done, now):
    enrolment, second = half_done
    wish = ActivityWish(title=second.title, minutes=second.minutes, required=False, revision=second.revision)
    change_activity(session, budi.actor, second, wish, now)
    assert enrolment.completed_at == now


@pytest.mark.parametrize("way", ["by herself", "with many", "in a class"])
def test_who_comes_back_and_has_done_all_has_completed(session, ani, budi, dewi, half_done, morning, way):
    """Unless it is a class that takes her back: its organiser decides."""
    (enrolment, second), course = half_done, half_done[1].course
    withdraw(session, ani.actor, enrolment, morning)
    retire_activity(session, budi.actor, second, morning)
    assert not enrolment.completed
    match way:
        case "by herself":
            enrol(session, ani.actor, course, morning)
        case "with many":
            enrol_many(session, dewi.actor, EnrolmentWish(course=course.slug, by="nip", nips=ani.person.nip), morning)
        case _:
            place_in_class(session, dewi.actor, ani.person.id, course, None, morning)
    assert enrolment.active
    assert (enrolment.completed, enrolment.awaits_decision) == ((False, True) if way == "in a class" else (True, False))
