"""`make bench`: everything, on both databases, against the targets. `--quick` shows in two minutes that it runs."""

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

os.environ.update(ELEARN_MODE="demo", ELEARN_SECRET_KEY="bench-only-" + "x" * 40, ELEARN_LOG_LEVEL="error")
HERE = Path(tempfile.mkdtemp(prefix="elearn-bench-"))
os.environ["ELEARN_DATA_DIR"] = str(HERE)

from tests import databases  # noqa: E402

from bench import academy, accounts, answers, busy, documents, exports, pages, reference, scene  # noqa: E402 - the environment comes first
from bench.results import FILE, HEAD, Results, Target  # noqa: E402
from bench.servers import Server, start_elearn, start_reference, start_worker  # noqa: E402
from elearn import wiring  # noqa: E402
from elearn.app import configure_logging  # noqa: E402
from elearn.foundation.database import Database  # noqa: E402

MEMORY = {"sqlite": Target(250, 150), "postgresql": Target(400, 300)}
MEMORY_OF = {"sqlite": "memory: embedded, after the load", "postgresql": "memory: 2 workers, after the load"}
# One process writes to an SQLite file; on PostgreSQL there is one process for each of the two cores.
WORKERS = {"sqlite": 1, "postgresql": 2}

LINES_A_YEAR = 6
LEARNERS = 200
PARTS = ("pages", "answers", "documents", "accounts", "busy", "exports")


def main() -> None:
    """Measure, print the table, write results.json."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="fewer and shorter slices")
    asked.add_argument("--only", choices=PARTS, action="append", help="this part")
    asked.add_argument("--database", choices=databases.KINDS, action="append", help="only this one")
    wish = asked.parse_args()
    results = Results()
    print(HEAD)
    configure_logging()
    wiring.connect()
    try:
        for kind in wish.database or databases.KINDS:
            _measure(results, kind, wish.only or PARTS, quick=wish.quick)
        documents.measure_certificate(results, times=20 if wish.quick else 100)
    finally:
        shutil.rmtree(HERE, ignore_errors=True)
    results.write()
    print(f"\n{len(results.lines)} lines are in {FILE.relative_to(Path.cwd())}.")
    print("Missed: " + ("; ".join(results.missed) or "nothing."))


def _measure(results: Results, kind: str, parts: Sequence[str], *, quick: bool) -> None:
    url, bare_url = databases.fresh_url(kind), databases.fresh_url(kind)
    database = Database(url)
    rows = 2_000 if quick else 10_000
    try:
        now = datetime.now(UTC)
        made = scene.build(database, now, LEARNERS)
        academy.add_units(database)
        _crowd(database, 10, now)
        counts = {"pages": pages.count_statements, "accounts": accounts.count}
        few = {part: count(database, made) for part, count in counts.items() if part in parts}
        results.add("JP accounts: lines", kind, _crowd(database, rows - 10, now), "")
        many = {part: counts[part](database, made) for part in few}
        if "pages" in parts:
            pages.measure_statements(results, kind, few["pages"], many["pages"], rows)
            pages.measure_bytes(results, kind, database, made)
        if "accounts" in parts:
            accounts.tell(results, kind, few["accounts"], many["accounts"], rows)
        reference.fill(bare_url)
        _serve(results, kind, parts, url, bare_url, made, database, quick=quick)
    finally:
        database.close()
        databases.drop(url)
        databases.drop(bare_url)


def _crowd(database: Database, size: int, now: datetime) -> int:
    """So many people more, with five years of JP; gives how many lines there are."""
    scene.add_crowd(database, size, now)
    return academy.add_years(database, now, LINES_A_YEAR)


def _serve(
    results: Results,
    kind: str,
    parts: Sequence[str],
    url: str,
    bare_url: str,
    made: scene.Scene,
    database: Database,
    *,
    quick: bool,
) -> None:
    folder = HERE / kind
    folder.mkdir()
    running: list[Server] = []
    worker = start_worker(url, folder) if kind == "postgresql" else None
    try:
        running.append(elearn := start_elearn(url, folder, WORKERS[kind]))
        running.append(ref := start_reference(bare_url))
        rounds, count, seconds = (2, 200, 2.0) if quick else (7, 400, 5.0)
        if "pages" in parts:
            asyncio.run(pages.measure_cpu(results, kind, made, ref, elearn, rounds=rounds, count=count))
        # Two writing processes would only show how SQLite's lock starves one of them.
        ref.stop()
        running[1] = ref = start_reference(bare_url, WORKERS[kind])
        if "answers" in parts:
            turns = 1 if quick else 5
            saves = answers.measure_saves(results, kind, made, database, ref, elearn, rounds=turns, seconds=seconds)
            asyncio.run(saves)
            asyncio.run(answers.measure_attempts(results, kind, made, elearn, seconds=seconds))
        if "documents" in parts:
            documents.measure_export(results, kind, made, elearn)
            results.add(MEMORY_OF[kind], kind, elearn.memory(), "MB", MEMORY[kind])
        if "accounts" in parts:
            turns = 1 if quick else 3
            asyncio.run(accounts.measure(results, kind, made, database, ref, elearn, rounds=turns, count=count // 8))
        if "busy" in parts:
            asyncio.run(busy.measure_certificates(results, kind, made, database, elearn))
            rows = 50_000 if quick else 500_000
            scene.add_completions(database, rows, datetime.now(UTC))
            asyncio.run(busy.measure_export(results, kind, made, database, elearn, rows))
        if "exports" in parts:
            rows = 100_000 if quick else 1_000_000
            scene.add_completions(database, rows, datetime.now(UTC))
            exports.measure(results, kind, url, folder, made, elearn, rows, worker)
    finally:
        for server in running:
            server.stop()
        if worker:
            worker.terminate()
            worker.wait(30)


if __name__ == "__main__":
    main()
