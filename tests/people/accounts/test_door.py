"""The door for programs: whose tokens open it, and when they stop."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import make_token
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.models import ApiToken, Person
from elearn.people.accounts.scopes import SCOPES

ADDRESS = "/api/v1/courses"


@pytest.fixture
def token(session, ani):
    """Ani's program, and its token."""
    program = ani.program("courses:read")
    return program, session.scalars(select(ApiToken).filter_by(person_id=ani.person.id)).one()


@pytest.fixture
def second_factor_needed(monkeypatch):
    monkeypatch.setenv("ELEARN_SECOND_FACTOR", "admins")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_a_living_token_opens_the_door_and_is_marked_as_used(token, session, ani):
    program, row = token
    row.last_used_at = None
    session.commit()
    assert program.get(ADDRESS).status_code == 200
    session.refresh(row)
    used = row.last_used_at
    assert used is not None
    assert program.get(ADDRESS).status_code == 200
    session.refresh(row)
    assert row.last_used_at == used, "reading twice at once writes once"
    assert "terakhir dipakai" in ani.get("/saya/token").text


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"token_hash": "0" * 64},
    ],
    ids=["revoked", "expired", "unknown"],
)
def test_a_token_that_ended_opens_nothing(token, session, change):
    program, row = token
    for name, value in change.items():
        setattr(row, name, value)
    session.commit()
    refused = program.get(ADDRESS)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_token_ends_with_its_owners_account(token, session, ani):
    program, _row = token
    session.get_one(Person, ani.person.id).status = "suspended"
    session.commit()
    assert program.get(ADDRESS).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer \x80", "Token x", "Bearer a b"])
def test_other_credentials_open_nothing(guest, header):
    assert guest.client.get(ADDRESS, headers={"Authorization": header.encode("latin-1")}).status_code == 401


def test_a_browsers_session_opens_nothing(dewi):
    assert dewi.get("/").status_code == 200
    assert dewi.get(ADDRESS).status_code == 401


def test_an_admins_token_waits_for_the_second_factor(session, ani, dewi, second_factor_needed):
    program = dewi.program(*SCOPES)
    refused = program.get(ADDRESS)
    assert refused.status_code == 403
    assert "verifikasi dua langkah" in refused.json()["detail"]
    assert ani.program(*SCOPES).get(ADDRESS).status_code == 200
    session.get_one(Person, dewi.person.id).totp_confirmed_at = datetime.now(UTC)
    session.commit()
    assert program.get(ADDRESS).status_code == 200


def test_a_token_grants_no_more_than_its_owners_role(ani):
    assert ani.program(*SCOPES).get("/api/v1/people-imports").status_code == 403
    assert ani.program(*SCOPES).get("/api/v1/enrolment-batches").status_code == 403


def test_a_token_of_the_command_line_opens_the_same_door(session, cast, guest):
    """`elearn token create` and the page make the same kind of token."""
    wish = NewToken(name="elearn token create", scopes=["courses:read"])
    secret = make_token(session, Actor.system("elearn token create"), cast.ani, wish, datetime.now(UTC))
    session.commit()
    assert guest.client.get(ADDRESS, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
