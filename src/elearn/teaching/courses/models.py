"""Tables of what is taught."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.database import Base
from elearn.foundation.i18n import N_
from elearn.foundation.settings import settings
from elearn.people.accounts.models import Person

COMPETENCIES = {
    "teknis": N_("Teknis"),
    "manajerial": N_("Manajerial"),
    "sosial-kultural": N_("Sosial kultural"),
    "pemerintahan": N_("Pemerintahan"),
}
STATES = ("draft", "published", "archived")


class Course(Base):
    """A training programme that ASN take by themselves."""

    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(1000), default="")
    outcomes: Mapped[list[Any]] = mapped_column(doc="what a learner can do afterwards, one text each")
    audience: Mapped[str] = mapped_column(String(200), default="")
    organiser: Mapped[str] = mapped_column(String(200), default="")
    competency: Mapped[str] = mapped_column(String(20), default="teknis")
    form: Mapped[str] = mapped_column(String(8), default="NKL03", doc="code of the delivery form")
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    minutes: Mapped[int] = mapped_column(default=0, doc="sum over the activities that stand in the outline")
    closes_on: Mapped[date | None] = mapped_column(doc="last day (WIB) on which one may finish")
    classes_only: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="taken in a class only, such as a seminar; may have no activities"
    )
    from_files: Mapped[bool] = mapped_column(default=False, doc="kept in content/, changed by sync only")
    source_hash: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(default=1, doc="counts saves; guards against two editors")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    @property
    def jp(self) -> int:
        """Whole learning hours (JP) by the rule in force today."""
        return self.minutes // settings().jp_rule(wib_date(utc_now())).minutes_per_jp

    @property
    def published(self) -> bool:
        return self.state == "published"


class CourseInstructor(Base):
    """Who may change a course and sees its learners."""

    __tablename__ = "course_instructors"
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise")


class Module(Base):
    """A chapter of a course."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class Activity(Base):
    """One thing to do in a course. What it holds stands in the table of its kind."""

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("course_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20), doc="reading, document, recording or quiz")
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column(default=5)
    position: Mapped[int]
    required: Mapped[bool] = mapped_column(default=True)
    completion: Mapped[str] = mapped_column(String(12), default="read", doc="read, exercise, handed_in or passed")
    least_seconds: Mapped[int] = mapped_column(default=0, doc="open and active for at least this long")
    size: Mapped[int] = mapped_column(default=0, doc="bytes that opening it costs, for the learner to see")
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None]
    course: Mapped[Course] = relationship(lazy="raise")
    module: Mapped[Module] = relationship(lazy="raise")
