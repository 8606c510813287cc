"""The program in processes of their own, forked from one that has imported it: imports take most of a start."""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import time_machine
import uvicorn

from elearn.cli import main

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
        self, words: Sequence[str], environment: Mapping[str, str], out: Path | None = None, err: Path | None = None
    ) -> None:
        """What it prints goes to the files `out` and `err`; by default it is lost, and shown."""
        printing = {1: out or Path(os.devnull), 2: err}
        self.process = _forking.Process(target=_main, args=(tuple(words), dict(environment), printing), daemon=True)
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


def run(words: Sequence[str], environment: Mapping[str, str]) -> Ended:
    """Run `elearn` with these words to its end."""
    with tempfile.TemporaryDirectory(prefix="elearn-program-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        code = Program(words, environment, out, err).wait()
        return Ended(code, out.read_text(), err.read_text())


def _uvicorn(_program: str, words: list[str]) -> None:
    assert words[1:4] == ["-P", "-m", "uvicorn"]
    uvicorn.main(words[4:])


def _main(words: tuple[str, ...], environment: dict[str, str], printing: dict[int, Path | None]) -> None:
    for number, path in printing.items():
        if path is not None:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(opened, number)
            os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["elearn", *words]
    if CLOCK in environment:
        time_machine.travel(datetime.fromisoformat(environment[CLOCK])).start()
    # What `elearn serve` would execute is at hand already; tests/cli/test_server.py starts it as a shell does.
    os.execv = _uvicorn
    main()
