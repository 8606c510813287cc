"""Every route has a row that says who may use it; a new route without one is red."""

from pathlib import Path

import pytest
import yaml

from elearn.app import face_modules
from tests import world

ROWS = yaml.safe_load((Path(__file__).parent / "authorization.yaml").read_text())
ACTORS = ("guest", "ani", "eko", "budi", "gilang", "citra", "fitri", "dewi")


def routes():
    """Method and path of every page and API route; the API's carry their prefix."""
    found = [("", module) for module in face_modules("pages")]
    found += [("/api/v1", module) for module in face_modules("api")]
    return {
        f"{method} {prefix}{route.path}"
        for prefix, module in found
        for route in module.router.routes
        for method in route.methods
    }


def test_every_route_has_a_row_and_every_row_a_route():
    there = {route for route in routes() if not route.startswith("HEAD ")}
    assert there - set(ROWS) == set(), "add rows to tests/architecture/authorization.yaml"
    assert set(ROWS) - there == set(), "remove rows of routes that are gone"


@pytest.fixture
def objects(session, cast, ani):
    """One object of each kind; all belong to Ani and to a course that only she is enrolled in."""
    course = world.a_course(session, by=cast.budi)
    module = world.a_module(session, course)
    reading = world.a_reading(session, module)
    quiz = world.a_quiz(session, module, world.a_bank(session, course))
    world.enrolled(session, cast.ani, course)
    attempt = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"].rsplit("/", 1)[1]
    return {
        "slug": course.slug,
        "reading": reading.public_id,
        "quiz": quiz.public_id,
        "attempt": attempt,
        "public_id": "0" * 12,
        "code": "0" * 16,
        "item": "soal-1",
        "position": "1",
    }


@pytest.mark.parametrize("row", sorted(ROWS))
def test_the_row_holds_for_everybody(row, objects, guest, ani, eko, budi, gilang, citra, fitri, dewi):
    method, path = row.split(" ", 1)
    rule = ROWS[row]
    filled = path.replace("{activity}", objects["quiz" if "/kuis" in path else "reading"])
    for name, value in objects.items():
        filled = filled.replace(f"{{{name}}}", value)
    everybody = dict(zip(ACTORS, (guest, ani, eko, budi, gilang, citra, fitri, dewi), strict=True))
    for name, visitor in everybody.items():
        wanted = rule.get(name, rule.get("others"))
        if wanted is None:
            continue
        ask = visitor.client.request(method, filled, data={} if method == "POST" else None)
        allowed = wanted if isinstance(wanted, list) else [wanted]
        assert ask.status_code in allowed, f"{row} as {name}: {ask.status_code}, expected {wanted}"
        if name == "guest" and rule.get("guest") == 303 and not rule.get("public"):
            assert ask.headers["location"].startswith("/masuk"), f"{row}: a guest is sent to sign in"
