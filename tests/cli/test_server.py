"""`elearn serve` hands its process over to the server."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

PATIENCE = 120.0


@pytest.fixture
def serving(tmp_path, own_database):
    """A running `elearn serve` with as many workers as its database allows, and its port."""
    (tmp_path / "data").mkdir(mode=0o750)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = own_database.url.render_as_string(hide_password=False)
    chosen = {
        "ELEARN_MODE": "demo",
        "ELEARN_SECRET_KEY": "s" * 48,
        "ELEARN_DATA_DIR": str(tmp_path / "data"),
        "ELEARN_DATABASE_URL": url,
        "ELEARN_WORKERS": "1" if url.startswith("sqlite") else "2",
        "PORT": str(port),
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ELEARN_")}
    command = [str(Path(sys.executable).parent / "elearn"), "serve"]
    process = subprocess.Popen(command, env={**kept, **chosen}, stderr=subprocess.PIPE)
    yield process, port
    process.kill()
    process.wait()


def test_the_server_answers_and_stops_when_told(serving):
    process, port = serving
    last = time.monotonic() + PATIENCE
    while not _ready(port):
        assert process.poll() is None, process.stderr.read().decode()
        assert time.monotonic() < last
        time.sleep(0.1)
    answer = httpx.get(f"http://127.0.0.1:{port}/masuk")
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert "uvicorn" in psutil.Process(process.pid).cmdline()
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    assert not _ready(port)


def _ready(port):
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False
