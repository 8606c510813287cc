"""A quiz taken by a program: no answer lost, no key before release."""

import pytest
from sqlalchemy import select

from elearn.activities.quizzes.models import Attempt, Quiz
from elearn.activities.quizzes.queries import worded_questions
from tests import world
from tests.activities.quizzes.test_attempts import right_answer

FIELDS = {
    "single": "choice",
    "true_false": "choice",
    "multiple": "choices",
    "short": "text",
    "number": "number",
    "matching": "pairs",
}


@pytest.fixture
def quiz(session, cast):
    course = world.a_course(session)
    made = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), attempts_allowed=2)
    world.enrolled(session, cast.ani, course)
    return made


@pytest.fixture
def program(ani):
    return ani.program("attempts:write", "progress:read")


@pytest.fixture
def attempts(quiz):
    return f"/api/v1/activities/{quiz.public_id}/attempts"


@pytest.fixture
def attempt(program, attempts):
    return f"/api/v1/attempts/{program.post(attempts).json()['id']}"


def keys(session):
    """The right answer to each question of the only attempt, by position; several choices in the order of their ids."""
    attempt = session.scalars(select(Attempt)).one()
    found = {}
    for question in worded_questions(session, attempt):
        right = right_answer(question, attempt)
        found[question.position] = {FIELDS[question.version.kind]: sorted(right) if isinstance(right, list) else right}
    return found


def test_from_the_start_to_the_released_result(program, attempts, attempt, session, quiz):
    questions = program.get(f"{attempt}/questions").json()
    assert questions["next"] is None
    assert [row["position"] for row in questions["items"]] == [1, 2, 3, 4, 5]
    assert {row["kind"] for row in questions["items"]} == {"single", "multiple", "true_false", "number", "matching"}
    assert program.get(f"{attempt}/questions/2").json() == questions["items"][1]
    for position, answer in keys(session).items():
        saved = program.put(f"{attempt}/questions/{position}/answer", json={"answer": answer, "revision": 0})
        assert (saved.status_code, saved.json()["revision"], saved.json()["answer"]) == (200, 1, answer)
    assert program.get(f"{attempt}/result").json()["type"] == "urn:elearn:still-open"
    first, second = program.put(f"{attempt}/submission"), program.put(f"{attempt}/submission")
    assert first.json() == second.json()
    assert (first.json()["score"], first.json()["passed"], first.json()["open"]) == (100.0, True, False)
    result = program.get(f"{attempt}/result").json()
    assert result["released"] is True
    assert [row["score"] for row in result["questions"]] == [1.0] * 5
    assert "CANARY-EXPLAIN-plt" in [row["explanation"] for row in result["questions"]]
    assert [row["id"] for row in program.get(attempts).json()["items"]] == [first.json()["id"]]
    progress = program.get(f"/api/v1/activities/{quiz.public_id}/progress").json()
    assert (progress["status"], progress["score"]) == ("done", 100.0)


def test_starting_twice_goes_on_with_the_open_attempt(program, attempts, attempt):
    assert attempt.endswith(program.post(attempts).json()["id"])
    program.put(f"{attempt}/submission")
    second = program.post(attempts).json()
    assert second["number"] == 2
    program.put(f"/api/v1/attempts/{second['id']}/submission")
    refused = program.post(attempts)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:elearn:no-attempts-left")


def test_a_stale_answer_is_told_the_newer_one_and_overwrites_nothing(program, attempt, session):
    position = next(place for place, answer in keys(session).items() if "number" in answer)
    address = f"{attempt}/questions/{position}/answer"
    newer = program.put(address, json={"answer": {"number": "7"}, "revision": 0}).json()
    stale = program.put(address, json={"answer": {"number": "8"}, "revision": 0})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:elearn:stale-answer")
    told = stale.json()["newer"]
    assert told.pop("answered_at").replace("+00:00", "Z") == newer.pop("answered_at")
    assert told == newer
    assert program.put(address, json={"answer": {"number": "7"}, "revision": 0}).json()["revision"] == 1
    assert program.get(f"{attempt}/questions/{position}").json()["answer"] == {"number": "7"}


def test_a_blank_answer_replaces_nothing_unless_it_is_taken_back(program, attempt, session):
    position = next(place for place, answer in keys(session).items() if "number" in answer)
    address = f"{attempt}/questions/{position}/answer"
    program.put(address, json={"answer": {"number": "7"}, "revision": 0})
    assert program.put(address, json={"answer": None, "revision": 1}).json()["answer"] == {"number": "7"}
    cleared = program.put(address, json={"answer": None, "revision": 1, "clear": True}).json()
    assert (cleared["answer"], cleared["revision"]) == (None, 2)


@pytest.mark.parametrize(
    "answer",
    [{"choice": "bukan"}, {"number": "lima"}, {"number": 5}, {"choices": [[]]}, {"pairs": {"x": "y"}}, {"x": 1}],
)
def test_an_answer_of_another_shape_is_refused(program, attempt, answer):
    for position in range(1, 6):
        sent = program.put(f"{attempt}/questions/{position}/answer", json={"answer": answer, "revision": 0})
        assert sent.status_code == 422, f"{position}: {sent.text}"
    assert all(row["answer"] is None for row in program.get(f"{attempt}/questions").json()["items"])


def test_a_doubtful_question_is_marked_and_unmarked(program, attempt):
    assert program.put(f"{attempt}/questions/3/flag", json={"flagged": True}).json()["flagged"] is True
    flagged = [row["position"] for row in program.get(f"{attempt}/questions").json()["items"] if row["flagged"]]
    assert flagged == [3]
    assert program.put(f"{attempt}/questions/3/flag", json={"flagged": False}).json()["flagged"] is False


def test_a_closed_attempt_takes_and_shows_no_more(program, attempt, session):
    program.put(f"{attempt}/submission")
    for refused in (
        program.put(f"{attempt}/questions/1/answer", json={"answer": {"choice": "x"}, "revision": 0}),
        program.put(f"{attempt}/questions/1/flag", json={"flagged": True}),
        program.get(f"{attempt}/questions"),
        program.get(f"{attempt}/questions/1"),
    ):
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:elearn:quiz-closed")


def test_the_result_keeps_its_keys_until_the_learner_has_passed(program, attempts, session, quiz):
    session.get_one(Quiz, quiz.id).release = "after_pass"
    session.commit()
    attempt = f"/api/v1/attempts/{program.post(attempts).json()['id']}"
    program.put(f"{attempt}/submission")
    result = program.get(f"{attempt}/result")
    assert (result.json()["passed"], result.json()["released"], result.json()["questions"]) == (False, False, None)
    assert "CANARY" not in result.text


def test_the_questions_come_a_page_at_a_time(program, attempt):
    first = program.get(f"{attempt}/questions?limit=4").json()
    rest = program.get(f"{attempt}/questions?limit=4&after={first['next']}").json()
    assert [row["position"] for row in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None


def test_another_kind_of_activity_has_no_attempts(program, session, quiz):
    reading = world.a_reading(session, world.a_module(session, quiz.course))
    session.commit()
    for method in ("GET", "POST"):
        assert program.request(method, f"/api/v1/activities/{reading.public_id}/attempts").status_code == 404
