"""Questions about progress."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from elearn.foundation.database import rows_of
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.rules import Outlined, Standing
from elearn.teaching.courses.models import Activity, Module

_OUTLINE = (
    select(
        *(getattr(Activity, name) for name in Outlined._fields),
        ActivityProgress.place,
        ActivityProgress.score,
        ActivityProgress.completed_at.is_not(None).label("completed"),
    )
    .join(Module, Module.id == Activity.module_id)
    .outerjoin(
        ActivityProgress,
        (ActivityProgress.activity_id == Activity.id) & (ActivityProgress.enrolment_id == bindparam("enrolment_id")),
    )
    .where(Activity.course_id == bindparam("course_id"), Activity.retired_at.is_(None), Module.retired_at.is_(None))
    .order_by(Module.position, Activity.position)
)
_LINE = len(Outlined._fields)


def progress_of(session: Session, enrolment_id: int, activity_id: int) -> ActivityProgress | None:
    """How far this enrolment is in this activity; None when it was never opened."""
    wanted = select(ActivityProgress).filter_by(enrolment_id=enrolment_id, activity_id=activity_id)
    return session.scalar(wanted.execution_options(populate_existing=True))


def progress_in(session: Session, enrolment_id: int) -> dict[int, ActivityProgress]:
    """How far this enrolment is in each activity that was opened, by the activity's id."""
    rows = session.scalars(select(ActivityProgress).filter_by(enrolment_id=enrolment_id))
    return {progress.activity_id: progress for progress in rows}


def outline_progress(
    session: Session, course_id: int, enrolment_id: int | None
) -> Sequence[tuple[Outlined, Standing | None]]:
    """The activities that stand in a course's outline, in order, each with the enrolment's progress."""
    rows = rows_of(session, _OUTLINE, course_id=course_id, enrolment_id=enrolment_id)
    return [
        (Outlined._make(row[:_LINE]), Standing._make(row[_LINE:]) if row[_LINE] is not None else None) for row in rows
    ]


_LEFT = (
    select(Enrolment.id, func.sum(Activity.minutes).label("minutes"))
    .join(Activity, Activity.course_id == Enrolment.course_id)
    .join(Module, Module.id == Activity.module_id)
    .outerjoin(
        ActivityProgress,
        (ActivityProgress.activity_id == Activity.id) & (ActivityProgress.enrolment_id == Enrolment.id),
    )
    .where(
        Enrolment.id.in_(bindparam("enrolment_ids", expanding=True)),
        Activity.required,
        Activity.retired_at.is_(None),
        Module.retired_at.is_(None),
        ActivityProgress.completed_at.is_(None),
    )
    .group_by(Enrolment.id)
)


def minutes_left(session: Session, enrolment_ids: Collection[int]) -> dict[int, int]:
    """Per enrolment the minutes of its required activities that are not done yet; who has none left is left out."""
    rows = rows_of(session, _LEFT, enrolment_ids=list(enrolment_ids))
    return {row.id: int(row.minutes) for row in rows}
