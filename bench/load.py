"""Asking a server as fast as it answers, over a fixed number of connections."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.soak.line import Answer, Line

from bench.servers import Server

CONNECTIONS = 16
# In production the cookie is bound to TLS, which the proxy speaks.
COOKIE = "__Host-session"

Visit = Callable[[Line, int], Awaitable[None]]


@dataclass(frozen=True)
class Spell:
    """What one spell of load cost and gave."""

    count: int
    seconds: float
    cpu: float
    times: Sequence[float]

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu / self.count * 1_000

    @property
    def p99_ms(self) -> float:
        return statistics.quantiles(self.times, n=100)[98] * 1_000


async def spell(server: Server, lines: Sequence[Line], visit: Visit, *, count: int = 0, seconds: float = 0) -> Spell:
    """Repeat `visit` on all lines at once, `count` times together or for so many seconds."""
    times: list[float] = []
    numbers = itertools.count()
    cpu, began = server.cpu(), time.perf_counter()

    def another(number: int) -> bool:
        return number < count if count else time.perf_counter() - began < seconds

    async def go_on(line: Line) -> None:
        while another(number := next(numbers)):
            asked = time.perf_counter()
            await visit(line, number)
            times.append(time.perf_counter() - asked)

    await asyncio.gather(*(go_on(line) for line in lines))
    return Spell(len(times), time.perf_counter() - began, server.cpu() - cpu, times)


def lines_to(server: Server, tokens: Sequence[str] = ("",) * CONNECTIONS) -> list[Line]:
    """One connection for each session."""
    return [Line("127.0.0.1", server.port, f"{COOKIE}={token}" if token else "") for token in tokens]


def expect(answer: Answer, status: int = 200) -> Answer:
    """A measurement of wrong answers is none."""
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.head[:300]!r} {answer.body[:300]!r}")
    return answer
