"""Q1: before release no key, weight or explanation leaves, whatever address a learner asks for."""

import pytest
from sqlalchemy import select

from elearn.activities.quizzes.models import Attempt, Quiz
from elearn.people.accounts.scopes import SCOPES
from tests.routes import API_BODIES, API_ROWS, ROWS, filled


@pytest.fixture(autouse=True)
def nothing_released(session, objects):
    for quiz in session.scalars(select(Quiz)):
        quiz.release = "never"
    for attempt in session.scalars(select(Attempt)):
        attempt.release = "never"
    session.commit()


def test_no_address_gives_a_learner_the_key_before_release(ani, guest, objects):
    """Q1: every route of the matrix, while the attempt runs and after it was handed in."""

    def look(visitor, method, path):
        answer = visitor.get(path) if method == "GET" else visitor.post(path, {"answer": "x", "revision": "9"})
        assert b"CANARY" not in answer.content, f"{method} {path}"
        assert "CANARY" not in str(answer.headers), f"{method} {path}"

    rows = [row.split(" ", 1) for row in ROWS]
    reading = [("GET", filled(path, objects)) for method, path in rows if method == "GET"]
    writing = [
        ("POST", filled(path, objects))
        for method, path in rows
        if method == "POST" and path.startswith(("/kuis/", "/belajar/")) and not path.endswith("/kumpulkan")
    ]
    for method, path in [*reading, *writing, ("POST", f"/kuis/{objects['attempt']}/kumpulkan"), *reading]:
        look(ani, method, path)
    for method, path in reading:
        look(guest, method, path)


def test_no_answer_of_the_api_gives_a_learners_program_the_key_before_release(ani, objects):
    """Q1: every route of the API, while the attempt runs, with a stale answer, and after it was handed in."""
    program = ani.program(*SCOPES)
    attempt = f"/api/v1/attempts/{objects['attempt']}"
    rows = [
        row for row in API_ROWS if not row.startswith("DELETE") and not row.endswith(("/submission", "/application"))
    ]

    def look(method, path, body=None):
        answer = program.request(method, path, json=body)
        assert b"CANARY" not in answer.content, f"{method} {path}"
        assert "CANARY" not in str(answer.headers), f"{method} {path}"
        return answer

    for body in ({"answer": None, "revision": 0, "clear": True}, {"answer": {"choice": "x"}, "revision": 7}):
        for position in range(1, 6):
            look("PUT", f"{attempt}/questions/{position}/answer", body)
    for wanted in (409, 200):
        for row in rows:
            method, path = row.split(" ", 1)
            look(method, filled(path, objects), API_BODIES.get(row))
        result = look("GET", f"{attempt}/result")
        assert result.status_code == wanted
        look("PUT", f"{attempt}/submission")
    assert result.json()["released"] is False
    assert result.json()["questions"] is None
    for hidden in ("points", "weight", "seed"):
        assert f'"{hidden}"' not in result.text
