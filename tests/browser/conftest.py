"""A real server process on a database of its own, and a real browser."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import sync_playwright

from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.passwords import hash_password
from tests import databases, world
from tests.browser.server import FLAGS, Server

PASSWORD = "empat kata yang panjang"


@pytest.fixture
def server(tmp_path):
    """On SQLite, where one process does everything; a browser sees no difference between the databases."""
    url = databases.fresh_url("sqlite")
    database = databases.Database(url)
    with database.write() as session:
        people = world.cast(session)
        hashed = hash_password(PASSWORD)
        for person in (people.ani, people.budi, people.dewi):
            person.password_hash = hashed
        course = world.a_course(session, title="Wewenang Contoh")
        module = world.a_module(session, course)
        world.a_reading(session, module)
        quiz = world.a_quiz(session, module, world.a_bank(session, course))
        session.commit()
        now = datetime.now(UTC)
        tokens = {
            person.nip: start_session(session, Actor.system("tests"), person, now)
            for person in (people.ani, people.budi)
        }
        session.commit()
    database.close()
    running = Server(url, tmp_path)
    running.tokens, running.quiz = tokens, quiz.public_id
    running.start()
    yield running
    running.kill()
    databases.drop(url)


# A module's, not the session's: while it lives, its event loop runs in this process, and others could not run theirs.
@pytest.fixture(scope="module")
def chromium():
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed; 'make test' brings one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
