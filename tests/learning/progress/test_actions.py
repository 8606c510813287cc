from datetime import timedelta

from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
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
