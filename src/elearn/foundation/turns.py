"""Turns: on SQLite the short handlers of the one server process run one after the other.

Threads that fight for the interpreter pay for each hand-over: sixteen pages at once cost half as much again as the same
sixteen in a row, and gave their last answers later. What may take long takes no turn, or everybody would wait for it;
whoever waits for something else meanwhile rests.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from elearn.foundation.settings import settings

P = ParamSpec("P")
R = TypeVar("R")

_turn = threading.Lock()
_mine = threading.local()


def quick(handler: Callable[P, R]) -> Callable[P, R]:
    """For a handler that only asks and writes a few rows: it takes turns with the others of its kind."""

    @wraps(handler)
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> R:
        # On PostgreSQL a handler mostly waits for the database, and others run meanwhile.
        if not settings().sqlite:
            return handler(*args, **kwargs)
        with _turn:
            _mine.held = True
            try:
                return handler(*args, **kwargs)
            finally:
                _mine.held = False

    return in_turn


@contextmanager
def resting() -> Iterator[None]:
    """Leave the turn to others while this thread waits for something that they may hold."""
    if not getattr(_mine, "held", False):
        yield
        return
    _turn.release()
    try:
        yield
    finally:
        _turn.acquire()
