"""What a phone keeps for the time without a network: every question as its page asks it, and nothing more."""

import gzip
import re

import pytest
from sqlalchemy import event

from elearn.activities.quizzes import actions
from elearn.learning.player.queries import desk
from tests import world

JSON = {"accept": "application/json"}
FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)


def twenty():
    """The longest kind: six options of a sentence each."""
    options = "\n".join(f"{'*' if n == 3 else '-'} Pilihan {n} yang panjangnya satu kalimat biasa." for n in range(6))
    return "\n\n".join(f"? Soal {n}: mana yang benar menurut ketentuan contoh?\n{options}" for n in range(20))


@pytest.fixture
def attempt(request, session, ani, cast, now):
    course = world.a_course(session)
    module = world.a_module(session, course)
    bank = world.a_bank(session, course, getattr(request, "param", world.QUESTIONS))
    quiz = world.a_quiz(session, module, bank, time_limit=None)
    world.enrolled(session, cast.ani, course)
    started = actions.start(session, ani.actor, desk(session, ani.actor, quiz.public_id, "quiz"), now)
    session.commit()
    return started


def own_forms(visitor, attempt, count):
    pages = [visitor.get(f"/kuis/{attempt.public_id}?soal={n}").text for n in range(1, count + 1)]
    return [form for page in pages for form in FORM.findall(page) if "data-quiz" in form]


def number_form(visitor, attempt):
    """The form of the question whose answer is a number."""
    forms = FORM.findall(visitor.get(f"/kuis/{attempt.public_id}/soal").text)
    return next(form for form in forms if "decimal" in form)


def path_of(form):
    return re.search(r'action="([^"]+)"', form)[1]


def test_the_questions_at_hand_are_those_of_the_pages(ani, attempt):
    ani.post(path_of(number_form(ani, attempt)), {"answer": "5", "revision": "0", "flag": "1"})
    at_hand = FORM.findall(ani.get(f"/kuis/{attempt.public_id}/soal").text)
    assert at_hand == own_forms(ani, attempt, 5)
    assert sum("checked" in form for form in at_hand) == 1


@pytest.mark.parametrize("attempt", [twenty()], indirect=True)
def test_twenty_questions_weigh_at_most_35_kilobytes(ani, attempt):
    """UX.md §2.2."""
    at_hand = ani.get(f"/kuis/{attempt.public_id}/soal")
    assert len(FORM.findall(at_hand.text)) == 20
    assert len(gzip.compress(at_hand.content)) < 35 * 1024


def statements(database, ask):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(database.connection, "before_cursor_execute", note)
    ask()
    event.remove(database.connection, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("attempt", [world.QUESTIONS, twenty()], indirect=True, ids=["5", "20"])
def test_the_number_of_questions_costs_no_statement(ani, attempt, database):
    path = f"/kuis/{attempt.public_id}/soal"
    ani.get(path)
    assert statements(database, lambda: ani.get(path)) <= 4


def test_what_was_handed_in_is_not_asked_any_more(ani, attempt, session, now):
    actions.submit(session, ani.actor, attempt, now)
    session.commit()
    answer = ani.get(f"/kuis/{attempt.public_id}/soal")
    assert answer.headers["location"] == f"/kuis/{attempt.public_id}/hasil"


def test_a_script_tells_the_mark_of_doubt_along_with_the_answer(ani, attempt):
    """An unticked box is not sent by a form; a script that says nothing of it leaves it."""
    path = path_of(number_form(ani, attempt))

    def flagged():
        return "checked" in number_form(ani, attempt)

    assert ani.post(path, {"clear": "1", "revision": "0", "flag": "1"}, headers=JSON).status_code == 200
    assert flagged()
    assert ani.post(path, {"answer": "5", "revision": "0"}, headers=JSON).json()["revision"] == 1
    assert flagged()
    assert ani.post(path, {"answer": "5", "revision": "1", "flag": "0"}, headers=JSON).json()["revision"] == 1
    assert not flagged()
