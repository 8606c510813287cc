"""The application on a real database, and the cast who use it."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

os.environ["ELEARN_MODE"] = "demo"
os.environ["ELEARN_SECRET_KEY"] = "tests-only-" + "x" * 40
os.environ["ELEARN_LOG_LEVEL"] = "error"
os.environ["ELEARN_DATA_DIR"] = tempfile.mkdtemp(prefix="elearn-data-")
os.environ.setdefault("ELEARN_SECOND_FACTOR", "off")

import hypothesis
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy.orm import Session

from elearn.app import create_app
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import make_token, start_session, touch_token
from elearn.people.accounts.door import session_cookie
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from tests import belongings, databases, world

# Machines are noisy: no test fails for being slow.
hypothesis.settings.register_profile(
    "elearn", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], max_examples=60
)
hypothesis.settings.load_profile("elearn")

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)


@pytest.fixture(scope="session", params=databases.KINDS)
def joined(request: pytest.FixtureRequest) -> Iterator[databases.JoinedDatabase]:
    url = databases.fresh_url(request.param)
    database = databases.JoinedDatabase(url)
    yield database
    database.connection.close()
    database.close()
    databases.drop(url)


@pytest.fixture
def database(joined: databases.JoinedDatabase) -> Iterator[databases.JoinedDatabase]:
    """One test's view of the database; everything is rolled back afterwards."""
    outer = joined.connection.begin()
    yield joined
    if outer.is_active:
        outer.rollback()
    elif joined.connection.in_transaction():
        joined.connection.rollback()


@pytest.fixture(params=databases.KINDS)
def own_database(request: pytest.FixtureRequest) -> Iterator[databases.Database]:
    """A database of the test's own, with real commits and several connections; for races and restarts."""
    url = databases.fresh_url(request.param)
    made = databases.Database(url)
    yield made
    made.close()
    databases.drop(url)


@pytest.fixture
def session(database: databases.JoinedDatabase) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def _app(joined: databases.JoinedDatabase) -> Any:
    return create_app(joined)


@pytest.fixture
def app(_app: Any, database: databases.JoinedDatabase) -> Any:
    return _app


@dataclass
class Visitor:
    """A member of the cast with a browser of his or her own."""

    client: TestClient
    session: Session
    person: Person | None = None

    @property
    def actor(self) -> Actor:
        assert self.person is not None
        actor = actor_for(self.session, self.person.id)
        assert actor is not None
        return actor

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(path, **options)

    def program(self, *scopes: str) -> TestClient:
        """A program that holds a token of this person's with these scopes, and no session."""
        assert self.person is not None
        now = datetime.now(UTC)
        wish = NewToken(name="Program contoh", scopes=list(scopes))
        secret = make_token(self.session, Actor.system("tests"), self.person, wish, now)
        touch_token(self.session, self.actor, secret, now)
        self.session.commit()
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(self.client.app, follow_redirects=False, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Response:
        return self.client.post(path, data=data, **options)


def _visitor(app: Any, session: Session, person: Person | None) -> Visitor:
    client = TestClient(app, follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"})
    if person is not None:
        token = start_session(session, Actor.system("tests"), person, datetime.now(UTC))
        session.commit()
        client.cookies.set(session_cookie(), token)
    return Visitor(client, session, person)


@pytest.fixture
def guest(app: Any, session: Session) -> Visitor:
    """Nobody is signed in."""
    return _visitor(app, session, None)


@pytest.fixture
def cast(session: Session) -> world.Cast:
    return world.cast(session)


@pytest.fixture
def ani(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """A learner in SD Contoh, below Dinas Pendidikan Contoh."""
    return _visitor(app, session, cast.ani)


@pytest.fixture
def budi(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """An instructor."""
    return _visitor(app, session, cast.budi)


@pytest.fixture
def citra(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """Admin of Dinas Pendidikan Contoh and everything below."""
    return _visitor(app, session, cast.citra)


@pytest.fixture
def dewi(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """The regency's admin."""
    return _visitor(app, session, cast.dewi)


@pytest.fixture
def eko(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """An outsider: a learner of another OPD, enrolled in nothing."""
    return _visitor(app, session, cast.eko)


@pytest.fixture
def fitri(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """Admin of another OPD, Dinas Kesehatan Contoh."""
    return _visitor(app, session, cast.fitri)


@pytest.fixture
def gilang(app: Any, session: Session, cast: world.Cast) -> Visitor:
    """An instructor of other courses."""
    return _visitor(app, session, cast.gilang)


@pytest.fixture
def objects(session: Session, cast: world.Cast) -> dict[str, str]:
    """One object of each kind: Ani's, of a course of Budi's that only she is enrolled in, and of the admins' work."""
    return belongings.of_everybody(session, cast)
