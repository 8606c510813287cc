"""What programmes ask of packages above them. `wiring.py` says who answers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false

from elearn.people.accounts.models import Person

Holders = Callable[[int], Select[int]]
Passed = Callable[[Sequence[int]], Select[int, int, datetime | None]]
_holders: list[Holders] = []
_passed: list[Passed] = []


def use_certificates(source: Holders) -> None:
    """Ask this source who holds a certificate of a course: it gives a question for the ids of people."""
    _holders[:] = [source]


def use_tests(source: Passed) -> None:
    """Ask this source who passed the last test of these courses, and when last: rows of person, course and time."""
    _passed[:] = [source]


def holds(course_id: int) -> ColumnElement[bool]:
    """The condition on Person to hold a certificate of a course that counts."""
    return Person.id.in_(_holders[0](course_id)) if _holders else false()


def last_passed(course_ids: Sequence[int]) -> Select[int, int, datetime | None] | None:
    """Who passed the last test of these courses, and when: columns person_id, course_id, at."""
    return _passed[0](course_ids) if _passed else None
