"""Programmes that are owed each calendar year, around New Year in WIB; clocks are fixed, never those of the run."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.foundation.clock import end_of, start_of, wib_date
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes import actions
from elearn.learning.programmes.forms import ProgrammeWish
from elearn.learning.programmes.models import DONE, MISSED, MOVED, OPEN, Duty, Programme
from elearn.learning.programmes.queries import my_duties
from elearn.learning.programmes.rules import (
    GRACE_DAYS,
    begins_this_year,
    due_in_year,
    in_term,
    lapses,
    last_of_year,
    valid_until,
)
from elearn.learning.renewals.models import Renewal
from elearn.people.access.actor import Actor
from tests import world
from tests.learning.programmes.test_programmes import (
    a_last_test,
    a_programme,
    complete,
    duty_of,
    look_after,
    move,
    pass_again,
)
from tests.often import often

SYSTEM = Actor.system("tests")
OCTOBER = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
FIRST_MINUTE = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@settings(max_examples=often(150))
@given(day=DAYS, due_on=st.none() | DAYS, due_days=st.none() | st.integers(1, 500))
def test_a_year_is_owed_within_the_year(day, due_on, due_days):
    last = last_of_year(day)
    due = due_in_year(due_on, None if due_on else due_days, day)
    assert day <= due <= last
    if due_on is not None and (due_on.month, due_on.day) >= (day.month, day.day) and due_on.day < 29:
        assert (due.month, due.day) == (due_on.month, due_on.day)
    # Nobody is asked for a year of which too little is left, unless the rule names a day in it.
    if begins_this_year(due_on, day):
        named = due_on is not None and day <= due_on <= last
        assert named or (last - day).days >= GRACE_DAYS
    # Every moment belongs to one year's term, and what is completed in it is valid until its end and no longer.
    for moment in (start_of(day), end_of(last) - timedelta(seconds=1)):
        assert in_term(moment, start_of(date(day.year, 1, 1)), last)
        assert not in_term(moment, start_of(date(day.year + 1, 1, 1)), last_of_year(date(day.year + 1, 1, 1)))
        assert valid_until(moment, "year", None) == last
    assert not lapses("year", last, last)
    assert lapses("year", last, last + timedelta(days=1))


def yearly(session, dewi, **fields):
    """A course with a last test, and a programme that asks for it each year until the end of June."""
    course = world.a_course(session, "tahunan", title="Antikorupsi Contoh")
    test = a_last_test(session, course)
    given = {"courses": ["tahunan"], "validity": "year", "rules": [{"unit": "DIK"}, {"unit": "KES"}], **fields}
    return a_programme(session, dewi.actor, **given), course, test


def test_the_old_year_ends_and_the_new_one_begins_at_midnight_in_wib(session, cast, dewi, ani):
    programme, course, test = yearly(session, dewi)
    complete(session, cast.eko, course, OCTOBER - timedelta(days=400))
    look_after(session, OCTOBER)
    # In October everybody owes 2026; what was completed in 2025 does not count for it, and is to be done anew.
    for who in (cast.ani, cast.citra, cast.eko):
        duty = duty_of(session, who)
        assert (duty.state, duty.ends_on, duty.due_on) == (OPEN, date(2026, 12, 31), date(2026, 12, 31))
    assert len(session.scalars(select(Renewal)).all()) == 1
    complete(session, cast.ani, course, OCTOBER + timedelta(days=1))
    complete(session, cast.citra, course, LAST_MINUTE)
    look_after(session, LAST_MINUTE)
    assert [duty_of(session, who).state for who in (cast.ani, cast.citra, cast.eko)] == [DONE, DONE, OPEN]
    # A minute after midnight Eko passes; it counts for the new year, whose term the next run makes.
    pass_again(session, cast.eko, test, FIRST_MINUTE)
    assert duty_of(session, cast.eko).state == OPEN
    look_after(session, FIRST_MINUTE + timedelta(minutes=1))
    old, new = duty_of(session, cast.eko), duty_of(session, cast.eko, 2)
    assert (old.state, old.completed_at, old.closed_at is not None) == (MISSED, None, True)
    assert (new.state, new.completed_at, new.valid_until) == (DONE, FIRST_MINUTE, date(2027, 12, 31))
    # Who was done owes the new year, and keeps the old one.
    for who in (cast.ani, cast.citra):
        old, new = duty_of(session, who), duty_of(session, who, 2)
        assert (old.state, old.valid_until) == (DONE, date(2026, 12, 31))
        assert (new.state, new.due_on, new.counts_from) == (OPEN, date(2027, 12, 31), start_of(date(2027, 1, 1)))
    look_after(session, FIRST_MINUTE + timedelta(days=30))
    assert duty_of(session, cast.ani, 3) is None
    assert {each.duty.ends_on.year for each in my_duties(session, ani.actor)} == {2026, 2027}
    page = ani.get("/wajib").text
    assert "Yang selesai pada tahun 2027 dihitung" in page
    assert f"Lulusi lagi: {test.title}" in page
    # The enrolment is the one of the first time.
    assert session.scalars(select(Enrolment.completed_at).filter_by(person_id=cast.ani.id)).one() < LAST_MINUTE
    assert programme.validity == "year"


def test_who_comes_late_in_the_year_begins_with_the_next_one_unless_a_day_is_named(session, cast, dewi):
    late = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)
    rules = [{"unit": "DIK"}, {"unit": "KES", "due_on": date(2026, 12, 20)}]
    yearly(session, dewi, rules=rules)
    look_after(session, late)
    assert duty_of(session, cast.ani) is None
    assert duty_of(session, cast.eko).due_on == date(2026, 12, 20)
    look_after(session, FIRST_MINUTE)
    assert (duty_of(session, cast.ani).term, duty_of(session, cast.ani).due_on) == (1, date(2027, 12, 31))
    # The day that a rule names comes again each year.
    assert duty_of(session, cast.eko).state == MISSED
    assert duty_of(session, cast.eko, 2).due_on == date(2027, 12, 20)
    # So does the course's own day, or its page would say that last year's is late.
    assert session.scalars(select(Enrolment.due_on).filter_by(person_id=cast.eko.id)).one() == date(2027, 12, 20)
    # Away over New Year: the old year stays moved, the new one begins on coming back.
    move(session, dewi, cast.ani, "KAB")
    look_after(session, FIRST_MINUTE + timedelta(days=9))
    assert duty_of(session, cast.ani).state == MOVED
    move(session, dewi, cast.ani, "DIK.SD1")
    back = datetime(2028, 3, 1, 3, 0, tzinfo=UTC)
    look_after(session, back)
    assert (duty_of(session, cast.ani).state, duty_of(session, cast.ani, 2).ends_on) == (MOVED, date(2028, 12, 31))
    assert wib_date(back).year == 2028


def test_a_programme_that_becomes_yearly_reaches_what_is_open_and_what_is_done(session, cast, dewi):
    programme, course, _test = yearly(session, dewi, validity="once", rules=[{"unit": "DIK", "due_days": 300}])
    complete(session, cast.citra, course, OCTOBER - timedelta(days=500))
    look_after(session, OCTOBER)
    assert [duty_of(session, who).valid_until for who in (cast.ani, cast.citra)] == [None, None]
    wish = ProgrammeWish(title=programme.title, courses=["tahunan"], validity="year")
    actions.change(session, dewi.actor, programme.public_id, wish, OCTOBER)
    session.commit()
    look_after(session, OCTOBER + timedelta(days=1))
    assert (duty_of(session, cast.ani).ends_on, duty_of(session, cast.ani).due_on) == (date(2026, 12, 31),) * 2
    first, second = duty_of(session, cast.citra), duty_of(session, cast.citra, 2)
    assert (first.state, first.valid_until, second.state) == (DONE, date(2025, 12, 31), OPEN)
    assert session.get_one(Programme, programme.id).validity_months is None
    assert not session.scalars(select(Duty).filter_by(state=MISSED)).all()
