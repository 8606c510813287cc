"""Turns: on SQLite the short handlers of the one server process run one after the other.

Threads that fight for the interpreter pay for each hand-over: sixteen pages at once cost half as much again as the same
sixteen in a row, and gave their last answers later. What may take long takes no turn, or everybody would wait for it;
whoever waits for something else meanwhile rests. Exports and jobs give way to short handlers between their steps.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from elearn.foundation.settings import settings

P = ParamSpec("P")
R = TypeVar("R")

# A job gets on, slowly, even while handlers come without a pause.
LONGEST_WAY = 0.25

_turn = threading.Lock()
_mine = threading.local()
_none_left = threading.Condition()
_at_hand = 0


def quick(handler: Callable[P, R]) -> Callable[P, R]:
    """For a handler that only asks and writes a few rows: it takes turns with the others of its kind."""

    @wraps(handler)
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> R:
        # On PostgreSQL a handler mostly waits for the database, and others run meanwhile.
        if not settings().sqlite:
            return handler(*args, **kwargs)
        with _counted(), _turn:
            _mine.held = True
            try:
                return handler(*args, **kwargs)
            finally:
                _mine.held = False

    return in_turn


def give_way() -> None:
    """For what takes long, between two of its steps: let the short handlers that are at hand go first."""
    if settings().sqlite and _at_hand:
        with _none_left:
            _none_left.wait_for(lambda: not _at_hand, LONGEST_WAY)


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


@contextmanager
def _counted() -> Iterator[None]:
    """One handler more is at work or waits for its turn."""
    global _at_hand
    with _none_left:
        _at_hand += 1
    try:
        yield
    finally:
        with _none_left:
            _at_hand -= 1
            if not _at_hand:
                _none_left.notify_all()
