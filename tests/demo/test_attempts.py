"""The demo's attempts: graded like everybody's, passed where they must be, with some answers wrong."""

from sqlalchemy import select

from elearn.activities.quizzes.models import Attempt, AttemptQuestion, Quiz
from elearn.demo.attempts import take_quiz
from elearn.people.accounts.queries import actor_for
from tests import world


def test_quizzes_are_passed_and_pretests_show_what_is_not_known_yet(app, session, cast, now):
    course = world.a_course(session)
    module = world.a_module(session, course)
    bank = world.a_bank(session, course)
    quiz, pretest = world.a_quiz(session, module, bank), world.a_quiz(session, module, bank)
    rules = session.get_one(Quiz, pretest.id)
    rules.assessment, rules.pass_mark = "pretest", None
    for person in (cast.ani, cast.eko, cast.budi):
        world.enrolled(session, person, course)
        for activity in (quiz, pretest):
            take_quiz(session, actor_for(session, person.id), activity.public_id, now)
    attempts = session.scalars(select(Attempt)).all()
    assert len(attempts) == 6
    assert all(attempt.submitted_at > now and attempt.graded_at for attempt in attempts)
    assert {attempt.passed for attempt in attempts} == {True, None}
    points = session.scalars(select(AttemptQuestion.points)).all()
    assert min(points) < 1
    assert max(points) == 1
