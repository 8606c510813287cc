"""The program in processes of their own, forked from one that has imported it: imports take most of a start."""

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
import uvicorn
from sqlalchemy import event

from elearn import wiring
from elearn.cli import main
from elearn.foundation.database import Database
from elearn.foundation.jobs.worker import run_pending

# When a program believes it is, as ISO 8601; its time passes as everybody's.
CLOCK = "TESTS_CLOCK"
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.preloaded", __name__])


@dataclass(frozen=True)
class Ended:
    """What a shell sees of a program that has ended."""

    returncode: int
    stdout: str
    stderr: str


class Program:
    """`elearn` with these words, running; only what `environment` holds is set in its environment."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        out: Path | None = None,
        err: Path | None = None,
        typed: Path | None = None,
    ) -> None:
        """What it prints goes to the files `out` and `err`; by default it is lost, and shown. It reads `typed`."""
        ways = {0: typed or Path(os.devnull), 1: out or Path(os.devnull), 2: err}
        self.process = _forking.Process(target=_main, args=(tuple(words), dict(environment), ways), daemon=True)
        self.process.start()

    def wait(self, seconds: float = 120) -> int:
        """The exit code, or minus the signal that ended it; kills what takes longer than `seconds`."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.kill()
            raise TimeoutError(f"still running after {seconds} s")
        return self.process.exitcode

    def kill(self) -> None:
        """`kill -9`, and wait for the end."""
        self.process.kill()
        self.process.join()


def run(words: Sequence[str], environment: Mapping[str, str], typed: str = "") -> Ended:
    """Run `elearn` with these words, and `typed` on its standard input, to its end."""
    with tempfile.TemporaryDirectory(prefix="elearn-program-") as folder:
        keys, out, err = Path(folder) / "typed", Path(folder) / "out", Path(folder) / "err"
        keys.write_text(typed)
        code = Program(words, environment, out, err, keys).wait()
        return Ended(code, out.read_text(), err.read_text())


def kill_at(database: Database, statement: str, times: int = 1) -> None:
    """Do the waiting jobs in a process that is killed as soon as it has run so many statements that begin so."""
    url = database.url.render_as_string(hide_password=False)
    working = _forking.Process(target=_work_until, args=(dict(os.environ), url, statement, times), daemon=True)
    working.start()
    working.join(120)
    assert working.exitcode == -signal.SIGKILL, f"ended with {working.exitcode} before the statement came"


def _work_until(environment: dict[str, str], url: str, begins: str, times: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    wiring.connect()
    database = Database(url)
    left = times

    def die(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal left
        left -= statement.startswith(begins)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.writer, "after_cursor_execute", die)
    run_pending(database.write)


def _uvicorn(_program: str, words: list[str]) -> None:
    assert words[1:4] == ["-P", "-m", "uvicorn"]
    uvicorn.main(words[4:])


def _main(words: tuple[str, ...], environment: dict[str, str], ways: dict[int, Path | None]) -> None:
    for number, path in ways.items():
        if path is not None:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY, 0o600)
            os.dup2(opened, number)
            os.close(opened)
    # A forked process has closed its own.
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["elearn", *words]
    if CLOCK in environment:
        time_machine.travel(datetime.fromisoformat(environment[CLOCK])).start()
    # What `elearn serve` would execute is at hand already; tests/cli/test_server.py starts it as a shell does.
    os.execv = _uvicorn
    main()
