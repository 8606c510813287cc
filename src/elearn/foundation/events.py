"""News travels up: `announce` in an action, `when` in `wiring.py`, nothing else."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Reaction = Callable[[Session, Any], None]

_reactions: dict[type, list[Reaction]] = defaultdict(list)


def when(event: type, *reactions: Reaction) -> None:
    """Let reactions run, in this order and in the announcer's transaction, each time the event is announced."""
    for reaction in reactions:
        if reaction not in _reactions[event]:
            _reactions[event].append(reaction)


def announce(session: Session, event: object) -> None:
    """Tell whoever listens. A reaction that raises undoes the announcer's work too."""
    for reaction in _reactions[type(event)]:
        reaction(session, event)
