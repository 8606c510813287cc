"""Progress by programs: reported as pages do, decided by the server."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from elearn.learning.progress.models import ActivityProgress
from tests import world


@pytest.fixture
def course(session, cast):
    course = world.a_course(session)
    world.enrolled(session, cast.ani, course)
    return course


@pytest.fixture
def module(session, course):
    return world.a_module(session, course)


@pytest.fixture
def program(ani):
    return ani.program("progress:read", "progress:write")


def evidence(activity):
    return f"/api/v1/activities/{activity.public_id}/evidence"


def test_seconds_count_as_the_servers_clock_saw_them_pass(program, session, module):
    reading = world.a_reading(session, module)
    reading.least_seconds = 60
    session.commit()
    told = program.post(evidence(reading), json={"seconds": 86_400, "end": True}).json()
    assert (told["status"], told["active_seconds"], told["least_seconds"]) == ("going", 0, 60)
    row = session.scalars(select(ActivityProgress)).one()
    row.last_seen_at -= timedelta(minutes=2)
    session.commit()
    told = program.post(evidence(reading), json={"seconds": 86_400, "place": 0.75}).json()
    assert 120 <= told["active_seconds"] < 180
    assert (told["status"], told["place"]) == ("done", 0.75)
    assert told["completed_at"] is not None
    again = program.post(evidence(reading), json={}).json()
    assert again["completed_at"] == told["completed_at"], "what is done stays done"
    assert program.get(evidence(reading).replace("evidence", "progress")).json() == again


def test_a_quiz_is_not_passed_by_looking_at_it(program, session, module, course):
    quiz = world.a_quiz(session, module, world.a_bank(session, course))
    quiz.completion = "read"
    session.commit()
    refused = program.post(evidence(quiz), json={"seconds": 15, "end": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:elearn:not-watched")
    assert session.scalars(select(ActivityProgress)).all() == []


def test_progress_of_a_course_names_every_activity_and_completes_it(program, session, module):
    readings = [world.a_reading(session, module, f"Bacaan {n}") for n in range(3)]
    readings[2].required = False
    session.commit()
    before = program.get("/api/v1/courses/etika-asn/progress").json()
    assert (before["done"], before["required"], before["completed_at"]) == (0, 2, None)
    assert [row["status"] for row in before["activities"]] == ["new", "new", "new"]
    assert before["activities"][0]["rule"] == "Selesai bila dibuka sampai akhir."
    for reading in readings[:2]:
        assert program.post(evidence(reading), json={"end": True}).status_code == 200
    after = program.get("/api/v1/courses/etika-asn/progress").json()
    assert (after["done"], after["required"]) == (2, 2)
    assert after["completed_at"] is not None
    assert [row["activity"] for row in after["activities"]] == [reading.public_id for reading in readings]


def test_without_a_place_there_is_no_progress(eko, session, module):
    reading = world.a_reading(session, module)
    session.commit()
    other = eko.program("progress:read", "progress:write")
    for path in ("/api/v1/courses/etika-asn/progress", evidence(reading).replace("evidence", "progress")):
        assert other.get(path).status_code == 404
    assert other.post(evidence(reading), json={}).status_code == 404


def test_a_scope_to_read_does_not_write(ani, session, module):
    reading = world.a_reading(session, module)
    session.commit()
    assert ani.program("progress:read").post(evidence(reading), json={"end": True}).status_code == 403
    assert session.scalars(select(ActivityProgress)).all() == []
