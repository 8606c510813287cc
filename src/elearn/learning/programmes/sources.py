"""What programmes ask of packages above them. `wiring.py` says who answers."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, false

from elearn.people.accounts.models import Person

Holders = Callable[[int], Select[int]]
_holders: list[Holders] = []


def use_certificates(source: Holders) -> None:
    """Ask this source who holds a certificate of a course: it gives a question for the ids of people."""
    _holders[:] = [source]


def holds(course_id: int) -> ColumnElement[bool]:
    """The condition on Person to hold a certificate of a course that counts."""
    return Person.id.in_(_holders[0](course_id)) if _holders else false()
