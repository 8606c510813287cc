"""`make bench-large`: PostgreSQL with a million people and ten million lines of JP, beside one with 10,000 people.

ARGS="--people 100000" takes fewer. Each page is asked for by turns in the small and in the big one; the ratio is what
growing costs. Filling takes minutes and 5 GB where temporary files are kept (TMPDIR). --keep leaves the databases there
and says where; --use FEW MANY measures them again.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.update(ELEARN_MODE="demo", ELEARN_SECRET_KEY="bench-only-" + "x" * 40, ELEARN_LOG_LEVEL="error")
HERE = Path(tempfile.mkdtemp(prefix="elearn-bench-"))
os.environ["ELEARN_DATA_DIR"] = str(HERE)

from sqlalchemy import text  # noqa: E402
from tests import databases  # noqa: E402

from bench import academy, accounts, exports, scene  # noqa: E402 - the environment comes first
from bench.load import lines_to, spell  # noqa: E402
from bench.results import HEAD, NONE, Results, Target  # noqa: E402
from bench.servers import Server, start_elearn, start_worker  # noqa: E402
from elearn import wiring  # noqa: E402
from elearn.app import configure_logging  # noqa: E402
from elearn.foundation.database import Database  # noqa: E402
from elearn.overview.attainment.actions import count_beforehand, count_months_beforehand  # noqa: E402
from elearn.people.access.actor import Actor  # noqa: E402

FILE = Path(__file__).parent / "results-large.json"
KIND = "postgresql"
FEW = 10_000
LINES_A_YEAR = 2
GROWTH = Target(1.5, 1.1)
# A slow page should not keep so many waiting that the others' times say nothing.
CONNECTIONS = 4
FILLED = ("people", "placements", "enrolments", "certificates", "ledger_lines", "external_records")


@dataclass(frozen=True)
class Place:
    """A filled database."""

    people: int
    url: str
    database: Database
    scene: scene.Scene


def main() -> None:
    """Fill, measure, print the table, write results-large.json."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--pages", nargs="+", default=[""], help="only pages whose names begin so")
    asked.add_argument("--no-export", action="store_true")
    asked.add_argument("--keep", action="store_true", help="leave the databases for another run")
    asked.add_argument("--use", nargs=2, metavar=("FEW", "MANY"), default=(), help="addresses that --keep told")
    wish = asked.parse_args()
    results = Results()
    print(HEAD)
    configure_logging()
    wiring.connect()
    now = datetime.now(UTC)
    places: list[Place] = []
    try:
        sizes = (min(FEW, wish.people), wish.people)
        places += [_found(results, url, now) for url in wish.use] or [_filled(results, people, now) for people in sizes]
        _measure(results, places, wish.rounds, wish.pages, export=not wish.no_export)
    finally:
        for place in places:
            place.database.close()
            if wish.keep or wish.use:
                print(f"kept: {place.url}")
            else:
                databases.drop(place.url)
        shutil.rmtree(HERE, ignore_errors=True)
    results.write(FILE)
    print("Missed: " + ("; ".join(results.missed) or "nothing."))


def _filled(results: Results, people: int, now: datetime) -> Place:
    url = databases.fresh_url(KIND)
    database = Database(url)
    began = time.perf_counter()
    made = scene.build(database, now)
    academy.add_units(database)
    with _in_bulk(database):
        academy.add_people(database, people, now)
        lines = academy.add_years(database, now, LINES_A_YEAR)
    academy.tidy(database)
    _count_beforehand(results, people, database)
    results.add(f"{people:,} people: JP lines", KIND, lines, "")
    results.add(f"{people:,} people: filling", KIND, time.perf_counter() - began, "s")
    return Place(people, url, database, made)


def _found(results: Results, url: str, now: datetime) -> Place:
    databases.migrate(url)
    database = Database(url)
    with database.read() as session:
        people = round(session.scalar(text("SELECT count(*) FROM people")) or 0, -4)
    _count_beforehand(results, people, database)
    return Place(people, url, database, scene.again(database, now))


