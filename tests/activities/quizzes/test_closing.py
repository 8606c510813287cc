"""What stays when a course closes, a quiz is taken out, or a course is archived."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt
from elearn.activities.quizzes.rules import QuizClosed
from elearn.learning.player.queries import desk
from tests import world


@pytest.fixture
def quiz(session, cast):
    course = world.a_course(session)
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course))
    world.enrolled(session, cast.ani, course)
    return quiz


def begin(session, actor, quiz, now):
    return actions.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)


def handed_in(ani, quiz):
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    ani.post(f"{address}/kumpulkan")
    return f"{address}/hasil"


def test_nobody_starts_after_the_closing_day_which_itself_is_open(session, ani, quiz, now):
    quiz.course.closes_on = date(2026, 11, 22)  # `now` is the 23rd in WIB
    with pytest.raises(QuizClosed, match="22 November 2026"):
        begin(session, ani.actor, quiz, now)
    quiz.course.closes_on = date(2026, 11, 23)
    assert begin(session, ani.actor, quiz, now).open


def test_a_running_attempt_goes_on_after_the_closing_day(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    quiz.course.closes_on = date(2026, 11, 22)
    assert begin(session, ani.actor, quiz, now).id == attempt.id


def test_the_page_says_that_the_course_has_closed_instead_of_offering_a_start(ani, session, quiz):
    quiz.course.closes_on = (datetime.now(UTC) - timedelta(days=2)).date()
    session.commit()
    page = ani.get(f"/belajar/{quiz.public_id}/kuis").text
    assert "Pelatihan ditutup pada" in page
    assert "Mulai kuis" not in page
    refused = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai")
    assert refused.status_code in (303, 409)
    assert session.scalars(select(Attempt)).all() == []


def test_the_result_stays_when_the_quiz_is_taken_out(ani, session, quiz):
    result = handed_in(ani, quiz)
    assert "Coba lagi" in ani.get(result).text
    quiz.retired_at = datetime.now(UTC)
    session.commit()
    page = ani.get(result)
    assert page.status_code == 200
    assert "Coba lagi" not in page.text
    assert ani.get(f"/belajar/{quiz.public_id}/kuis").status_code == 404


def test_the_result_stays_when_the_course_is_archived(ani, session, quiz):
    result = handed_in(ani, quiz)
    quiz.course.state = "archived"
    session.commit()
    assert ani.get(result).status_code == 200


def test_another_s_result_does_not_exist_after_the_quiz_is_taken_out(ani, eko, session, quiz):
    result = handed_in(ani, quiz)
    quiz.retired_at = datetime.now(UTC)
    session.commit()
    assert eko.get(result).status_code == 404
