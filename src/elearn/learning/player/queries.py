"""The desk: everything that every activity page shows around its own content."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.queries import outline_progress
from elearn.learning.progress.rules import rule_in_words
from elearn.people.access.actor import Actor
from elearn.teaching.courses.kinds import ActivityKind, kind_of
from elearn.teaching.courses.models import Activity, Course, Module


@dataclass(frozen=True)
class Step:
    """One line of the outline, with how far the learner is."""

    activity: Activity
    progress: ActivityProgress | None

    @property
    def kind(self) -> ActivityKind:
        return kind_of(self.activity)

    @property
    def path(self) -> str:
        return self.kind.play_path(self.activity.public_id)

    @property
    def status(self) -> str:
        """`done`, `going` or `new`; the words stand in the templates."""
        if self.progress is None:
            return "new"
        return "done" if self.progress.completed else "going"


@dataclass(frozen=True)
class Desk:
    """An activity in its course as one learner sees it. `steps` are all activities in order."""

    activity: Activity
    course: Course
    module: Module
    enrolment: Enrolment
    steps: Sequence[Step]

    @property
    def index(self) -> int:
        return next(n for n, step in enumerate(self.steps) if step.activity.id == self.activity.id)

    @property
    def here(self) -> Step:
        return self.steps[self.index]

    @property
    def previous(self) -> Step | None:
        return self.steps[self.index - 1] if self.index > 0 else None

    @property
    def next(self) -> Step | None:
        return self.steps[self.index + 1] if self.index + 1 < len(self.steps) else None

    @property
    def module_steps(self) -> list[Step]:
        """The outline of the present module."""
        return [step for step in self.steps if step.activity.module_id == self.module.id]

    @property
    def rule(self) -> str:
        return rule_in_words(self.activity)

    @property
    def done(self) -> int:
        return sum(step.status == "done" for step in self.steps if step.activity.required)

    @property
    def required(self) -> int:
        return sum(step.activity.required for step in self.steps)


def desk(session: Session, actor: Actor, public_id: str, kind: str = "", *, retired: bool = False) -> Desk:
    """The actor's desk at an activity of a course that he or she is enrolled in. Three statements at most.

    NotFound for everybody else, for an activity of another kind than asked for, and for a retired activity unless
    `retired` asks for what was done there.
    """
    row = session.execute(
        select(Activity, Module, Enrolment)
        .join(Module, Module.id == Activity.module_id)
        .join(Enrolment, Enrolment.course_id == Activity.course_id)
        .options(joinedload(Activity.course))
        .where(
            Activity.public_id == public_id,
            true() if retired else Activity.retired_at.is_(None),
            Enrolment.person_id == actor.person_id,
            Enrolment.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if row is None or (kind and row.Activity.kind != kind) or row.Activity.course.state == "draft":
        raise NotFound
    steps = [Step(*pair) for pair in outline_progress(session, row.Activity.course_id, row.Enrolment.id)]
    if row.Activity.retired_at is not None:
        steps.append(Step(row.Activity, None))
    return Desk(row.Activity, row.Activity.course, row.Module, row.Enrolment, steps)
