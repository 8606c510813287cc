"""Kill the server again and again while people take a quiz: is an answer lost that the server said it had?

`python -m tests.soak.kill` prints a line of figures for each database; exit code 1 when an acknowledged answer is lost.
`--lose` takes one answer back before comparing: the run must then fail.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select, text

from elearn import wiring
from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.foundation.database import Database
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.door import session_cookie
from elearn.people.accounts.queries import actor_for
from tests import databases, world
from tests.soak.line import Line

SECRET = "kill-test-only-" + "x" * 40
QUESTIONS = 10
BANK = "\n".join(f"? Berapa angka contoh nomor {n}?\nid: s{n}\nangka: {n}\ntoleransi: 0\n" for n in range(QUESTIONS))
PATIENCE = 60  # seconds that a start or an answer may take on a busy machine


class Place(NamedTuple):
    """A question of an attempt."""

    attempt: str
    position: int


class Saved(NamedTuple):
    """An answer with its revision."""

    revision: int
    value: str


@dataclass(frozen=True)
class Seat:
    """One taker's attempt and cookie."""

    attempt: str
    cookie: str


@dataclass
class Run:
    """What the takers know, kept outside the server and its database."""

    acknowledged: dict[Place, Saved] = field(default_factory=dict)
    answers: int = 0
    cut: int = 0  # requests that a kill left without an answer
    surprises: list[str] = field(default_factory=list)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


def losses(acknowledged: Mapping[Place, Saved], stored: Mapping[Place, Saved]) -> list[str]:
    """One line for each acknowledged answer that the database has not, or has otherwise."""
    lost = []
    for place, known in acknowledged.items():
        found = stored.get(place)
        if found is None or found.revision < known.revision:
            lost.append(f"{place}: {known} was acknowledged, stored is {found}")
        elif found.revision == known.revision and found.value != known.value:
            lost.append(f"{place}: {known} was acknowledged, stored is another value {found}")
    return lost


def prepare(url: str, takers: int) -> list[Seat]:
    """People with a running attempt each, signed in."""
    wiring.connect()
    database, seats, now = Database(url), [], datetime.now(UTC)
    with database.write() as session:
        unit = world.a_unit(session, "KAB", "Kabupaten Contoh")
        course = world.a_course(session)
        quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course, BANK))
        for n in range(takers):
            person = world.a_person(session, f"Peserta Contoh {n}", None, unit)
            world.enrolled(session, person, course)
            actor = actor_for(session, person.id)
            assert actor is not None
            attempt = actions.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)
            token = start_session(session, Actor.system("kill test"), person, now)
            seats.append(Seat(attempt.public_id, f"{session_cookie()}={token}"))
        session.commit()
    database.close()
    return seats


