"""The learner's pages: CPU against REF, SQL statements, bytes."""

import gzip
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi.testclient import TestClient
from sqlalchemy import event
from tests.soak.line import Line

from bench.load import CONNECTIONS, Visit, expect, lines_to, spell
from bench.results import NONE, Results, Target
from bench.scene import Scene
from bench.servers import Server
from elearn.app import create_app
from elearn.foundation.database import Database
from elearn.people.accounts.door import session_cookie

CPU = Target(2.0, 1.3, of_reference=True)
STATEMENTS = Target(8, 4)
HTML = Target(20, 8)
QUIZ_HTML = Target(35, 8)
CSS_JS = Target(60, 35)
FIRST_LOAD = Target(120, 50)
REPEAT_VIEW = Target(25, 10)
REPEAT_REQUESTS = Target(2, None)


def pages_of(scene: Scene, who: int) -> dict[str, str]:
    """The learner's pages by name, as one of the learners sees them."""
    return {
        "home": "/",
        "course page": scene.course,
        "lesson page": f"/belajar/{scene.lessons[19]}/bacaan",
        "quiz page": f"/kuis/{scene.learners[who].attempt}?soal=2",
    }


async def measure_cpu(
    results: Results, kind: str, scene: Scene, reference: Server, elearn: Server, *, rounds: int, count: int
) -> None:
    """CPU a request of server and database, in slices by turns with REF. The ratio is the median of the rounds'."""
    people = lines_to(elearn, [learner.token for learner in scene.learners[:CONNECTIONS]])
    visits: dict[str, Visit] = {name: _visit(scene, people, name) for name in pages_of(scene, 0)}
    visits["lesson page, a new lesson each time"] = _moving_on(scene)
    walks = {
        name: Walk(elearn, people, visit, CPU if name in pages_of(scene, 0) else NONE) for name, visit in visits.items()
    }
    await compare(results, kind, reference, walks, rounds=rounds, count=count)


@dataclass(frozen=True)
class Walk:
    """One page asked for on some lines of a server, and what it may cost."""

    server: Server
    lines: Sequence[Line]
    visit: Visit
    target: Target


async def compare(
    results: Results,
    kind: str,
    reference: Server,
    walks: Mapping[str, Walk],
    *,
    rounds: int,
    count: int,
    name: str = "REF",
) -> None:
    """Each walk by turns with REF, which is reported as `name`; closes their lines."""
    plain = lines_to(reference)
    every = {name: Walk(reference, plain, _reference, NONE), **walks}
    costs: dict[str, list[float]] = {each: [] for each in every}
    speeds: dict[str, list[float]] = {each: [] for each in every}
    # The first slices only warm up: templates, statements, connections.
    for turn in range(rounds + 1):
        for each, walk in every.items():
            number = count if turn else 2 * CONNECTIONS
            slice_ = await spell(walk.server, walk.lines, walk.visit, count=number)
            if turn:
                costs[each].append(slice_.cpu_ms)
                speeds[each].append(slice_.per_second)
    for line in {id(line): line for walk in every.values() for line in walk.lines}.values():
        line.close()
    for each, found in costs.items():
        ratio = statistics.median(one / ref for one, ref in zip(found, costs[name], strict=True))
        told = None if each == name else ratio
        results.add(f"{each}: CPU", kind, statistics.median(found), "ms", every[each].target, told)
        results.add(f"{each}: requests", kind, statistics.median(speeds[each]), "1/s")


async def _reference(line: Line, number: int) -> None:
    expect(await line.get(f"/page/{number % 1_000 + 1}"))


def _visit(scene: Scene, people: list[Line], name: str) -> Visit:
    paths = {id(line): pages_of(scene, n)[name] for n, line in enumerate(people)}

    async def visit(line: Line, number: int) -> None:
        expect(await line.get(paths[id(line)]))

    return visit


def _moving_on(scene: Scene) -> Visit:
    async def visit(line: Line, number: int) -> None:
        expect(await line.get(f"/belajar/{scene.lessons[number % len(scene.lessons)]}/bacaan"))

    return visit


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile; transactions are not counted."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    engines = {database.writer, database.reader, database.looker}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def count_statements(database: Database, scene: Scene) -> dict[str, int]:
    """How many statements each page takes, the second time that it is asked for."""
    counted = {}
    browser = _browser(database, scene)
    for name, path in pages_of(scene, 0).items():
        browser.get(path)
        with statements_of(database) as seen:
            browser.get(path)
        counted[name] = len(seen)
    return counted


def measure_statements(results: Results, kind: str, few: Mapping[str, int], many: Mapping[str, int], rows: int) -> None:
    for name, count in few.items():
        results.add(f"{name}: statements at 10 rows", kind, count, "", STATEMENTS)
        results.add(f"{name}: statements at {rows:,} rows", kind, many[name], "", Target(min(8, count), 4))


def measure_bytes(results: Results, kind: str, database: Database, scene: Scene) -> None:
    """What a browser loads: the pages compressed, and the files they name."""
    browser = _browser(database, scene)
    for name, path in pages_of(scene, 0).items():
        page = browser.get(path).text
        html = len(gzip.compress(page.encode(), 6)) / 1_024
        files = {found: _weight(browser, found) for found in set(re.findall(r'/static/[^"#?]+', page))}
        code = sum(size for found, size in files.items() if found.endswith((".css", ".js")))
        results.add(f"{name}: HTML, gzip", kind, html, "KB", QUIZ_HTML if name == "quiz page" else HTML)
        results.add(f"{name}: CSS and JavaScript", kind, code, "KB", CSS_JS)
        results.add(f"{name}: first load", kind, html + sum(files.values()), "KB", FIRST_LOAD)
        results.add(f"{name}: repeat view", kind, html, "KB", REPEAT_VIEW)


def _weight(browser: TestClient, path: str) -> float:
    answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
    kept = "immutable" in answer.headers["cache-control"]
    if not kept:
        raise RuntimeError(f"{path} is asked for again on each view")
    return float(answer.headers["content-length"]) / 1_024


def _browser(database: Database, scene: Scene) -> TestClient:
    browser = TestClient(create_app(database), follow_redirects=False)
    browser.cookies.set(session_cookie(), scene.learners[0].token)
    return browser
