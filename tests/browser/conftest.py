"""A real server process on a database of its own, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests import databases, world

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "empat kata yang panjang"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The product as an operator starts it; it can be killed and started again on the same data."""

    def __init__(self, url, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "ELEARN_DATABASE_URL": url,
            "ELEARN_DATA_DIR": str(folder),
            "PORT": str(self.port),
        }
        self.process = None

    def start(self):
        command = [str(Path(sys.executable).parent / "elearn"), "serve"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                if httpx.get(f"{self.address}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path):
    """On SQLite, where one process does everything; a browser sees no difference between the databases."""
    url = databases.fresh_url("sqlite")
    database = databases.Database(url)
    with database.write() as session:
        from elearn.people.accounts.passwords import hash_password

        people = world.cast(session)
        people.ani.password_hash = people.budi.password_hash = hash_password(PASSWORD)
        course = world.a_course(session, title="Wewenang Contoh")
        module = world.a_module(session, course)
        world.a_reading(session, module)
        world.a_quiz(session, module, world.a_bank(session, course))
        session.commit()
    database.close()
    running = Server(url, tmp_path)
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
