"""No saved answer is lost: races of saving and handing in, stale blanks, attempts the clock closes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt, Quiz
from elearn.activities.quizzes.queries import question_at, questions_of
from elearn.activities.quizzes.rules import QuizClosed
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.teaching.questions.drafts import Kind, QuestionDraft
from elearn.teaching.questions.models import QuestionBank
from tests import world

JSON = {"accept": "application/json"}


@pytest.fixture
def quiz(session, cast):
    course = world.a_course(session)
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), time_limit=10)
    world.enrolled(session, cast.ani, course)
    return quiz


def begin(session, actor, quiz, now):
    return actions.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)


def number_position(session, attempt):
    """Where the question stands whose right answer is 5, worth a fifth of the score."""
    rows = [question_at(session, attempt, row.position) for row in questions_of(session, attempt)]
    return next(row.position for row in rows if row.version.kind == "number")


def test_an_answer_is_graded_or_refused_however_handing_in_falls(own_database, now):
    with own_database.write() as session:
        people = world.cast(session)
        course = world.a_course(session)
        quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course))
        world.enrolled(session, people.ani, course)
        person_id = people.ani.id
        actor = actor_for(session, person_id)
        attempt = begin(session, actor, quiz, now)
        attempt_id, position = attempt.id, number_position(session, attempt)
        session.commit()
    # The saver has read the attempt as open before the other one hands it in.
    with own_database.read() as saving:
        stale = saving.get_one(Attempt, attempt_id)
        assert stale.open
    with own_database.write() as session:
        actions.submit(session, actor, session.get_one(Attempt, attempt_id), now)
        session.commit()
    with own_database.write() as session:
        known = session.merge(stale, load=False)
        with pytest.raises(QuizClosed):
            actions.save_answer(session, actor, known, position, "5", 0, now)


def test_of_eight_answers_at_once_one_wins_and_the_others_are_told(own_database, now):
    with own_database.write() as session:
        people = world.cast(session)
        course = world.a_course(session)
        quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course))
        world.enrolled(session, people.ani, course)
        actor = actor_for(session, people.ani.id)
        attempt = begin(session, actor, quiz, now)
        attempt_id, position = attempt.id, number_position(session, attempt)
        session.commit()

    def save(n):
        with own_database.write() as session:
            try:
                attempt = session.get_one(Attempt, attempt_id)
                saved = actions.save_answer(session, actor, attempt, position, str(n), 0, now)
            except actions.StaleAnswer:
                return None
            session.commit()
            return saved.answer

    with ThreadPoolExecutor(8) as pool:
        won = [answer for answer in pool.map(save, range(10, 18)) if answer is not None]
    assert len(won) == 1
    with own_database.read() as session:
        assert question_at(session, session.get_one(Attempt, attempt_id), position).answer == won[0]


def test_a_stale_blank_is_told_what_the_other_tab_saved(ani, session, quiz):
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    attempt = session.scalars(select(Attempt)).one()
    position = number_position(session, attempt)
    ani.post(f"{address}/soal/{position}", {"answer": "5", "revision": "0"})
    blank = ani.post(f"{address}/soal/{position}", {"answer": "", "revision": "0"}, headers=JSON)
    assert blank.status_code == 409
    assert json.loads(blank.text)["answer"] == {"number": "5"}


def test_clearing_wins_over_what_is_still_chosen_in_the_form(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    position = number_position(session, attempt)
    actions.save_answer(session, ani.actor, attempt, position, "5", 0, now)
    assert actions.save_answer(session, ani.actor, attempt, position, "5", 1, now, clear=True).answer is None


def test_an_attempt_that_cannot_be_graded_keeps_no_other_open(session, ani, cast, quiz, now):
    broken = begin(session, ani.actor, quiz, now)
    world.enrolled(session, cast.eko, quiz.course)
    sound = begin(session, actor_for(session, cast.eko.id), quiz, now)
    bank = session.scalars(select(QuestionBank)).one()
    version = world.a_question(session, bank, QuestionDraft(Kind.TRUE_FALSE, "Rusak?", truth=True, key="rusak"), 9)
    version.kind = "unknown"
    questions_of(session, broken)[0].version_id = version.id
    session.flush()
    assert actions.close_expired(session, Actor.system("tests"), now + timedelta(hours=1)) == 1
    session.refresh(broken)
    session.refresh(sound)
    assert broken.submitted_at is None
    assert sound.score is not None


def test_a_change_of_the_quiz_never_disturbs_a_running_attempt(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    rules = session.get_one(Quiz, quiz.id)
    rules.time_limit, rules.pass_mark, rules.draws, rules.release = 1, 100, [], "never"
    session.flush()
    done = actions.submit(session, ani.actor, attempt, now)
    assert done.deadline_at == now + timedelta(minutes=10)
    assert (done.pass_mark, done.release) == (70, "after_submit")
    assert len(questions_of(session, done)) == 5


def test_after_withdrawing_the_attempt_is_not_found(ani, session, quiz):
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    session.scalars(select(Enrolment)).one().withdrawn_at = datetime.now(UTC)
    session.commit()
    assert ani.get(address).status_code == 404
    assert ani.post(f"{address}/kumpulkan").status_code == 404


def test_a_script_whose_session_ended_is_told_so(ani, guest, quiz):
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    assert guest.post(f"{address}/soal/1", {"answer": "5", "revision": "0"}, headers=JSON).status_code == 401
