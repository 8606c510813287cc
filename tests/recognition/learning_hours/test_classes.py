"""What a class counts: by its own form, on the days attended, until its last day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from tests import academy, world
from tests.recognition.learning_hours.test_ledger import learned

from elearn.foundation.errors import Invalid
from elearn.learning.cohorts.models import ParticipantDay
from elearn.learning.progress.actions import decide_passed
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Placement
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerLine

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


@pytest.mark.parametrize("webinar", [{}, {FIRST + timedelta(days=1): (60, 1)}])
def test_one_webinar_takes_nothing_from_what_was_learned_in_the_materials(session, cast, app, webinar):
    course = world.a_course(session, "campuran", minutes=900, form="KL03")
    days = {FIRST + timedelta(days=n): 180 for n in range(5)}
    cohort = academy.a_cohort(session, course, starts_on=min(days), ends_on=max(days), form_code="NKL03")
    cohort.sessions = 1
    enrolment = learned(session, cast.ani, course, days)
    who = academy.joined(session, cast.ani, cohort, result="passed")
    assert who.enrolment_id == enrolment.id
    for day, (minutes, sessions) in webinar.items():
        session.add(ParticipantDay(participant_id=who.id, day=day, minutes=minutes, sessions=sessions))
    session.flush()
    line = credit_course(session, SYSTEM, enrolment.id, DECIDED)
    assert (line.minutes, line.jp_earned, line.jp_recognised) == (900, 20, 15)


def test_a_day_of_international_e_learning_counts_four_jp(session, cast, citra, app, now):
    abroad = {"form_code": "NKL03", "started_on": FIRST, "ended_on": FIRST, "international": True, "jp": 4}
    record = academy.a_record(session, cast.ani, **abroad)
    approve(session, citra.actor, record.public_id, Approval(), now)
    given = select(LedgerLine.jp_earned, LedgerLine.jp_recognised).where(LedgerLine.source == "record")
    assert session.execute(given).one() == (4, 4)
    assert passed(session, cast.ani, 1, on(45), form_code="NKL03").jp_recognised == 0
    line = passed(session, cast.eko, 10, on(450), form_code="NKL03", international=True)
    assert line.jp_recognised == 4
    with pytest.raises(Invalid, match="paling banyak 4 JP"):
        correct(session, Actor.system("tests"), line.public_id, Correction(jp=5, reason="Uji."), now)
