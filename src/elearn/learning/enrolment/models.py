"""Tables of enrolments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course


class EnrolmentBatch(Base):
    """Many people enrolled in a course by an admin at once, as it was asked for and as it came out."""

    __tablename__ = "enrolment_batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), doc="all in its subtree; else by NIP")
    nips: Mapped[list[Any]] = mapped_column(doc="18 digits each")
    due_on: Mapped[date | None]
    moves_due: Mapped[bool] = mapped_column(doc="also for those enrolled already")
    enrolled: Mapped[int] = mapped_column(default=0)
    due_moved: Mapped[int] = mapped_column(default=0)
    job_public_id: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    withdrawn: Mapped[int] = mapped_column(default=0, doc="by undoing")
    course: Mapped[Course] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class Enrolment(Base):
    """One learner's place in one course."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        Index("ix_enrolments_course_completed", "course_id", "completed_at"),
        # Reports sum over these columns alone, so they need not visit the rows.
        Index("ix_enrolments_reported", "completed_at", "completed_unit_id", "course_id", "completed_jp", "person_id"),
        Index(
            "ix_enrolments_reported_unit", "completed_unit_id", "completed_at", "course_id", "completed_jp", "person_id"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    source: Mapped[str] = mapped_column(String(10), default="self", doc="self, admin, class or rule")
    enrolled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment_batches.id"), index=True)
    started_at: Mapped[datetime]
    due_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    last_activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    last_seen_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None] = mapped_column(doc="by mail, that it waits to be finished")
    awaits_decision: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="it is completed by the organiser's word, not by its activities"
    )
    completed_at: Mapped[datetime | None]
    score: Mapped[float | None] = mapped_column(doc="percent: the post-test's, else the mean of graded quizzes")
    completed_jp: Mapped[int | None] = mapped_column(
        doc="JP that it gave on completion, or by attendance corrected since"
    )
    completed_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), doc="where the person worked on completion"
    )
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    course: Mapped[Course] = relationship(lazy="raise")

    @property
    def active(self) -> bool:
        return self.withdrawn_at is None

    @property
    def completed(self) -> bool:
        return self.completed_at is not None
