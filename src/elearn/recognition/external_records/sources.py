"""What external records ask of packages beside and above them. `wiring.py` says who answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Counted:
    """Something of a person that counts already, with its first and last day.

    `own_pace`: lessons, of which one may well be done on the day of a seminar; else a class or a placement.
    """

    title: str
    started_on: date
    ended_on: date
    form_code: str = ""
    own_pace: bool = False


AlreadyCounted = Callable[[Session, int, date, date], Sequence[Counted]]
_counted: list[AlreadyCounted] = []


def use_account(source: AlreadyCounted) -> None:
    """Ask this source what counts of a person on any of the days from a first to a last one, records apart."""
    _counted[:] = [source]


def counted_on(session: Session, person_id: int, started_on: date, ended_on: date) -> Sequence[Counted]:
    """What counts of a person on any of these days already and is no record."""
    return _counted[0](session, person_id, started_on, ended_on) if _counted else ()
