"""What a class counts: by its own form, on the days attended, until its last day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests import academy, world

from elearn.learning.cohorts.models import ParticipantDay
from elearn.learning.progress.actions import decide_passed
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Placement
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.actions import credit_course

SYSTEM = Actor.system("tests")
FIRST = date(2026, 11, 2)
DECIDED = datetime(2027, 1, 12, 3, tzinfo=UTC)


def passed(session, person, jp, days, minutes=0, **fields):
    """The line of somebody who passed a class of these days: {day: (minutes, sessions)}."""
    course = world.a_course(session, f"kelas-{person.id}-{fields['form_code']}-{jp}", minutes=minutes)
    last = max(days)
    cohort = academy.a_cohort(session, course, starts_on=min(days), ends_on=last, organiser="Badan Contoh", **fields)
    cohort.sessions = sum(sessions for _minutes, sessions in days.values())
    who = academy.joined(session, person, cohort, result="passed")
    session.add_all(
        ParticipantDay(participant_id=who.id, day=day, minutes=learned, sessions=sessions)
        for day, (learned, sessions) in days.items()
    )
    session.flush()
    enrolment = session.get_one(world.Enrolment, who.enrolment_id)
    decide_passed(session, SYSTEM, enrolment, jp, DECIDED)
    return credit_course(session, SYSTEM, enrolment.id, DECIDED)


def on(*minutes, sessions=1):
    return {FIRST + timedelta(days=n): (each, sessions) for n, each in enumerate(minutes)}


@pytest.mark.parametrize(
    ("form", "days", "jp", "recognised"),
    [
        ("KL06", on(180, 60), 8, 8),
        ("NKL04", on(450), 10, 10),
        ("NKL03", on(450, 90), 12, 5),
        ("NKL01", on(60, 60, sessions=2), 4, 4),
    ],
)
def test_a_class_counts_by_its_own_form(session, cast, app, form, days, jp, recognised):
    line = passed(session, cast.ani, jp, days, form_code=form)
    assert (line.form_code, line.jp_earned, line.jp_recognised) == (form, jp, recognised)
    assert (line.organiser, line.started_on, line.ended_on) == ("Badan Contoh", FIRST, max(days))


def test_the_year_and_the_unit_are_those_of_the_last_day_of_the_class(session, cast, app):
    before, after = (cast.sekolah, date(2020, 1, 1), date(2026, 12, 31)), (cast.dinas, date(2027, 1, 1), None)
    for unit, first, last in (before, after):
        session.add(Placement(person_id=cast.ani.id, unit_id=unit.id, valid_from=first, valid_to=last))
    cast.ani.unit_id = cast.dinas.id
    line = passed(session, cast.ani, 4, on(180), form_code="KL06")
    assert (line.year, line.unit_id) == (2026, cast.sekolah.id)


def test_coaching_in_a_class_and_elsewhere_share_the_cap_of_the_month(session, cast, citra, app, now):
    record = academy.a_record(session, cast.ani, form_code="NKL01", started_on=FIRST, ended_on=FIRST)
    approve(session, citra.actor, record.public_id, Approval(), now)
    days = {FIRST + timedelta(days=9): (60, 1), FIRST + timedelta(days=10): (60, 1), date(2026, 12, 1): (60, 1)}
    line = passed(session, cast.ani, 6, days, form_code="NKL01")
    assert (line.jp_earned, line.jp_recognised) == (6, 4)
