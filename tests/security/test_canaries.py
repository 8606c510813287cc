"""Q1: before release no key, weight or explanation leaves, whatever address a learner asks for."""

from sqlalchemy import select

from elearn.activities.quizzes.models import Attempt, Quiz
from tests.routes import ROWS, filled


def test_no_address_gives_a_learner_the_key_before_release(ani, guest, session, objects):
    """Q1: every route of the matrix, while the attempt runs and after it was handed in."""
    for quiz in session.scalars(select(Quiz)):
        quiz.release = "never"
    for attempt in session.scalars(select(Attempt)):
        attempt.release = "never"
    session.commit()

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
