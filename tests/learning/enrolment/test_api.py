"""Enrolment by programs: one's own, and many people's by an admin."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from elearn.foundation.jobs.worker import run_pending
from elearn.learning.enrolment import actions
from elearn.learning.enrolment.models import Enrolment
from tests import world

MINE = "/api/v1/courses/etika-asn/enrolment"
BATCHES = "/api/v1/enrolment-batches"


@pytest.fixture
def course(session, cast):
    made = world.a_course(session)
    session.commit()
    return made


@pytest.fixture
def program(ani):
    return ani.program("enrolment:read", "enrolment:write")


@pytest.fixture
def admin(citra):
    return citra.program("enrolment:read", "enrolment:write")


def test_enrolling_and_leaving_are_the_same_twice(program, course, session):
    assert program.get(MINE).status_code == 404
    first, second = program.put(MINE), program.put(MINE)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert [row["course"] for row in program.get("/api/v1/enrolments").json()["items"]] == ["etika-asn"]
    assert session.scalar(select(func.count(Enrolment.id))) == 1
    assert program.delete(MINE).status_code == program.delete(MINE).status_code == 204
    assert program.get(MINE).status_code == 404
    assert program.get("/api/v1/enrolments").json() == {"items": [], "next": None}
    assert program.put(MINE).json() == first.json(), "the place that was left is taken up again"


def test_a_completed_course_is_not_left(program, course, session, cast):
    world.enrolled(session, cast.ani, course, completed_at=world.THEN, completed_jp=2, score=90.0)
    refused = program.delete(MINE)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:elearn:completed-stays"
    assert program.get(MINE).json()["completed_jp"] == 2


def test_a_closed_course_takes_nobody_in(program, course, session):
    course.closes_on = datetime(2020, 1, 1, tzinfo=UTC).date()
    session.commit()
    refused = program.put(MINE)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:elearn:enrolment-closed")


def test_my_places_come_a_page_at_a_time(program, session, cast):
    for n in range(5):
        world.enrolled(session, cast.ani, world.a_course(session, f"c-{n}"))
    first = program.get("/api/v1/enrolments?limit=3").json()
    rest = program.get(f"/api/v1/enrolments?limit=3&after={first['next']}").json()
    assert [row["course"] for row in first["items"] + rest["items"]] == [f"c-{n}" for n in range(5)]
    assert rest["next"] is None


def test_an_admin_enrols_by_nip_after_a_preview_that_writes_nothing(admin, course, session, cast):
    wish = {"course": "etika-asn", "nips": ["19850101 201001 2 001", "salah", cast.eko.nip], "due_on": "2099-01-31"}
    looked = admin.post(f"{BATCHES}/preview", json=wish)
    assert looked.json() == {
        "fresh": 1,
        "already": 0,
        "unknown": [{"place": 2, "nip": "salah"}, {"place": 3, "nip": cast.eko.nip}],
        "repeated": [],
    }
    assert session.scalar(select(func.count(Enrolment.id))) == 0
    made = admin.post(BATCHES, json=wish)
    assert made.status_code == 201
    assert (made.json()["enrolled"], made.json()["nips"], made.json()["job"]) == (1, [cast.ani.nip], None)
    assert admin.get(f"{BATCHES}/{made.json()['id']}").json() == made.json()
    again = admin.post(BATCHES, json=wish).json()
    assert again["enrolled"] == 0, "nobody is enrolled twice"
    assert [row["id"] for row in admin.get(BATCHES).json()["items"]] == [again["id"], made.json()["id"]]
    enrolment = session.scalars(select(Enrolment)).one()
    assert (enrolment.person_id, enrolment.source, str(enrolment.due_on)) == (cast.ani.id, "admin", "2099-01-31")


def test_many_people_become_a_job_whose_state_is_told(admin, course, session, monkeypatch, database):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    made = admin.post(BATCHES, json={"course": "etika-asn", "unit": "DIK"}).json()
    assert made["job"]["state"] == "waiting"
    run_pending(database.write)
    session.expire_all()
    done = admin.get(f"{BATCHES}/{made['id']}").json()
    assert (done["job"]["state"], done["enrolled"]) == ("done", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "DIK", "nips": ["198501012010012001"]},
        {"unit": ""},
        {"unit": "DIK", "due_on": "kemarin"},
        {"unit": "DIK", "due_on": "2020-01-01"},
        {"nips": ["1"] * 5_001},
        {"nips": ["1" * 26]},
        {"nips": ["1,2,3,4,5,6,7,8,9,0,1,2,3"] * 5_000},
    ],
)
def test_a_wish_that_cannot_be_used_is_refused_whole(admin, course, session, wrong):
    for address in (BATCHES, f"{BATCHES}/preview"):
        assert admin.post(address, json={"course": "etika-asn", **wrong}).status_code == 422
    assert session.scalar(select(func.count(Enrolment.id))) == 0


def test_a_batch_is_its_makers_alone(admin, dewi, course):
    made = admin.post(BATCHES, json={"course": "etika-asn", "unit": "DIK"}).json()
    other = dewi.program("enrolment:read")
    assert other.get(f"{BATCHES}/{made['id']}").status_code == 404
    assert other.get(BATCHES).json()["items"] == []