class Server:
    """The product's own server in a process group of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "ELEARN_DATABASE_URL": url,
            "ELEARN_DATA_DIR": str(folder),
            "ELEARN_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Start it; gives the seconds until it is ready."""
        began = time.monotonic()
        command = [str(Path(sys.executable).parent / "elearn"), "serve"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        while time.monotonic() < began + PATIENCE:
            line = Line("127.0.0.1", self.port)
            with suppress(OSError, TimeoutError):
                answer = await asyncio.wait_for(line.get("/readyz"), PATIENCE)
                if answer.status == 200:
                    return time.monotonic() - began
            line.close()
            await asyncio.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """SIGKILL for it and all that it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


async def take(seat: Seat, port: int, run: Run) -> None:
    """Answer the questions of one attempt again and again; what stayed without an answer is sent again."""
    line, dice = Line("127.0.0.1", port, seat.cookie), random.Random(seat.attempt)
    while not run.over:
        place = Place(seat.attempt, dice.randint(1, QUESTIONS))
        before = run.acknowledged.get(place, Saved(0, "")).revision
        # Never the value that stands: saving that anew would rightly change nothing.
        given = Saved(before + 1, str(10 * (before + 1) + dice.randint(0, 9)))
        if not await save(line, place, given, run):
            return
        await asyncio.sleep(dice.random() / 5)
    line.close()


async def save(line: Line, place: Place, given: Saved, run: Run) -> bool:
    """Send one answer until it is acknowledged; False when the server says what it never may."""
    form = f"answer={given.value}&revision={given.revision - 1}"
    while True:
        await run.up.wait()
        try:
            asked = line.post(f"/kuis/{place.attempt}/soal/{place.position}", form, accept="application/json")
            answer = await asyncio.wait_for(asked, PATIENCE)
        except (OSError, TimeoutError):
            run.cut += 1
            line.close()
            await asyncio.sleep(0.05)
            continue
        if answer.status in (429, 503):
            await asyncio.sleep(0.2)
            continue
        told = json.loads(answer.body) if answer.body[:1] == b"{" else {}
        if answer.status != 200 or told.get("revision") != given.revision:
            run.surprises.append(f"{place}: sent {given}, was told {answer.status} {answer.body[:200]!r}")
            return False
        run.acknowledged[place] = given
        run.answers += 1
        return True


async def soak(server: Server, seats: list[Seat], kills: int, run: Run) -> list[float]:
    """Let everybody answer while the server is killed; gives the seconds that each restart took."""
    await server.start()
    run.up.set()
    takers = [asyncio.create_task(take(seat, server.port, run)) for seat in seats]
    restarts, dice = [], random.Random(kills)
    for _n in range(kills):
        seen = run.answers
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        # A kill of a server that has done nothing since the last one would prove nothing.
        while run.answers == seen and not all(taker.done() for taker in takers):
            await asyncio.sleep(0.05)
        run.up.clear()
        server.kill()
        restarts.append(await server.start())
        run.up.set()
    run.over = True
    await asyncio.gather(*takers)
    return restarts


def stored_answers(url: str) -> dict[Place, Saved]:
    """Every answer in the database; SQLite's file is checked as well."""
    database = Database(url)
    with database.read() as session:
        if url.startswith("sqlite"):
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        rows = session.execute(
            select(Attempt.public_id, AttemptQuestion.position, AttemptQuestion.revision, AttemptQuestion.answer).join(
                AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id
            )
        ).all()
    database.close()
    return {Place(row[0], row[1]): Saved(row[2], str((row[3] or {}).get("number", ""))) for row in rows}


def measure(kind: str, takers: int, kills: int, *, lose: bool) -> bool:
    """One database from beginning to end; True when nothing is lost."""
    url, folder = databases.fresh_url(kind), Path(tempfile.mkdtemp(prefix="elearn-kill-"))
    began, run, server = time.monotonic(), Run(), Server(url, folder)
    try:
        restarts = sorted(asyncio.run(soak(server, prepare(url, takers), kills, run)))
        server.kill()
        stored = stored_answers(url)
    finally:
        server.kill()
        databases.drop(url)
        shutil.rmtree(folder, ignore_errors=True)
    if lose:
        place = next(iter(run.acknowledged))
        stored[place] = Saved(stored[place].revision - 1, stored[place].value)
    lost = run.surprises + losses(run.acknowledged, stored)
    p95 = restarts[min(len(restarts) - 1, int(len(restarts) * 0.95))] if restarts else 0.0
    figures = (
        f"{kind:<10} {takers} takers, {kills} kills, {run.answers} answers acknowledged, {run.cut} requests cut, "
        f"{len(lost)} lost; ready again after {p95:.1f} s (p95); {time.monotonic() - began:.0f} s"
    )
    sys.stdout.write("\n  lost: ".join([figures, *lost[:10]]) + "\n")
    sys.stdout.flush()
    return not lost and run.answers > 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kill", description=__doc__)
    parser.add_argument("--takers", type=int, default=200)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--lose", action="store_true", help="take one answer back: the run must fail")
    given = parser.parse_args()
    os.environ |= {"ELEARN_MODE": "demo", "ELEARN_SECOND_FACTOR": "off", "ELEARN_SECRET_KEY": SECRET}
    os.environ |= {"ELEARN_LOG_LEVEL": "error"}
    kinds = given.database or databases.KINDS
    kept = [measure(kind, given.takers, given.kills, lose=given.lose) for kind in kinds]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
