"""The pages of units and of accounts of JP, when everybody has five years of lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fastapi.testclient import TestClient
from sqlalchemy import select
from tests.soak.line import Line

from bench.academy import CROWD
from bench.load import CONNECTIONS, Visit, expect, lines_to
from bench.pages import HTML as LEARNERS_HTML
from bench.pages import STATEMENTS, Walk, compare, statements_of
from bench.results import NONE, Results, Target
from bench.scene import Scene
from bench.servers import Server
from elearn.app import create_app
from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.database import Database
from elearn.learning.cohorts.models import Cohort
from elearn.people.accounts.door import session_cookie
from elearn.people.accounts.models import Person
from elearn.recognition.external_records.models import ExternalRecord

CPU = Target(2.0, 1.3, of_reference=True)
UNIT = "UKUR01.1"


@dataclass(frozen=True)
class Page:
    """A page by its address; a learner's is asked for by learners, others by the regency's admin."""

    path: str
    learner: bool = False


class Cost(NamedTuple):
    """What a page takes, the second time that it is asked for: SQL statements and bytes as they are sent."""

    statements: int
    bytes: int


def pages_of(database: Database) -> dict[str, Page]:
    """The pages by name."""
    with database.read() as session:
        cohort = session.scalars(select(Cohort.public_id).order_by(Cohort.id).limit(1)).one()
        person = session.scalars(select(Person.public_id).where(Person.name.startswith(CROWD)).limit(1)).one()
        waiting = select(ExternalRecord.public_id).where(ExternalRecord.state == "waiting").limit(1)
        record = session.scalars(waiting).one()
    last_year = wib_date(utc_now()).year - 1
    return {
        "own JP account": Page("/capaian", learner=True),
        "own yearly recap, PDF": Page("/capaian/rekap.pdf", learner=True),
        "JP by unit": Page("/opd"),
        "JP of one unit": Page(f"/opd?unit={UNIT}"),
        "JP by name": Page("/opd?tampilan=nama"),
        "JP by name, below half": Page("/opd?keadaan=separuh"),
        "JP by name, one unit": Page(f"/opd?unit={UNIT}&keadaan=belum"),
        "last year's JP by unit": Page(f"/opd?tahun={last_year}"),
        "last year's JP by name": Page(f"/opd?tahun={last_year}&tampilan=nama"),
        "last year's JP by name, one unit": Page(f"/opd?tahun={last_year}&unit={UNIT}&keadaan=belum"),
        "summary for heads": Page("/ringkasan"),
        "what waits today": Page("/kelola"),
        "a person's JP account": Page(f"/opd/pegawai/{person}/jp"),
        "people": Page("/opd/pegawai"),
        "approval queue": Page("/persetujuan"),
        "a record to decide": Page(f"/persetujuan/sertifikat/{record}"),
        "classes": Page("/kelola/angkatan"),
        "one class": Page(f"/kelola/angkatan/{cohort}"),
        "SIASN": Page("/kelola/siasn"),
    }


def count(database: Database, scene: Scene) -> dict[str, Cost]:
    """Statements and bytes of each page."""
    app = create_app(database)
    browsers = {True: TestClient(app), False: TestClient(app)}
    for learner, browser in browsers.items():
        browser.cookies.set(session_cookie(), scene.learners[0].token if learner else scene.admin_token)
    counted = {}
    for name, page in pages_of(database).items():
        browser = browsers[page.learner]
        browser.get(page.path).raise_for_status()
        with statements_of(database) as seen:
            answer = browser.get(page.path, headers={"Accept-Encoding": "gzip"})
        counted[name] = Cost(len(seen), int(answer.headers["content-length"]))
    return counted


def tell(results: Results, kind: str, few: Mapping[str, Cost], many: Mapping[str, Cost], rows: int) -> None:
    """The counts of a small and a big crowd, which should be the same."""
    for name, cost in few.items():
        results.add(f"{name}: statements at 10 people", kind, cost.statements, "", NONE)
        same = Target(cost.statements, STATEMENTS.strive)
        results.add(f"{name}: statements at {rows:,} people", kind, many[name].statements, "", same)
        # The targets are those of learners' pages: an admin's choose among 300 units.
        weight = LEARNERS_HTML if name == "own JP account" else NONE
        results.add(f"{name}: bytes, gzip", kind, many[name].bytes / 1_024, "KB", weight)


def lines_by_who(elearn: Server, scene: Scene) -> dict[bool, Sequence[Line]]:
    """Connections of learners and of the admin."""
    learners = lines_to(elearn, [learner.token for learner in scene.learners[:CONNECTIONS]])
    return {True: learners, False: lines_to(elearn, [scene.admin_token] * CONNECTIONS)}


def to(path: str) -> Visit:
    """Ask for one page."""

    async def visit(line: Line, number: int) -> None:
        expect(await line.get(path))

    return visit


async def measure(
    results: Results,
    kind: str,
    scene: Scene,
    database: Database,
    reference: Server,
    elearn: Server,
    *,
    rounds: int,
    count: int,
) -> None:
    """CPU of the pages by turns with REF."""
    lines = lines_by_who(elearn, scene)
    walks = {
        name: Walk(elearn, lines[page.learner], to(page.path), CPU if name == "own JP account" else NONE)
        for name, page in pages_of(database).items()
    }
    await compare(results, kind, reference, walks, rounds=rounds, count=count, name="REF, beside JP accounts")
