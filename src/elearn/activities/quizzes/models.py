"""Tables of quizzes and attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base, BigId
from elearn.teaching.courses.models import Activity
from elearn.teaching.questions.models import QuestionVersion

ASSESSMENTS = ("pretest", "quiz", "posttest")
RELEASES = ("after_submit", "after_pass", "after_close", "never")


class Quiz(Base):
    """The rules of a quiz and where its questions come from."""

    __tablename__ = "quizzes"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    assessment: Mapped[str] = mapped_column(String(10), default="quiz")
    time_limit: Mapped[int] = mapped_column(default=0, doc="minutes; 0 = none")
    attempts_allowed: Mapped[int] = mapped_column(default=0, doc="0 = as often as one likes")
    pass_mark: Mapped[int | None] = mapped_column(doc="percent; none for a pre-test")
    release: Mapped[str] = mapped_column(String(12), default="after_submit")
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    grace_seconds: Mapped[int] = mapped_column(
        default=600, doc="late answers that were waiting for a signal still count"
    )
    draws: Mapped[list[Any]] = mapped_column(doc='[{"bank": id, "topic": "", "count": 5}] or {"bank": id, "all": true}')
    activity: Mapped[Activity] = relationship(lazy="raise")


class QuizAllowance(Base):
    """More time or more attempts for one person."""

    __tablename__ = "quiz_allowances"
    activity_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")


class Attempt(Base):
    """One try. The rules are copied at the start, so that a change to the quiz never disturbs it."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "number"),
        Index("ix_attempts_open_deadline", "submitted_at", "deadline_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(32), doc="secret of the attempt's option ids")
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    grace_seconds: Mapped[int]
    pass_mark: Mapped[int | None]
    release: Mapped[str] = mapped_column(String(12))
    shuffle_options: Mapped[bool]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(10), doc="learner or clock")
    graded_at: Mapped[datetime | None]
    score: Mapped[float | None] = mapped_column(doc="percent")
    passed: Mapped[bool | None]

    @property
    def open(self) -> bool:
        return self.submitted_at is None


class AttemptQuestion(Base):
    """One question of an attempt with the learner's answer."""

    __tablename__ = "attempt_questions"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(doc="from 1")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    answer: Mapped[dict[str, Any] | None]
    revision: Mapped[int] = mapped_column(default=0, doc="grows with each save; a stale tab is told by it")
    answered_at: Mapped[datetime | None]
    late_seconds: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    points: Mapped[float | None] = mapped_column(doc="0 to 1, set by grading")
    version: Mapped[QuestionVersion] = relationship(lazy="raise")
