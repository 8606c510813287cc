"""Questions of the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import my_enrolments, yearly_jp
from elearn.learning.enrolment.rules import YearlyJp, deadline
from elearn.people.access.actor import Actor


@dataclass(frozen=True)
class Deadline:
    """A day that binds the learner."""

    enrolment: Enrolment
    day: date
    days_left: int


@dataclass(frozen=True)
class Home:
    """What the home page shows."""

    going: Sequence[Enrolment]
    deadlines: Sequence[Deadline]
    jp: YearlyJp


def home(session: Session, actor: Actor, now: datetime) -> Home:
    """Two statements: the actor's courses, and the JP of those completed in this calendar year (WIB)."""
    today = wib_date(now)
    going = [mine for mine in my_enrolments(session, actor) if not mine.completed]
    days = [(mine, deadline(mine.due_on, mine.course.closes_on)) for mine in going]
    binding = [Deadline(mine, day, (day - today).days) for mine, day in days if day is not None]
    return Home(going, sorted(binding, key=lambda each: each.day), yearly_jp(session, actor, today.year))
