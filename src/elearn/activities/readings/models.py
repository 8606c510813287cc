"""Tables of readings."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class Reading(Base):
    """The text of a lesson."""

    __tablename__ = "readings"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(Text, default="", doc="Markdown as docs/content-format.md describes it")
    saved_at: Mapped[datetime]


class PracticeAnswer(Base):
    """What a learner answered to a practice question last."""

    __tablename__ = "practice_answers"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id", "item_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    item_key: Mapped[str] = mapped_column(String(40))
    answer: Mapped[dict[str, Any]]
    score: Mapped[float]
    answered_at: Mapped[datetime]


class ExerciseText(Base):
    """What a learner wrote for an exercise; kept, never graded here."""

    __tablename__ = "exercise_texts"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id", "item_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    item_key: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    checks: Mapped[list[Any]] = mapped_column(doc="numbers of the check-list points that the learner ticked")
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
