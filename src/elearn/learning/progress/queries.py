"""Questions about progress."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.teaching.courses.models import Activity, Module


def progress_of(session: Session, enrolment: Enrolment, activity: Activity) -> ActivityProgress | None:
    """How far this enrolment is in this activity; None when it was never opened."""
    return session.scalar(select(ActivityProgress).filter_by(enrolment_id=enrolment.id, activity_id=activity.id))


def outline_progress(
    session: Session, course_id: int, enrolment_id: int | None
) -> Sequence[tuple[Activity, ActivityProgress | None]]:
    """The activities that stand in a course's outline, in order, each with the enrolment's progress."""
    rows = session.execute(
        select(Activity, ActivityProgress)
        .join(Module, Module.id == Activity.module_id)
        .outerjoin(
            ActivityProgress,
            (ActivityProgress.activity_id == Activity.id) & (ActivityProgress.enrolment_id == enrolment_id),
        )
        .where(Activity.course_id == course_id, Activity.retired_at.is_(None), Module.retired_at.is_(None))
        .order_by(Module.position, Activity.position)
    )
    return [(activity, progress) for activity, progress in rows]
