"""When a question comes back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.activities.reviews.rules import A_DAY, GAPS, first_day, left_today, next_day, ready_before
from elearn.foundation.clock import start_of, wib_date

pytestmark = pytest.mark.words_alone

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
PLACES = st.integers(0, len(GAPS) - 1)


@given(PLACES, DAYS)
def test_a_wrong_answer_comes_back_sooner_and_never_on_the_same_day(gap, day):
    wrong_gap, wrong = next_day(gap, False, day)
    right_gap, right = next_day(gap, True, day)
    assert wrong_gap == 0
    assert wrong == day + timedelta(days=GAPS[0]) > day
    assert right is None or (right > wrong and right_gap == gap + 1)
    assert (right is None) == (gap == len(GAPS) - 1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=60), DAYS)
def test_whatever_is_answered_and_however_late_a_question_is_done_after_a_row_of_right_answers(said, completed_on):
    day: date | None = first_day(completed_on)
    gap, in_a_row, waits = 0, 0, []
    for right, late in said:
        if day is None:
            break
        answered_on = day + timedelta(days=late)
        gap, day = next_day(gap, right, answered_on)
        in_a_row = in_a_row + 1 if right else 0
        waits = [*waits, (day - answered_on).days] if right and day else []
        # What was right in a row waits longer each time, counted from the answer.
        assert waits == list(GAPS[1 : len(waits) + 1])
        assert (day is None) == (in_a_row == len(GAPS))


@given(st.integers(0, 50), st.integers(0, A_DAY))
def test_a_day_asks_three_and_no_more(waiting, given_today):
    left = left_today(waiting, given_today)
    assert 0 <= left <= waiting
    assert given_today + left <= A_DAY


@given(DAYS, st.integers(0, 24 * 60 - 1), st.integers(-4, 4))
def test_the_first_day_counts_in_local_days(day, minute, later):
    completed_at, today = start_of(day) + timedelta(minutes=minute), day + timedelta(days=later)
    ripe = completed_at < ready_before(today)
    assert ripe == (first_day(wib_date(completed_at)) <= today)


def test_a_course_that_was_completed_one_minute_before_midnight_comes_back_two_days_later():
    last_minute = start_of(date(2026, 11, 21)) - timedelta(minutes=1)
    assert first_day(wib_date(last_minute)) == date(2026, 11, 22)
    assert last_minute < ready_before(date(2026, 11, 22))
    assert not last_minute < ready_before(date(2026, 11, 21))
