"""The desk: everything that every activity page shows around its own content."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import place_in
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.queries import outline_progress, progress_in
from elearn.learning.progress.rules import Outlined, Standing, rule_in_words
from elearn.people.access.actor import Actor
from elearn.teaching.courses.kinds import kind_named
from elearn.teaching.courses.models import Activity, Course, Module


class Step(NamedTuple):
    """One line of the outline, with how far the learner is: `done`, `going` or `new`. Templates have the words."""

    activity: Outlined
    progress: Standing | None
    path: str
    status: str


def steps_of(session: Session, course_id: int, enrolment_id: int | None) -> list[Step]:
    """A course's outline in order; without an enrolment everything is new."""
    return [_step(*pair) for pair in outline_progress(session, course_id, enrolment_id)]


def _step(activity: Outlined, progress: Standing | None) -> Step:
    status = "new" if progress is None else "done" if progress.completed else "going"
    return Step(activity, progress, kind_named(activity.kind).play_path(activity.public_id), status)


def resume(steps: Sequence[Step], last_activity_id: int | None) -> Step | None:
    """Where to go on: the activity seen last unless it is done, else the first that is not done."""
    last = next((step for step in steps if step.activity.id == last_activity_id and step.status != "done"), None)
    return last or next((step for step in steps if step.status != "done"), steps[0] if steps else None)


def shares(steps: Sequence[Step]) -> list[tuple[int, float]]:
    """Per module in order: its required minutes, and which share of them is done (0 to 1). For a bar in segments."""
    needed: dict[int, int] = {}
    done: dict[int, int] = {}
    for step in steps:
        if step.activity.required:
            key, minutes = step.activity.module_id, step.activity.minutes
            needed[key] = needed.get(key, 0) + minutes
            done[key] = done.get(key, 0) + (minutes if step.status == "done" else 0)
    return [(minutes, done[key] / minutes if minutes else 0.0) for key, minutes in needed.items()]


@dataclass(frozen=True)
class Desk:
    """An activity in its course as one learner sees it. `steps` are all activities in order."""

    activity: Activity
    course: Course
    module: Module
    enrolment: Enrolment
    steps: Sequence[Step]

    @cached_property
    def index(self) -> int:
        return next(n for n, step in enumerate(self.steps) if step.activity.id == self.activity.id)

    @cached_property
    def here(self) -> Step:
        return self.steps[self.index]

    @cached_property
    def previous(self) -> Step | None:
        return self.steps[self.index - 1] if self.index > 0 else None

    @cached_property
    def next(self) -> Step | None:
        return self.steps[self.index + 1] if self.index + 1 < len(self.steps) else None

    @cached_property
    def module_steps(self) -> list[Step]:
        """The outline of the present module."""
        return [step for step in self.steps if step.activity.module_id == self.module.id]

    @property
    def place(self) -> int:
        """The activity's number within its module."""
        return next((n for n, step in enumerate(self.module_steps, 1) if step.activity.id == self.activity.id), 1)

    @property
    def rule(self) -> str:
        return rule_in_words(self.activity)

    @cached_property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.steps if step.activity.required)

    @cached_property
    def required(self) -> int:
        return sum(step.activity.required for step in self.steps)


class CourseStanding(NamedTuple):
    """How far one learner is in a whole course: its outline in order, each line with the progress."""

    enrolment: Enrolment
    lines: Sequence[tuple[Outlined, ActivityProgress | None]]


def standing_in(session: Session, actor: Actor, slug: str) -> CourseStanding:
    """How far the actor is in a course; NotFound without a place in it."""
    place = place_in(session, actor, slug)
    known = progress_in(session, place.id)
    outline = outline_progress(session, place.course_id, None)
    return CourseStanding(place, [(activity, known.get(activity.id)) for activity, _nobodys in outline])


_DESK = (
    select(Activity, Module, Enrolment)
    .join(Module, Module.id == Activity.module_id)
    .join(Enrolment, Enrolment.course_id == Activity.course_id)
    .options(joinedload(Activity.course))
    .where(
        Activity.public_id == bindparam("public_id"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
)


def desk(session: Session, actor: Actor, public_id: str, kind: str = "", *, retired: bool = False) -> Desk:
    """The actor's desk at an activity of a course that he or she is enrolled in. Two statements.

    NotFound for everybody else, for an activity of another kind than asked for, and for a retired activity unless
    `retired` asks for what was done there.
    """
    row = session.execute(_DESK, {"public_id": public_id, "person_id": actor.person_id}).one_or_none()
    if row is None or (kind and row.Activity.kind != kind) or row.Activity.course.state == "draft":
        raise NotFound
    steps = steps_of(session, row.Activity.course_id, row.Enrolment.id)
    if row.Activity.retired_at is not None:
        if not retired:
            raise NotFound
        steps.append(_step(Outlined(*(getattr(row.Activity, name) for name in Outlined._fields)), None))
    return Desk(row.Activity, row.Activity.course, row.Module, row.Enrolment, steps)
