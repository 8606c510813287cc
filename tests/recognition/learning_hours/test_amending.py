"""Attendance that is corrected after passing: the account follows by new lines, up and down, and holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests import academy, world
from tests.often import often

from elearn.foundation.clock import utc_now
from elearn.learning.attendance.actions import change
from elearn.learning.attendance.actions import correct as attendance
from elearn.learning.attendance.forms import CorrectionWish, SessionWish
from elearn.learning.attendance.models import ClassSession
from elearn.learning.cohorts.models import Participant
from elearn.learning.cohorts.rules import class_jp
from elearn.learning.cohorts.taken import held_in
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import decide_passed
from elearn.people.access.actor import Actor
from elearn.people.audit.models import AuditEntry
from elearn.recognition.learning_hours.actions import correct
from elearn.recognition.learning_hours.counting import earned_by_course, recognisable
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.queries import days_of, earned_of, recognised_of
from elearn.teaching.delivery.queries import rule_of
from elearn.wiring import connect

SYSTEM = Actor.system("tests")


def a_class(session, cast, form, there=(True, True, False), slug="presensi"):
    """Ani has passed a class of three days with 150 minutes each; gives her and the sessions."""
    today = world.today()
    course = world.a_course(session, slug, by=cast.budi, minutes=0)
    first, last = today - timedelta(days=3), today - timedelta(days=1)
    cohort = academy.a_cohort(session, course, starts_on=first, ends_on=last, form_code=form)
    meetings = [academy.a_session(session, cohort, first + timedelta(days=n)) for n in range(3)]
    for meeting in meetings:
        meeting.cohort, meeting.ends_at = cohort, meeting.starts_at + timedelta(minutes=150)
    cohort.sessions = 3
    who = academy.joined(session, cast.ani, cohort)
    for meeting, present in zip(meetings, there, strict=True):
        say(session, meeting, who, present)
    who.result = "passed"
    session.flush()
    jp = class_jp(rule_of(session, form, last), held_in(session, who.enrolment_id), 0, 45)
    decide_passed(session, SYSTEM, session.get_one(Enrolment, who.enrolment_id), jp, utc_now())
    return who, meetings


def say(session, meeting, who, present):
    attendance(session, SYSTEM, meeting, who, CorrectionWish(present=present, reason="Salah catat."), utc_now())


def worth(session):
    line = session.scalars(select(LedgerLine).filter_by(corrects_id=None)).one()
    return earned_of(session, line), recognised_of(session, line)


@pytest.mark.parametrize(
    ("form", "before", "less", "more"),
    [("KL06", (8, 8), (4, 4), (8, 8)), ("NKL03", (6, 6), (3, 3), (6, 6)), ("NKL12", (20, 20), (20, 20), (20, 20))],
)
def test_a_correction_after_passing_reaches_the_account(session, cast, app, form, before, less, more):
    who, meetings = a_class(session, cast, form)
    assert worth(session) == before
    lines = select(func.count(LedgerLine.id))
    say(session, meetings[0], who, False)
    assert worth(session) == less
    # What reports say, and a certificate that is issued anew.
    assert session.get_one(Enrolment, who.enrolment_id).completed_jp == less[0]
    count = session.scalar(lines)
    assert count == 1 + (before != less)
    say(session, meetings[0], who, False)
    assert session.scalar(lines) == count
    say(session, meetings[2], who, True)
    assert worth(session) == more
    deeds = session.scalar(select(func.count(AuditEntry.id)).filter_by(action="jp.recounted"))
    assert deeds == session.scalar(lines) - 1
    # What a session is moved to counts too: 60 minutes are one JP.
    on = world.today() - timedelta(days=1)
    wish = SessionWish(title="Hari ketiga", day=on, starts="08:00", ends="09:00")
    change(session, SYSTEM, meetings[2], wish, utc_now())
    assert worth(session) == ((4, 4) if form == "NKL03" else more)


def test_what_an_admin_took_away_by_hand_stays_away(session, cast, app):
    who, meetings = a_class(session, cast, "KL06")
    line = session.scalars(select(LedgerLine)).one()
    correct(session, SYSTEM, line.public_id, Correction(jp=4, reason="Hari kedua tidak sah."), utc_now())
    say(session, meetings[2], who, True)
    assert worth(session) == (12, 4)
    for meeting in meetings:
        say(session, meeting, who, False)
    assert worth(session) == (0, 0)


@given(
    form=st.sampled_from(["KL06", "NKL03", "NKL01", "NKL04"]),
    said=st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=4),
)
@settings(max_examples=often(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_lines_are_together_what_is_earned_anew(database, session, cast, app, form, said):
    session.commit()
    undone = database.connection.begin_nested()
    with database.write() as inside:
        who, meetings = a_class(inside, cast, form)
        for which, present in said:
            say(inside, meetings[which], who, present)
        line = inside.scalars(select(LedgerLine).filter_by(corrects_id=None)).one()
        earning = earned_by_course(inside, inside.get_one(Enrolment, who.enrolment_id), anew=True)
        learned, counted = days_of(inside, line)
        jp, counts = recognisable(inside, who.person_id, earning, counted)
        assert worth(inside) == (earning.jp, jp)
        if form in ("NKL03", "NKL01"):
            assert {day: n for day, n in counted.items() if n} == {day: n for day, n in counts.items() if n}
            assert all(0 <= counted[day] <= learned[day] for day in learned)
    undone.rollback()


def test_two_corrections_at_once_build_on_each_other(own_database):
    connect()
    with own_database.write() as session:
        who, meetings = a_class(session, world.cast(session), "KL06", there=(True, False, False))
        named, ids = who.id, [meeting.id for meeting in meetings[1:]]
        session.commit()

    def corrected(meeting_id):
        with own_database.write() as session:
            meeting = session.get_one(ClassSession, meeting_id)
            session.refresh(meeting, ["cohort"])
            say(session, meeting, session.get_one(Participant, named), True)
            # Long enough for the other one to have counted, if nothing made it wait.
            sleep(0.3)
            session.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(corrected, each) for each in ids]:
            done.result()
    with own_database.read() as session:
        assert worth(session) == (12, 12)
        assert session.scalars(select(LedgerLine.jp_recognised).order_by(LedgerLine.id)).all() == [4, 4, 4]
        assert session.scalar(select(func.sum(LedgerDay.counted))) == 450
