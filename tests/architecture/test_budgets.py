"""What a learner's page may cost: SQL statements, bytes, requests. `make bench` measures times; no test asserts one."""

import gzip
import re

import pytest
from sqlalchemy import event

from tests.conftest import Visitor
from tests.databases import JoinedDatabase

PAGES = {
    "home": "/",
    "own JP": "/capaian",
    "catalogue": "/pelatihan",
    "course": "/pelatihan/{slug}",
    "lesson": "/belajar/{reading}/bacaan",
    "quiz rules": "/belajar/{quiz}/kuis",
    "quiz question": "/kuis/{attempt}?soal=1",
}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
KB = 1024


@pytest.fixture(params=PAGES.values(), ids=PAGES.keys())
def page(request: pytest.FixtureRequest, ani: Visitor, objects: dict[str, str]) -> str:
    """The address of a learner's page that has been seen once."""
    path: str = request.param.format(**objects)
    assert ani.get(path).status_code == 200
    return path


def test_a_learner_page_takes_at_most_eight_statements(page: str, ani: Visitor, database: JoinedDatabase) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(NOT_COUNTED):
            seen.append(statement)

    event.listen(database.connection, "before_cursor_execute", note)
    try:
        ani.get(page)
    finally:
        event.remove(database.connection, "before_cursor_execute", note)
    assert 1 <= len(seen) <= 8, "\n".join(seen)


def test_a_learner_page_stays_within_its_bytes_and_requests(page: str, ani: Visitor) -> None:
    answer = ani.get(page)
    html = len(gzip.compress(answer.content, 6))
    files = {path: _weight(ani, path) for path in set(re.findall(r'/static/[^"#?]+', answer.text))}
    styles = sum(size for path, size in files.items() if path.endswith(".css"))
    scripts = sum(size for path, size in files.items() if path.endswith(".js"))
    assert files, "the browser files are not built"
    assert html <= 20 * KB
    assert styles <= 20 * KB
    assert scripts <= 35 * KB
    assert html + sum(files.values()) <= 120 * KB
    assert 1 + len(files) <= 8


def _weight(visitor: Visitor, path: str) -> int:
    answer = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    # Else a second view would ask for it again.
    assert "immutable" in answer.headers["cache-control"], path
    return int(answer.headers["content-length"])
