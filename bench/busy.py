"""Learners who work while something long runs: certificates for a thousand people, an export of half a million rows."""

import asyncio
import itertools
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import String, cast, func, insert, literal, select

from bench.answers import Taker, takers
from bench.documents import download
from bench.load import expect, lines_to
from bench.pages import pages_of
from bench.results import NONE, Results, Target
from bench.scene import SLUG, Scene
from bench.servers import Server
from elearn.foundation.database import Database
from elearn.foundation.jobs.models import Job
from elearn.learning.enrolment.models import Enrolment
from elearn.recognition.certificates.models import Certificate
from elearn.teaching.courses.models import Course

CERTIFICATES = 1_000
FINISHED = f"{SLUG}-sertifikat"
WHILE_CERTIFICATES, WHILE_EXPORT = 50, 200
QUIET_SECONDS = 15.0
LONGEST = 900.0
P95 = Target(500, None)
EXPORT_TIME = Target(60, None)
EXPORT_MEMORY = Target(300, None)
LOG = Target(64, None)


@dataclass
class Work:
    """How long the learners waited for each answer, in seconds."""

    times: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.times, n=20)[18] * 1_000


class Learners:
    """People who read, think, and answer a question now and then."""

    def __init__(self, database: Database, scene: Scene, elearn: Server, count: int, think: float) -> None:
        self.lines = lines_to(elearn, [learner.token for learner in scene.learners[:count]])
        self.takers = takers(database, scene, count)
        # Who has submitted by now looks at a question of the attempt that is open.
        self.pages = [
            list((pages_of(scene, n) | {"quiz page": f"/kuis/{taker.attempt}?soal=2"}).values())
            for n, taker in enumerate(self.takers)
        ]
        self.think = think

    async def work_until(self, done: asyncio.Event) -> Work:
        """All of them work until it is done."""
        work = Work()
        await asyncio.gather(*(self._work(n, done, work) for n in range(len(self.lines))))
        return work

    async def work_for(self, seconds: float) -> Work:
        """All of them work for so long."""
        done = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, done.set)
        return await self.work_until(done)

    async def work_during(self, job: Awaitable[float]) -> tuple[Work, float]:
        """All of them work until the job is done; gives the job's own answer as well."""
        done = asyncio.Event()
        working = asyncio.create_task(self.work_until(done))
        try:
            found = await job
        finally:
            done.set()
        return await working, found

    async def _work(self, which: int, done: asyncio.Event, work: Work) -> None:
        chance = random.Random(which)
        for turn in itertools.count():
            # Nobody begins at the same moment as all others.
            await asyncio.sleep(self.think * (chance.random() if turn == 0 else 0.5 + chance.random()))
            if done.is_set():
                return
            began = time.perf_counter()
            try:
                await self._step(which, turn)
            except OSError:
                # Whoever thinks for longer than a connection is kept asks again on a new one, as a browser does.
                await self._step(which, turn)
            except RuntimeError as refused:
                # Too busy just now: told, and tried again with the next step.
                work.refused[str(refused)[:40]] += 1
                continue
            work.times.append(time.perf_counter() - began)

    async def _step(self, which: int, turn: int) -> None:
        line, pages = self.lines[which], self.pages[which]
        if turn % 3 == 2:
            taker: Taker = self.takers[which]
            await taker.save(line, turn)
        else:
            expect(await line.get(pages[(turn + which) % len(pages)]))

    def leave(self) -> None:
        """Close the connections."""
        for line in self.lines:
            line.close()


def finish_course(database: Database, now: datetime) -> None:
    """A thousand people who have completed a course and have no certificate."""
    with database.write() as session:
        course = Course(slug=FINISHED, title="Ukur sertifikat", outcomes=[], state="published", created_at=now)
        session.add(course)
        session.flush()
        first = select(Course.id).where(Course.slug == SLUG).scalar_subquery()
        crowd = (Enrolment.course_id == first, Enrolment.completed_at.is_not(None))
        place = {
            "public_id": literal("s-") + cast(Enrolment.id, String),
            "person_id": Enrolment.person_id,
            "course_id": literal(course.id),
            "started_at": Enrolment.started_at,
            "completed_at": literal(now, Enrolment.completed_at.type),
            "score": Enrolment.score,
            "completed_jp": Enrolment.completed_jp,
            "completed_unit_id": Enrolment.completed_unit_id,
        }
        rows = select(*(value.label(name) for name, value in place.items())).where(*crowd)
        rows = rows.order_by(Enrolment.id).limit(CERTIFICATES)
        session.execute(insert(Enrolment).from_select(list(place), rows))
        session.commit()


