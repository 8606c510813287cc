"""Questions of the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from elearn.activities.reviews.queries import GIVEN, WAITING, asked_today
from elearn.activities.reviews.rules import left_today
from elearn.foundation.clock import end_of, start_of, wib_date
from elearn.foundation.database import rows_of
from elearn.learning.attendance.queries import Planned, my_next_sessions
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import my_enrolments
from elearn.learning.enrolment.rules import deadline
from elearn.learning.player.queries import Step, resume, shares, steps_of
from elearn.learning.programmes.models import Duty
from elearn.learning.programmes.queries import owed_now
from elearn.learning.progress.queries import minutes_left
from elearn.people.access.actor import Actor
from elearn.recognition.external_records.queries import ASKED_BACK
from elearn.recognition.learning_hours.queries import MINUTES_LEARNED, yearly_jp
from elearn.recognition.learning_hours.rules import YearlyJp
from elearn.teaching.courses.models import Module

_TODAY = select(MINUTES_LEARNED.scalar_subquery().label("minutes"), ASKED_BACK.scalar_subquery().label("asked"))
_TODAY_AND_REVIEWS = _TODAY.add_columns(WAITING.label("waiting"), GIVEN.label("given"))


@dataclass(frozen=True)
class Deadline:
    """A day that binds the learner, and the minutes that are still needed until then."""

    enrolment: Enrolment
    day: date
    days_left: int
    minutes: int


@dataclass(frozen=True)
class Going:
    """The course that was learned in last. `next` is where to go on in it, `module` the title of its module."""

    enrolment: Enrolment
    steps: Sequence[Step]
    next: Step | None
    module: str

    @property
    def begun(self) -> bool:
        return self.enrolment.last_seen_at is not None

    @property
    def required(self) -> int:
        return sum(step.activity.required for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.steps if step.activity.required)

    @property
    def parts(self) -> list[tuple[int, float]]:
        return shares(self.steps)


@dataclass(frozen=True)
class Home:
    """What the home page shows.

    `meeting` is the next session of a class; `finished` is how many courses the learner has completed at any time;
    `asked` is how many certificates from elsewhere an officer asks about; `owed` are duties of mandatory programmes;
    `reviews` is how many questions of completed courses are asked again today.
    """

    first: Going | None
    others: Sequence[Enrolment]
    deadlines: Sequence[Deadline]
    jp: YearlyJp
    finished: int
    minutes_today: int
    asked: int
    meeting: Planned | None
    owed: Sequence[Duty]
    reviews: int

    @property
    def jp_today(self) -> int:
        """Whole JP of e-learning on this day, at most those that count."""
        return min(self.minutes_today // self.jp.rule.minutes_per_jp, self.jp.a_day or 0)

    @property
    def day_is_full(self) -> bool:
        """What is learned by oneself beyond now counts no more today."""
        return self.jp.a_day is not None and self.jp_today >= self.jp.a_day


def home(session: Session, actor: Actor, now: datetime) -> Home:
    """At most eight statements: the actor's courses, the JP of this calendar year (WIB) and the minutes of this day,
    outline and module of the one to go on with, the minutes that deadlines still ask for, and the next session."""
    today = wib_date(now)
    mine = my_enrolments(session, actor)
    going = [each for each in mine if not each.completed]
    first = _going(session, going[0]) if going else None
    jp = yearly_jp(session, actor, today.year, today)
    finished = len(mine) - len(going)
    asked = {"person_id": actor.me(), "first": start_of(today), "after": end_of(today)}
    # Only what is completed comes back; for everybody else the statement stays as small as it was.
    if finished:
        now_here = rows_of(session, _TODAY_AND_REVIEWS, **(asked | asked_today(actor, today)))[0]
    else:
        now_here = rows_of(session, _TODAY, **asked)[0]
    # Only who learns in a class has sessions, and the question costs a statement.
    held = any(each.awaits_decision for each in mine)
    meeting = next(iter(my_next_sessions(session, actor, now, 1)), None) if held else None
    return Home(
        first,
        going[1:],
        _deadlines(session, going, today),
        jp,
        finished=finished,
        minutes_today=int(now_here.minutes),
        asked=int(now_here.asked),
        meeting=meeting,
        owed=owed_now(session, actor),
        reviews=left_today(now_here.waiting, now_here.given) if finished else 0,
    )


_MODULE = select(Module.title).where(Module.id == bindparam("module_id"))


def _going(session: Session, enrolment: Enrolment) -> Going:
    steps = steps_of(session, enrolment.course_id, enrolment.id)
    here = resume(steps, enrolment.last_activity_id)
    module = rows_of(session, _MODULE, module_id=here.activity.module_id)[0].title if here else ""
    return Going(enrolment, steps, here, module)


def _deadlines(session: Session, going: Sequence[Enrolment], today: date) -> list[Deadline]:
    """Those of the courses that have one, the nearest first."""
    days = [(mine, deadline(mine.due_on, mine.course.closes_on)) for mine in going]
    binding = [(mine, day) for mine, day in days if day is not None]
    if not binding:
        return []
    left = minutes_left(session, [mine.id for mine, _day in binding])
    found = [Deadline(mine, day, (day - today).days, left.get(mine.id, 0)) for mine, day in binding]
    return sorted(found, key=lambda each: each.day)
