"""W3 in small: whatever is sent to the API, no 5xx, no status and no media type that its document does not name."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn.activities.quizzes.api import AttemptOut, QuestionOut, ResultOut, SavedAnswer
from elearn.activities.quizzes.forms import AnswerWish, FlagWish
from elearn.learning.enrolment.api import BatchOut, EnrolmentOut, PreviewOut
from elearn.learning.enrolment.forms import BatchWish
from elearn.learning.player.api import ActivityProgressOut, CourseProgressOut
from elearn.learning.player.forms import Ping
from elearn.overview.catalogue.api import CourseOut, CourseWithOutline
from elearn.overview.reports.api import CompletionOut
from elearn.people.accounts.scopes import SCOPES
from tests.routes import API_BODIES, API_ROWS, ROWS, filled

STRANGE = ["", " ", "\x00", "\ud800", "𝄞", "' OR 1=1 --", "9" * 400, "-1", "a" * 5_000, "NaN", "../../etc/passwd"]
TEXTS = st.sampled_from(STRANGE) | st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from([2**31, 2**63, -(2**64), 1e308]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
# An address is bytes, which hold no half of a character.
WORDS = TEXTS.map(lambda text: text.encode(errors="replace").decode())
QUERIES = st.dictionaries(
    st.sampled_from(["limit", "after", "q", "competency", "state", "from", "x"]), WORDS, max_size=3
)
WHO = ("ani", "citra", "dewi")


@st.composite
def bodies(draw, right):
    """A right body, one with a part changed, taken out or added, any other JSON, or no JSON at all."""
    keys = st.sampled_from([*right, "state", "score", "person_id"])
    changed = st.dictionaries(keys, VALUES, max_size=2).map(lambda parts: {**right, **parts})
    dropped = st.sampled_from([*right, ""]).map(lambda key: {k: v for k, v in right.items() if k != key})
    made = draw(changed | dropped | VALUES)
    return draw(st.just(json.dumps(made).encode()) | st.binary(max_size=30))


@pytest.fixture
def programs(everybody):
    return {name: everybody[name].program(*SCOPES) for name in WHO}


@pytest.fixture
def operations(guest):
    """The document of the API, by method and path."""
    document = guest.get("/api/v1/openapi.json").json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def fits(answer, operation, sent):
    documented = operation["responses"].get(str(answer.status_code))
    assert documented is not None, f"{sent}: {answer.status_code} is not documented: {answer.text[:300]}"
    media_type = answer.headers.get("content-type", "").split(";")[0]
    assert not answer.content or media_type in documented["content"], f"{sent}: {media_type}"
    assert answer.headers["cache-control"] == "no-store"
    if answer.status_code >= 400:
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["detail"], sent
        assert problem["type"] == "about:blank" or re.fullmatch(r"urn:elearn:[a-z-]+", problem["type"]), problem
    else:
        assert answer.status_code < 300


@pytest.mark.parametrize("row", API_ROWS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_that_is_sent_makes_it_fail(row, programs, operations, objects, data):
    method, path = row.split(" ", 1)
    known = filled(path, objects)
    address = data.draw(st.just(known) | TEXTS.map(lambda text: _strange(path, text)))
    options = {"params": data.draw(QUERIES)} if method == "GET" else {}
    if row in API_BODIES:
        options["content"] = data.draw(bodies(API_BODIES[row]))
        options["headers"] = {"Content-Type": data.draw(st.sampled_from(["application/json", "text/plain", "x"]))}
    elif "requestBody" in operations[row]:
        options["files"] = {"file": (data.draw(WORDS) or "x", data.draw(TABLES))}
    answer = programs[data.draw(st.sampled_from(WHO))].request(method, address, **options)
    # An address with a NUL is refused before any route is asked.
    if b"%00" not in answer.request.url.raw_path:
        fits(answer, operations[row], (method, address, options))


TABLES = st.sampled_from([b"", b"NIP;Nama;Unit\n", b"NIP;Nama;Unit\n199001012015011001;Hana;DIK\n", b"PK\x03\x04"]) | (
    st.binary(max_size=60)
)


def _strange(path, text):
    """The route's path with a text in place of each parameter, as an address spells it."""
    spelled = "".join(f"%{byte:02X}" for byte in text.encode(errors="replace")) or "x"
    return re.sub(r"{\w+}", spelled.replace("%2F", "x").replace("%2E", "x"), path)


def test_the_document_names_scope_and_refusals_of_every_route(operations):
    assert set(operations) == set(API_ROWS)
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    for row, operation in operations.items():
        assert operation["security"] == [{"token": [ROWS[row]["scope"]]}], row
        assert operation["description"], row
        for status in ("401", "403", "422", "500", "503", *(["404"] if "{" in row else [])):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], f"{row}: {status}"


EXEMPLARY = (
    *(CourseOut, CourseWithOutline, CompletionOut, EnrolmentOut, BatchOut, BatchWish, PreviewOut),
    *(AttemptOut, ResultOut, SavedAnswer, QuestionOut, AnswerWish, FlagWish),
    *(ActivityProgressOut, CourseProgressOut, Ping),
)


@pytest.mark.parametrize("model", EXEMPLARY, ids=lambda model: model.__name__)
def test_what_is_sent_and_answered_is_shown_by_examples_that_are_right(model, guest):
    shown = guest.get("/api/v1/openapi.json").json()["components"]["schemas"][model.__name__]
    for example in shown["examples"]:
        assert example.keys() <= shown["properties"].keys()
        model.model_validate(example)


def test_what_the_api_does_not_have_is_a_problem_too(ani):
    program = ani.program(*SCOPES)
    for method, address, status in (
        ("GET", "/api/v1/tidak-ada", 404),
        ("GET", "/api/v2/courses", 404),
        ("PATCH", "/api/v1/courses", 405),
        ("GET", "/api/v1/courses/%00", 404),
    ):
        answer = program.request(method, address)
        assert answer.status_code == status, address
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_a_body_beyond_measure_is_refused_before_it_is_read(ani, objects):
    address = filled("/api/v1/activities/{activity}/evidence", objects)
    sent = ani.program(*SCOPES).post(address, content=b" " * (1024 * 1024 + 1))
    assert sent.status_code == 413
    assert sent.headers["content-type"] == "application/problem+json"


def test_a_page_of_another_site_is_refused_as_a_problem(ani, objects):
    program = ani.program(*SCOPES)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        sent = program.put(f"/api/v1/courses/{objects['slug']}/enrolment", headers=headers)
        assert sent.status_code == 403
        assert sent.headers["content-type"] == "application/problem+json"
    assert program.put(f"/api/v1/courses/{objects['slug']}/enrolment").status_code == 200