async def measure_certificates(results: Results, kind: str, scene: Scene, database: Database, elearn: Server) -> None:
    """Learners' p95 with the job and without it, before and after; its time; who has how many certificates."""
    finish_course(database, datetime.now(UTC))
    learners = Learners(database, scene, elearn, WHILE_CERTIFICATES, think=1.0)
    await learners.work_for(QUIET_SECONDS / 3)
    before = await learners.work_for(QUIET_SECONDS)
    during, seconds = await learners.work_during(_issue(scene, database, elearn))
    after = await learners.work_for(QUIET_SECONDS)
    learners.leave()
    quiet = statistics.mean((before.p95_ms, after.p95_ms))
    name = f"{CERTIFICATES:,} certificates while {WHILE_CERTIFICATES} learn"
    results.add(f"{name}: job", kind, seconds, "s")
    results.add(f"{name}: each", kind, seconds / CERTIFICATES * 1_000, "ms")
    results.add(f"{name}: learners' p95 without", kind, quiet, "ms")
    results.add(f"{name}: learners' p95 with", kind, during.p95_ms, "ms", P95)
    results.add(f"{name}: learners' p95, with to without", kind, during.p95_ms / quiet, "times")
    results.add(f"{name}: answers meanwhile", kind, len(during.times), "")
    results.add(f"{name}: refused meanwhile", kind, during.refused.total(), "", Target(0, None))
    for told, found, wanted in _counted(database):
        results.add(f"{name}: {told}", kind, found, "", Target(wanted, None, at_least=True))


async def _issue(scene: Scene, database: Database, elearn: Server) -> float:
    line = lines_to(elearn, [scene.admin_token])[0]
    year = datetime.now(UTC).year
    form = urlencode({"course": FINISHED, "first": f"{year - 1}-01-01", "last": f"{year + 1}-12-31", "go": "1"})
    began = time.perf_counter()
    job = expect(await line.post("/kelola/sertifikat/terbit", form), 303).header("location").rsplit("/", 1)[1]
    line.close()
    while time.perf_counter() - began < LONGEST:
        await asyncio.sleep(0.25)
        state = await asyncio.to_thread(_state, database, job)
        if state == "done":
            return time.perf_counter() - began
        if state in ("failed", "cancelled"):
            break
    raise RuntimeError("the certificates were not issued")


def _state(database: Database, job: str) -> str:
    with database.read() as session:
        return session.scalars(select(Job.state).filter_by(public_id=job)).one()


def _counted(database: Database) -> Sequence[tuple[str, int, int]]:
    with database.read() as session:
        mine = select(Certificate).join(Course, Course.id == Certificate.course_id).where(Course.slug == FINISHED)
        told = mine.with_only_columns(
            func.count(), func.count(Certificate.enrolment_id.distinct()), func.count(Certificate.storage_key)
        )
        every, people, drawn = session.execute(told).one()
    if every != people:
        raise RuntimeError(f"{every} certificates for {people} people")
    return [("people with exactly one", people, CERTIFICATES), ("PDFs drawn", drawn, CERTIFICATES)]


async def measure_export(
    results: Results, kind: str, scene: Scene, database: Database, elearn: Server, rows: int
) -> None:
    """E3: an export of half a million rows while many learn: its time, memory, learners' p95, SQLite's log."""
    learners = Learners(database, scene, elearn, min(WHILE_EXPORT, len(scene.learners)), think=3.0)
    await learners.work_for(QUIET_SECONDS / 3)
    quiet = await learners.work_for(QUIET_SECONDS)
    most: dict[str, float] = {"memory": 0.0, "log": 0.0}
    watching = asyncio.create_task(_watch(database, elearn, most))
    during, seconds = await learners.work_during(_export(scene, elearn))
    watching.cancel()
    learners.leave()
    name = f"{rows:,} rows while {len(learners.lines)} learn"
    results.add(f"{name}: export", kind, seconds, "s", EXPORT_TIME)
    results.add(f"{name}: memory", kind, most["memory"], "MB", EXPORT_MEMORY if kind == "sqlite" else NONE)
    results.add(f"{name}: learners' p95 without", kind, quiet.p95_ms, "ms")
    results.add(f"{name}: learners' p95 with", kind, during.p95_ms, "ms", P95)
    results.add(f"{name}: answers meanwhile", kind, len(during.times), "")
    results.add(f"{name}: refused meanwhile", kind, during.refused.total(), "", Target(0, None))
    if kind == "sqlite":
        results.add(f"{name}: write-ahead log", kind, most["log"], "MB", LOG)


async def _export(scene: Scene, elearn: Server) -> float:
    _first, whole, _size = await asyncio.to_thread(download, scene, elearn, "csv")
    return whole


async def _watch(database: Database, elearn: Server, most: dict[str, float]) -> None:
    log = Path(f"{database.url.database}-wal")
    while True:
        most["memory"] = max(most["memory"], elearn.memory())
        if database.sqlite and log.exists():
            most["log"] = max(most["log"], log.stat().st_size / 1e6)
        await asyncio.sleep(0.5)
