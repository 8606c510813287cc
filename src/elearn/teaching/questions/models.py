"""Tables of question banks."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base


class QuestionBank(Base):
    """A named set of questions of a course."""

    __tablename__ = "question_banks"
    __table_args__ = (UniqueConstraint("course_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))


class Question(Base):
    """A question's identity; what it asks stands in its versions."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("bank_id", "key"),
        Index("ix_questions_bank_topic", "bank_id", "topic"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_banks.id"))
    key: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(120), default="", doc="path with `/`: wewenang/mandat")
    difficulty: Mapped[str] = mapped_column(String(10), default="sedang")
    position: Mapped[int] = mapped_column(default=0)
    current: Mapped[int] = mapped_column(default=1, doc="number of the current version")
    retired_at: Mapped[datetime | None]
    bank: Mapped[QuestionBank] = relationship(lazy="raise")


class QuestionVersion(Base):
    """One wording of a question, never changed afterwards."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12), doc="single, multiple, true_false, short, number or matching")
    stem: Mapped[str] = mapped_column(Text, doc="Markdown")
    body: Mapped[dict[str, Any]] = mapped_column(doc="options, key and explanations; never leaves before release")
    basis: Mapped[str] = mapped_column(String(300), default="")
    weight: Mapped[float] = mapped_column(default=1.0)
    created_at: Mapped[datetime]
    question: Mapped[Question] = relationship(lazy="raise")
