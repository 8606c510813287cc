"""Servers under measurement: starting them, and what they cost in CPU time and memory."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg

BIN = Path(sys.executable).parent
LONGEST_START = 180.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running server with its processes, and PostgreSQL's when it uses that."""

    port: int
    process: subprocess.Popen[bytes]
    postgres: psutil.Process | None

    def cpu(self) -> float:
        """CPU seconds so far, of the server and of its database."""
        roots = [psutil.Process(self.process.pid), *([self.postgres] if self.postgres else [])]
        return sum(_cpu(one) for root in roots for one in [root, *root.children(recursive=True)])

    def memory(self) -> float:
        """Resident memory of the server's processes in MB; what they share counts once (PSS)."""
        return memory_of(self.process)

    def stop(self) -> None:
        """End the server and wait for it."""
        self.process.terminate()
        self.process.wait(30)


def memory_of(process: subprocess.Popen[bytes]) -> float:
    """Resident memory of a process and its children in MB; what they share counts once (PSS)."""
    root = psutil.Process(process.pid)
    return sum(one.memory_full_info().pss for one in [root, *root.children(recursive=True)]) / 1e6


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # Backends that ended are the postmaster's children; a server's children live as long as it does.
    return times.user + times.system + times.children_user + times.children_system


def start_reference(url: str, workers: int = 2) -> Server:
    """REF on its own database."""
    port = free_port()
    command = ["uvicorn", "bench.reference:create_app", "--factory", "--loop", "uvloop", "--http", "httptools"]
    command += ["--workers", str(workers), "--port", str(port), "--log-level", "warning", "--no-access-log"]
    return _started([str(BIN / command[0]), *command[1:]], {"REF_DATABASE_URL": url}, port, url)


def start_elearn(url: str, folder: Path, workers: int) -> Server:
    """elearn as in production; TLS is the proxy's."""
    port = free_port()
    folder.chmod(0o750)
    return _started([str(BIN / "elearn"), "serve"], _production(url, folder, workers, port), port, url)


def start_worker(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """What runs the jobs beside servers on PostgreSQL."""
    environment = {**_bare_environment(), **_production(url, folder, 1, free_port())}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([str(BIN / "elearn"), "worker"], env=environment, stdout=quiet, stderr=quiet)


def _production(url: str, folder: Path, workers: int, port: int) -> dict[str, str]:
    return {
        "ELEARN_MODE": "production",
        "ELEARN_SECRET_KEY": "bench-only-" + "x" * 40,
        "ELEARN_BASE_URL": "https://bench.example",
        "ELEARN_DATABASE_URL": url,
        "ELEARN_DATA_DIR": str(folder),
        "ELEARN_WORKERS": str(workers),
        "PORT": str(port),
    }


def _started(command: list[str], settings: dict[str, str], port: int, url: str) -> Server:
    environment = {**_bare_environment(), **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # A busy machine takes its time to load the libraries; how long is not what is measured.
    last = time.monotonic() + LONGEST_START
    while time.monotonic() < last and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return Server(port, process, None if url.startswith("sqlite") else _postmaster(url))
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"did not start: {' '.join(command)}")


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}


def _postmaster(url: str) -> psutil.Process | None:
    """PostgreSQL's first process, when it runs on this machine."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        try:
            return psutil.Process(pid).parent()
        except psutil.NoSuchProcess:
            return None