def _count_beforehand(results: Results, people: int, database: Database) -> None:
    """What the job does every half hour."""
    now = datetime.now(UTC)
    for year, name in ((now.year, "a year"), (now.year - 1, "a past year")):
        began = time.perf_counter()
        with database.write() as session:
            count_beforehand(session, Actor.system("bench"), year, now)
            session.commit()
        results.add(f"{people:,} people: counting {name} beforehand", KIND, time.perf_counter() - began, "s")
    began = time.perf_counter()
    with database.write() as session:
        count_months_beforehand(session, Actor.system("bench"), now)
        session.commit()
    results.add(f"{people:,} people: counting months beforehand", KIND, time.perf_counter() - began, "s")


@contextmanager
def _in_bulk(database: Database) -> Iterator[None]:
    """Without looking up each reference and keeping each index as rows come; the indexes are made afterwards."""
    name = database.url.database
    settings = {"session_replication_role": "replica", "synchronous_commit": "off", "maintenance_work_mem": "'512MB'"}
    wanted = text(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)"
    )
    with database.writer.begin() as connection:
        indexes = connection.execute(wanted, {"tables": list(FILLED)}).all()
        # What the filling itself looks for stays.
        indexes = [each for each in indexes if each.indexname not in ("ix_ledger_lines_account",)]
        for index in indexes:
            connection.execute(text(f'DROP INDEX "{index.indexname}"'))
        for setting, value in settings.items():
            connection.execute(text(f'ALTER DATABASE "{name}" SET {setting} = {value}'))
    database.writer.dispose()
    yield
    with database.writer.begin() as connection:
        for index in indexes:
            connection.execute(text(index.indexdef))
        for setting in settings:
            connection.execute(text(f'ALTER DATABASE "{name}" RESET {setting}'))
    database.writer.dispose()


def _measure(
    results: Results, places: Sequence[Place], rounds: int, beginnings: Sequence[str], *, export: bool
) -> None:
    few, many = places
    counts = [accounts.count(place.database, place.scene) for place in places]
    for name, cost in counts[0].items():
        results.add(f"{name}: statements at {few.people:,}", KIND, cost.statements, "", NONE)
        same = Target(cost.statements, None)
        results.add(f"{name}: statements at {many.people:,}", KIND, counts[1][name].statements, "", same)
    running: list[Server] = []
    worker = None
    try:
        for place in places:
            folder = HERE / f"{place.people}"
            folder.mkdir()
            running.append(start_elearn(place.url, folder, 2))
        asyncio.run(_growth(results, places, running, rounds, beginnings))
        if export:
            running[0].stop()
            worker = start_worker(many.url, folder)
            exports.measure(results, KIND, many.url, folder, many.scene, running[1], many.people, worker)
    finally:
        if worker:
            worker.terminate()
            worker.wait(30)
        for server in running:
            server.stop()


async def _growth(
    results: Results, places: Sequence[Place], servers: Sequence[Server], rounds: int, beginnings: Sequence[str]
) -> None:
    """CPU a page in the small and the big database by turns; the ratio is the median of the rounds'."""
    pages = [accounts.pages_of(place.database) for place in places]
    for name in pages[0]:
        if not name.startswith(tuple(beginnings)):
            continue
        costs: list[list[float]] = [[], []]
        for turn in range(rounds + 1):
            for which, (place, server) in enumerate(zip(places, servers, strict=True)):
                page = pages[which][name]
                tokens = [each.token for each in place.scene.learners[:CONNECTIONS]]
                lines = lines_to(server, tokens if page.learner else [place.scene.admin_token] * CONNECTIONS)
                done = await spell(server, lines, accounts.to(page.path), seconds=2 if turn else 0.5)
                for line in lines:
                    line.close()
                if turn:
                    costs[which].append(done.cpu_ms)
        small, big = (statistics.median(found) for found in costs)
        ratio = statistics.median(b / a for a, b in zip(*costs, strict=True))
        results.add(f"{name}: CPU at {places[0].people:,}", KIND, small, "ms")
        results.add(f"{name}: CPU at {places[1].people:,}", KIND, big, "ms")
        results.add(f"{name}: growth", KIND, ratio, "times", GROWTH)


if __name__ == "__main__":
    main()
