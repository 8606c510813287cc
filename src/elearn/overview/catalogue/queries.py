"""Questions of the catalogue."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from elearn.foundation.database import rows_of
from elearn.foundation.web.paging import Stretch, stretch_of
from elearn.learning.cohorts.queries import Offer, offers
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import course_named
from elearn.learning.enrolment.rules import EnrolmentClosed, check_open, deadline
from elearn.learning.player.queries import Step, resume, shares, steps_of
from elearn.learning.programmes.queries import owes
from elearn.learning.renewals.queries import Anew, anew, open_renewal
from elearn.overview.catalogue.forms import CourseListWish
from elearn.overview.search.queries import Hit, answering_courses, search
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.teaching.courses.models import COMPETENCIES, Course, Module
from elearn.teaching.courses.queries import instructors_of
from elearn.teaching.delivery.queries import rule_of
from elearn.teaching.delivery.rules import jp_a_day


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
class Found:
    """What the catalogue shows: courses, how many there are of each competency, and lessons that answer the words."""

    entries: Sequence[Entry]
    kinds: Counter[str]
    lessons: Sequence[Hit]


@dataclass(frozen=True)
class Chapter:
    """A module in a course's outline."""

    id: int
    title: str
    steps: Sequence[Step]

    @property
    def lines(self) -> list[tuple[str, int, int, str, str]]:
        """Title, minutes, size in bytes, path and status of each step: a template unpacks faster than it looks up."""
        return [(a.title, a.minutes, a.size, path, status) for a, _progress, path, status in self.steps]

    @cached_property
    def minutes(self) -> int:
        return sum(step.activity.minutes for step in self.steps)

    @property
    def numbered(self) -> bool:
        """A module of quizzes alone is a milestone: it has no number, so that "Modul 1" is the first to learn from."""
        return any(step.activity.kind != "quiz" for step in self.steps)

    @cached_property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.steps)


@dataclass(frozen=True)
class Sight:
    """A course's own page as one learner sees it.

    `offers` are its classes; `enrolment` is an active one; `closed` says why nobody may enrol; `a_day` is how many JP a
    day counts at most; `again` is what a completed course asks for that has to be completed anew.
    """

    course: Course
    enrolment: Enrolment | None
    chapters: list[Chapter]
    instructors: Sequence[Person]
    closed: str
    a_day: int | None
    offers: Sequence[Offer]
    again: Anew | None

    @property
    def days_at_least(self) -> int:
        """Days of learning after which all of the course can count."""
        return -(-self.course.jp // self.a_day) if self.a_day else 1

    @cached_property
    def steps(self) -> list[Step]:
        return [step for chapter in self.chapters for step in chapter.steps]

    @cached_property
    def resume(self) -> Step | None:
        return resume(self.steps, self.enrolment.last_activity_id if self.enrolment else None)

    @property
    def resume_module(self) -> str:
        here = self.resume
        return next((c.title for c in self.chapters if here and c.id == here.activity.module_id), "")

    @cached_property
    def required(self) -> list[Step]:
        return [step for step in self.steps if step.activity.required]

    @property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.required)

    @property
    def minutes_left(self) -> int:
        return sum(step.activity.minutes for step in self.required if step.status != "done")

    @property
    def exams(self) -> int:
        """How many quizzes have to be passed."""
        return sum(step.activity.completion == "passed" for step in self.required)

    @property
    def parts(self) -> list[tuple[int, float]]:
        return shares(self.steps)

    @property
    def deadline(self) -> date | None:
        return deadline(self.enrolment.due_on if self.enrolment else None, self.course.closes_on)


def look_up(session: Session, actor: Actor, words: str, competency: str) -> Found:
    """Courses of a competency, or of all where it names none, that fit the words; counts are those without it."""
    every = entries(session, actor, words)
    kinds = Counter(entry.course.competency for entry in every)
    shown = [entry for entry in every if competency not in COMPETENCIES or entry.course.competency == competency]
    return Found(shown, kinds, [hit for hit in search(session, actor, words) if hit.activity is not None])


def entries(session: Session, actor: Actor, words: str = "") -> Sequence[Entry]:
    """Published courses that fit the words, by title.

    Words are also looked for in lessons, the best answer first.
    """
    rows = session.execute(
        select(Course, Enrolment)
        .outerjoin(Enrolment, (Enrolment.course_id == Course.id) & (Enrolment.person_id == actor.person_id))
        .where(Course.state == "published")
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


def sight(session: Session, actor: Actor, slug: str, today: date) -> Sight:
    """Everything that a course's own page shows."""
    course, mine = course_named(session, actor, slug)
    place = mine if mine and mine.active else None
    try:
        check_open(course, today)
        closed = ""
    except EnrolmentClosed as refusal:
        closed = refusal.message
    a_day = jp_a_day(rule_of(session, course.form, today), international=False)
    outline, teachers = chapters(session, course, place), instructors_of(session, course)
    again = _again(session, actor, place, course) if place and place.completed else None
    return Sight(course, place, outline, teachers, closed, a_day, offers(session, actor, course, today), again)


def _again(session: Session, actor: Actor, place: Enrolment, course: Course) -> Anew | None:
    """What it takes to complete the course anew, for who owes that: a renewal stays open when nobody asks any more."""
    if open_renewal(session, place.id) is None or not owes(session, actor, course):
        return None
    return anew(session, {(place.person_id, place.course_id)})[place.person_id, place.course_id]


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
