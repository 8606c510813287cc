"""The application on a real database, and the cast who use it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

os.environ["ELEARN_MODE"] = "demo"
os.environ["ELEARN_SECRET_KEY"] = "tests-only-" + "x" * 40
os.environ["ELEARN_LOG_LEVEL"] = "error"
os.environ["ELEARN_DATA_DIR"] = tempfile.mkdtemp(prefix="elearn-data-")
os.environ.setdefault("ELEARN_SECOND_FACTOR", "off")

import hypothesis
import pytest
import time_machine
from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import Response
from sqlalchemy.orm import Session

from elearn.app import configure_logging, create_app
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import make_token, start_session, touch_token
from elearn.people.accounts.door import session_cookie
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from tests import belongings, databases, templates, world
from tests.clients import Browser
from tests.often import often

# As the program does; unset, a traceback is drawn with all that its frames hold, which takes seconds.
configure_logging()
templates.keep_compiled()

# Machines are noisy: no test fails for being slow.
hypothesis.settings.register_profile(
    "elearn", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], max_examples=often(60)
)
hypothesis.settings.load_profile("elearn")

GiveBrowser = Callable[[Person | None], "Visitor"]
NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)


# What signatures are held against, by the package that brings it; nothing in a virtual environment can.
INDEPENDENT = {"pdfsig": "poppler-utils", "softhsm2-util": "softhsm2"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what this run could not look at: a signature is believed only where another program finds it valid."""
    for program, package in INDEPENDENT.items():
        if not shutil.which(program):
            terminalreporter.write_line(f"NOT CHECKED: signatures with {program}. Install the package {package}.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks nothing that the databases answer differently is asked on SQLite alone (`words_alone`)."""
    kept, left = [], []
    for item in items:
        on = getattr(item, "callspec", None)
        elsewhere = on is not None and "postgresql" in on.params.values() and "sqlite" in databases.KINDS
        (left if elsewhere and item.get_closest_marker("words_alone") else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="session", params=databases.KINDS)
def prepared(request: pytest.FixtureRequest, _app: Any) -> Iterator[Callable[..., "Prepared"]]:
    """Gives a database of one kind that holds the cast, or the cast and an object of each kind; each is filled once."""
    with ExitStack() as stack:
        yield cache(lambda **holding: stack.enter_context(_prepared(request.param, **holding)))


@dataclass
class Prepared:
    """A database that tests begin from."""

    database: databases.JoinedDatabase
    has_cast: bool
    objects: dict[str, str]
    files: dict[str, bytes]
    # Session tokens of the cast by who, and when they were made.
    tokens: dict[int, str]
    made_at: datetime


@contextmanager
def _prepared(kind: str, *, cast: bool, objects: bool) -> Iterator[Prepared]:
    url = databases.fresh_url(kind)
    database = databases.JoinedDatabase(url)
    made = Prepared(database, cast, {}, {}, {}, _true_now())
    if cast:
        with database.connection.begin(), database.write() as session:
            people = world.cast(session)
            # Seen so lately that no request of the run finds that it has to note it.
            soon = made.made_at + timedelta(hours=1)
            cast_of = (one for one in vars(people).values() if isinstance(one, Person))
            made.tokens = {person.id: _signed_in(session, person, soon) for person in cast_of}
            session.commit()
            if objects:
                others = set(store().keys())
                made.objects = belongings.of_everybody(session, people)
                made.files = {key: store().read(key) for key in set(store().keys()) - others}
    yield made
    database.connection.close()
    database.close()
    databases.drop(url)


def _true_now() -> datetime:
    """What the clock says that no test has moved: the first who asks for a database may have moved it."""
    hatch = time_machine.escape_hatch
    return hatch.datetime.datetime.now(UTC) if hatch.is_travelling() else datetime.now(UTC)


@pytest.fixture
def beginning(request: pytest.FixtureRequest, prepared: Callable[..., Prepared]) -> Prepared:
    """The database that holds already what the test asks for."""
    asked = request.fixturenames
    return prepared(cast="cast" in asked, objects="objects" in asked)


@pytest.fixture
def database(beginning: Prepared) -> Iterator[databases.JoinedDatabase]:
    """One test's view of the database; what it does is rolled back afterwards."""
    connection = beginning.database.connection
    outer = connection.begin()
    yield beginning.database
    if outer.is_active:
        outer.rollback()
    elif connection.in_transaction():
        connection.rollback()


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


@pytest.fixture
def morning() -> Iterator[datetime]:
    """The clock says `world.MORNING` and goes on, whatever the hour at which the suite runs."""
    with time_machine.travel(world.MORNING, tick=True):
        yield world.MORNING


@pytest.fixture(scope="session")
def _app() -> Any:
    return create_app()


@pytest.fixture
def app(_app: Any, database: databases.JoinedDatabase) -> Any:
    _app.state.database = database
    return _app


@dataclass
class Visitor:
    """A member of the cast with a browser of his or her own."""

    client: Browser
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

    def program(self, *scopes: str) -> Browser:
        """A program that holds a token of this person's with these scopes, and no session."""
        assert self.person is not None
        now = datetime.now(UTC)
        wish = NewToken(name="Program contoh", scopes=list(scopes))
        secret = make_token(self.session, Actor.system("tests"), self.person, wish, now)
        touch_token(self.session, self.actor, secret, now)
        self.session.commit()
        return self.client.another(Authorization=f"Bearer {secret}")

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Response:
        return self.client.post(path, data=data, **options)


@pytest.fixture(scope="session")
def event_loop() -> Iterator[BlockingPortal]:
    """One event loop for all requests of a process; a client of its own accord makes one for each request."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def visitor(app: Any, session: Session, event_loop: BlockingPortal, beginning: Prepared) -> GiveBrowser:
    """Gives somebody a browser; the first of each of the cast finds a session begun, unless the clock was moved."""
    fresh = abs(datetime.now(UTC) - beginning.made_at) < timedelta(hours=1)
    return partial(_visitor, app, session, event_loop, dict(beginning.tokens) if fresh else {})


def _visitor(
    app: Any, session: Session, event_loop: BlockingPortal, tokens: dict[int, str], person: Person | None
) -> Visitor:
    client = Browser(app, event_loop, headers={"Sec-Fetch-Site": "same-origin"})
    if person is not None:
        token = tokens.pop(person.id, "")
        if not token:
            token = _signed_in(session, person, datetime.now(UTC))
            session.commit()
        client.cookies.set(session_cookie(), token)
    return Visitor(client, session, person)


def _signed_in(session: Session, person: Person, now: datetime) -> str:
    return start_session(session, Actor.system("tests"), person, now)


@pytest.fixture
def guest(visitor: GiveBrowser) -> Visitor:
    """Nobody is signed in."""
    return visitor(None)


@pytest.fixture
def cast(session: Session, beginning: Prepared) -> world.Cast:
    return world.cast_again(session) if beginning.has_cast else world.cast(session)


@pytest.fixture
def ani(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """A learner in SD Contoh, below Dinas Pendidikan Contoh."""
    return visitor(cast.ani)


@pytest.fixture
def budi(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """An instructor."""
    return visitor(cast.budi)


@pytest.fixture
def citra(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """Admin of Dinas Pendidikan Contoh and everything below."""
    return visitor(cast.citra)


@pytest.fixture
def dewi(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """The regency's admin."""
    return visitor(cast.dewi)


@pytest.fixture
def eko(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """An outsider: a learner of another OPD, enrolled in nothing."""
    return visitor(cast.eko)


@pytest.fixture
def fitri(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """Admin of another OPD, Dinas Kesehatan Contoh."""
    return visitor(cast.fitri)


@pytest.fixture
def gilang(visitor: GiveBrowser, cast: world.Cast) -> Visitor:
    """An instructor of other courses."""
    return visitor(cast.gilang)


@pytest.fixture
def objects(cast: world.Cast, beginning: Prepared) -> dict[str, str]:
    """One object of each kind: Ani's, of a course of Budi's that only she is enrolled in, and of the admins' work."""
    # What another test has deleted comes back; only the database does so by itself.
    for key, content in beginning.files.items():
        if not store().exists(key):
            store().put(key, iter([content]))
    return dict(beginning.objects)
