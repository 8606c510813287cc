"""Taking quizzes: answers saved durably, and whole attempts."""

import re
import statistics
from urllib.parse import urlencode

from tests.soak.line import Line

from bench.load import CONNECTIONS, Spell, Visit, expect, lines_to, spell
from bench.results import NONE, Results, Target
from bench.scene import QUESTIONS, Scene
from bench.servers import Server
from elearn.activities.quizzes.queries import draft_of, worded_questions
from elearn.activities.quizzes.rules import seed_of
from elearn.foundation.database import Database
from elearn.teaching.questions.grading import learner_view

SAVES = Target(0.5, 0.8, at_least=True, of_reference=True)
SLOWEST = Target(60, None)
ATTEMPTS = Target(100, 200, at_least=True)
JSON = "application/json"


class Taker:
    """Answers the questions of one open attempt over and over, each time differently."""

    def __init__(self, attempt: str, options: list[tuple[int, list[str]]], revisions: list[int]) -> None:
        self.attempt = attempt
        self.options = options
        self.revisions = revisions
        self.turn = 0

    async def save(self, line: Line, _number: int) -> None:
        which = self.turn % len(self.options)
        position, choices = self.options[which]
        answer = choices[self.turn // len(self.options) % len(choices)]
        form = urlencode({"revision": self.revisions[which], "answer": answer})
        expect(await line.post(f"/kuis/{self.attempt}/soal/{position}", form, accept=JSON))
        self.revisions[which] += 1
        self.turn += 1


def takers(database: Database, scene: Scene, count: int = CONNECTIONS) -> list[Taker]:
    """The learners with what there is to choose from in their attempts; who has submitted begins another."""
    made = []
    with database.write() as session:
        for learner in scene.learners[:count]:
            attempt = scene.open_attempt(session, learner)
            options, revisions = [], []
            for question in worded_questions(session, attempt):
                view = learner_view(draft_of(question.version), seed_of(attempt, question.position))
                if view["kind"] in ("single", "true_false"):
                    options.append((question.position, [option["id"] for option in view["options"]]))
                    revisions.append(question.revision)
            made.append(Taker(attempt.public_id, options, revisions))
        session.commit()
    return made


async def measure_saves(
    results: Results,
    kind: str,
    scene: Scene,
    database: Database,
    reference: Server,
    elearn: Server,
    *,
    rounds: int,
    seconds: float,
) -> None:
    """Answers a second at 16 connections against an ORM save without anything around it."""
    people = takers(database, scene)
    plain, lines = lines_to(reference), lines_to(elearn, [one.token for one in scene.learners[:CONNECTIONS]])
    bare = {id(line): n for n, line in enumerate(plain, start=1)}
    mine = {id(line): taker for line, taker in zip(lines, people, strict=True)}

    async def save_bare(line: Line, number: int) -> None:
        expect(await line.post(f"/save/{bare[id(line)]}?answer=a{number}"))

    async def save(line: Line, number: int) -> None:
        await mine[id(line)].save(line, number)

    ceiling: list[Spell] = []
    found: list[Spell] = []
    await spell(reference, plain, save_bare, count=2 * CONNECTIONS)
    await spell(elearn, lines, save, count=2 * CONNECTIONS)
    for _ in range(rounds):
        ceiling.append(await spell(reference, plain, save_bare, seconds=seconds))
        found.append(await spell(elearn, lines, save, seconds=seconds))
    ratio = statistics.median(one.per_second / most.per_second for one, most in zip(found, ceiling, strict=True))
    results.add("ORM ceiling of saves", kind, statistics.median(one.per_second for one in ceiling), "1/s")
    results.add("ORM ceiling of saves: p99", kind, statistics.median(one.p99_ms for one in ceiling), "ms")
    results.add("answer saves", kind, statistics.median(one.per_second for one in found), "1/s", SAVES, ratio)
    results.add("answer saves: p99", kind, statistics.median(one.p99_ms for one in found), "ms", SLOWEST)
    results.add("answer saves: CPU", kind, statistics.median(one.cpu_ms for one in found), "ms")
    for line in (*plain, *lines):
        line.close()


async def measure_attempts(results: Results, kind: str, scene: Scene, elearn: Server, *, seconds: float) -> None:
    """Whole attempts at a quiz of 20 questions, as a browser makes them."""
    tokens = [learner.token for learner in scene.learners[CONNECTIONS : 2 * CONNECTIONS]]
    for words, saves, target in (("page, save", 1, ATTEMPTS), (f"{QUESTIONS} pages and saves", QUESTIONS, NONE)):
        lines = lines_to(elearn, tokens)
        await spell(elearn, lines, _attempt(scene, saves), count=CONNECTIONS)
        done = await spell(elearn, lines, _attempt(scene, saves), seconds=seconds)
        results.add(f"attempts: start, {words}, submit", kind, done.per_second, "1/s", target)
        results.add(f"attempts: start, {words}, submit: CPU", kind, done.cpu_ms, "ms")
        for line in lines:
            line.close()


def _attempt(scene: Scene, saves: int) -> Visit:
    async def visit(line: Line, _number: int) -> None:
        begun = expect(await line.post(f"/belajar/{scene.quiz}/kuis/mulai"), 303)
        address = begun.header("location")
        for position in range(1, saves + 1):
            await _answer(line, address, position)
        expect(await line.post(f"{address}/kumpulkan"), 303)

    return visit


async def _answer(line: Line, address: str, position: int) -> None:
    """Open a question's page and save an answer to it."""
    page = expect(await line.get(f"{address}?soal={position}")).body.decode()
    form: dict[str, str | int] = {"revision": 0}
    if option := re.search(r'name="(answer|choices)" value="([0-9a-f]{16})"', page):
        form[option[1]] = option[2]
    elif pair := re.search(r'name="(pair-[0-9a-f]{16})">.*?<option[^>]* value="([0-9a-f]{16})"', page):
        form[pair[1]] = pair[2]
    else:
        form["answer"] = "5"
    expect(await line.post(f"{address}/soal/{position}", urlencode(form), accept=JSON))
