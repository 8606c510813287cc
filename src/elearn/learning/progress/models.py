"""The table of progress."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base, BigId


class ActivityProgress(Base):
    """How far one learner is in one activity. Values only grow."""

    __tablename__ = "activity_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    active_seconds: Mapped[int] = mapped_column(default=0)
    seen_to_end_at: Mapped[datetime | None]
    exercise_saved_at: Mapped[datetime | None]
    place: Mapped[float] = mapped_column(
        default=0.0, doc="where to resume: share of the page, or seconds of a recording"
    )
    score: Mapped[float | None] = mapped_column(doc="best percent of a graded activity")
    completed_at: Mapped[datetime | None]

    @property
    def completed(self) -> bool:
        return self.completed_at is not None
