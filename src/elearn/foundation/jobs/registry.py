"""Which function does which kind of job, and which kinds run by themselves. Filled by `wiring.py`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Concatenate

from elearn.foundation.jobs.progress import Progress

JobFunction = Callable[Concatenate[Progress, ...], dict[str, Any] | None]

_functions: dict[str, JobFunction] = {}
_schedules: dict[str, timedelta] = {}


def register(kind: str, function: JobFunction) -> None:
    """Let this function do jobs of this kind: `function(progress, **arguments) -> result`."""
    _functions[kind] = function


def schedule(kind: str, *, every: timedelta) -> None:
    """Run a registered kind, without arguments, at this interval: by one process at a time, never overlapping."""
    _schedules[kind] = every


def function_for(kind: str) -> JobFunction:
    """Raises LookupError for a kind nobody registered."""
    return _functions[kind]


def schedules() -> dict[str, timedelta]:
    """Kinds that run by themselves, with their intervals."""
    return dict(_schedules)
