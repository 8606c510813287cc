"""The catalogue for programs."""

import pytest
from sqlalchemy import event

from elearn.foundation.events import announce
from elearn.teaching.courses.events import CourseChanged
from tests import world


@pytest.fixture
def program(ani):
    return ani.program("courses:read")


@pytest.fixture
def many(session):
    """Seven courses that may be seen, and two that may not."""
    for n in range(7):
        world.a_course(session, f"pelatihan-{n}", competency="teknis" if n % 2 else "manajerial")
    world.a_course(session, "rahasia", state="draft")
    world.a_course(session, "lama", state="archived")
    session.commit()


def walked(program, address):
    """Every page from an address on, as the rows of each."""
    pages, after = [], ""
    while after is not None:
        answer = program.get(f"{address}&after={after}")
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["items"])
        after = answer.json()["next"]
    return pages


def test_pages_follow_one_another_without_gap_or_twin(program, many):
    pages = walked(program, "/api/v1/courses?limit=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row["slug"] for page in pages for row in page] == [f"pelatihan-{n}" for n in range(7)]


def test_a_course_that_goes_between_two_pages_shifts_nothing(program, many, session):
    first = program.get("/api/v1/courses?limit=3").json()
    session.scalars(world.select(world.Course).filter_by(slug="pelatihan-1")).one().state = "archived"
    session.commit()
    second = program.get(f"/api/v1/courses?limit=3&after={first['next']}").json()
    assert [row["slug"] for row in second["items"]] == ["pelatihan-3", "pelatihan-4", "pelatihan-5"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "after=bukan", "after=MDE", "competency=x", "x=1"]
)
def test_a_query_that_cannot_be_used_is_named(program, many, query):
    refused = program.get(f"/api/v1/courses?{query}")
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == [query.split("=")[0]]


def test_filter_and_words_narrow_the_list(program, many, session):
    named = world.a_course(session, "arsip", title="Mengelola Arsip")
    announce(session, CourseChanged(named.id))
    session.commit()
    assert [row["slug"] for row in program.get("/api/v1/courses?q=pengelolaan arsip").json()["items"]] == ["arsip"]
    found = program.get("/api/v1/courses?competency=manajerial").json()["items"]
    assert [row["slug"] for row in found] == [f"pelatihan-{n}" for n in (0, 2, 4, 6)]


def test_a_list_costs_the_same_however_long_it_is(program, many, database):
    seen = []
    event.listen(database.connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
    program.get("/api/v1/courses?limit=1")
    short, seen[:] = len(seen), []
    program.get("/api/v1/courses?limit=100")
    assert len(seen) == short


def test_a_course_comes_with_its_outline(program, session):
    module = world.a_module(session, world.a_course(session))
    reading = world.a_reading(session, module)
    session.commit()
    found = program.get("/api/v1/courses/etika-asn").json()
    assert (found["jp"], found["minutes"], found["closes_on"]) == (2, 90, None)
    assert found["modules"] == [
        {
            "title": "Modul Contoh",
            "minutes": 10,
            "activities": [
                {
                    "id": reading.public_id,
                    "kind": "reading",
                    "title": "Plt Contoh",
                    "minutes": 10,
                    "required": True,
                }
            ],
        }
    ]


def test_drafts_and_archived_courses_of_others_are_not_found(program, many):
    for slug in ("rahasia", "lama", "tidak-ada"):
        refused = program.get(f"/api/v1/courses/{slug}")
        assert refused.status_code == 404
        assert refused.json()["type"] == "about:blank"
