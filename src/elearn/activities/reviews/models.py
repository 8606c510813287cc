"""Tables of reviews."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.activities.quizzes.models import Attempt
from elearn.foundation.database import Base, BigId
from elearn.teaching.questions.models import QuestionVersion


class Review(Base):
    """One wording of a question that one person is to remember, and when it comes back."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("person_id", "version_id"),
        Index("ix_reviews_person_due", "person_id", "due_on"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True, doc="whose key was told")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    seed: Mapped[str] = mapped_column(String(32), doc="secret of its option ids")
    asked: Mapped[int] = mapped_column(default=0, doc="how often it was answered")
    gap: Mapped[int] = mapped_column(default=0, doc="index of the gap before the next time")
    due_on: Mapped[date | None] = mapped_column(doc="WIB day from which it is asked; none when it is done")
    attempt: Mapped[Attempt] = relationship(lazy="raise")
    version: Mapped[QuestionVersion] = relationship(lazy="raise")


class ReviewAnswer(Base):
    """What was answered to a review once; never changed."""

    __tablename__ = "review_answers"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        UniqueConstraint("person_id", "answered_on", "place"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    number: Mapped[int] = mapped_column(doc="which time this review was asked, from 1")
    place: Mapped[int] = mapped_column(doc="which of the day's answers it is, from 1")
    answer: Mapped[dict[str, Any] | None] = mapped_column(doc="none: not remembered")
    right: Mapped[bool]
    answered_at: Mapped[datetime]
    answered_on: Mapped[date] = mapped_column(doc="the WIB day")
    due_on: Mapped[date | None] = mapped_column(doc="when it comes back after this answer; none when it is done")
    review: Mapped[Review] = relationship(lazy="raise")
