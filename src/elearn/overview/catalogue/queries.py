"""Questions of the catalogue."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from elearn.foundation.database import rows_of
from elearn.foundation.web.paging import Stretch, stretch_of
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import Step, steps_of
from elearn.overview.catalogue.forms import CourseListWish
from elearn.overview.search.queries import answering_courses
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import COMPETENCIES, Course, Module


@dataclass(frozen=True)
class Entry:
    """A course in the catalogue, with the actor's own place in it."""

    course: Course
    enrolment: Enrolment | None

    @property
    def state(self) -> str:
        if self.enrolment is None or not self.enrolment.active:
            return ""
        return "done" if self.enrolment.completed else "in_progress"


@dataclass(frozen=True)
class Chapter:
    """A module in a course's outline."""

    id: int
    title: str
    steps: Sequence[Step]

    @cached_property
    def minutes(self) -> int:
        return sum(step.activity.minutes for step in self.steps)

    @cached_property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.steps)


def entries(session: Session, actor: Actor, words: str = "", competency: str = "") -> Sequence[Entry]:
    """Published courses that fit the words and the filter, by title.

    Words are also looked for in lessons, the best answer first.
    """
    rows = session.execute(
        select(Course, Enrolment)
        .outerjoin(Enrolment, (Enrolment.course_id == Course.id) & (Enrolment.person_id == actor.person_id))
        .where(Course.state == "published", *([Course.competency == competency] if competency in COMPETENCIES else []))
        .order_by(Course.title)
    )
    found = [Entry(course, mine) for course, mine in rows]
    if not words.strip():
        return found
    best = {course_id: place for place, course_id in enumerate(answering_courses(session, actor, words))}
    return sorted((each for each in found if each.course.id in best), key=lambda each: best[each.course.id])


def courses(session: Session, actor: Actor, wish: CourseListWish) -> Stretch[Course]:
    """Published courses that fit the words and the filter, for programs: in the order in which they were made."""
    wanted = select(Course).where(Course.state == "published")
    if wish.competency:
        wanted = wanted.where(Course.competency == wish.competency)
    if wish.q.strip():
        wanted = wanted.where(Course.id.in_(answering_courses(session, actor, wish.q)))
    return stretch_of(session, wanted, Course.id, wish)


_MODULES = (
    select(Module.id, Module.title)
    .where(Module.course_id == bindparam("course_id"), Module.retired_at.is_(None))
    .order_by(Module.position)
)


def chapters(session: Session, course: Course, enrolment: Enrolment | None) -> list[Chapter]:
    """The course's outline by module, with the enrolment's progress."""
    within: dict[int, list[Step]] = defaultdict(list)
    for step in steps_of(session, course.id, enrolment.id if enrolment else None):
        within[step.activity.module_id].append(step)
    modules = rows_of(session, _MODULES, course_id=course.id)
    return [Chapter(module.id, module.title, within[module.id]) for module in modules]
