"""Tables of programmes, their rules, and what people owe by them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course

OPEN, DONE, MOVED, MISSED = "open", "done", "moved", "missed"
DRAFT, ACTIVE, CLOSED = "draft", "active", "closed"
ONCE, MONTHS, YEAR = "once", "months", "year"


class Programme(Base):
    """A path of courses."""

    __tablename__ = "programmes"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(1000), default="", doc="why, and by which letter")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, doc="the owner; none: the regency")
    mandatory: Mapped[bool] = mapped_column(doc="else offered: no due day, no reminder, nobody is enrolled")
    way: Mapped[str] = mapped_column(String(8), doc="all, ordered or some")
    needed: Mapped[int | None] = mapped_column(doc="how many of the courses, where way is some")
    validity: Mapped[str] = mapped_column(
        String(8), default=ONCE, server_default=ONCE, doc="once, so many months each time, or each calendar year (WIB)"
    )
    validity_months: Mapped[int | None] = mapped_column(doc="where validity is months; then a new term begins")
    remind_before: Mapped[list[Any]] = mapped_column(doc="days before the due day")
    remind_after: Mapped[list[Any]] = mapped_column(doc="days after the due day")
    state: Mapped[str] = mapped_column(String(8), default=DRAFT, doc="draft, active or closed")
    ran_on: Mapped[date | None] = mapped_column(doc="the last day (WIB) on which everybody was held against the rules")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    unit: Mapped[Unit | None] = relationship(lazy="raise")
    steps: Mapped[list["ProgrammeCourse"]] = relationship(lazy="raise", order_by="ProgrammeCourse.position")
    rules: Mapped[list["ProgrammeRule"]] = relationship(
        lazy="raise",
        order_by="ProgrammeRule.id",
        primaryjoin="and_(ProgrammeRule.programme_id == Programme.id, ProgrammeRule.removed_at.is_(None))",
        viewonly=True,
    )

    @property
    def renews(self) -> bool:
        """Whether what was completed lapses."""
        return self.validity != ONCE

    @property
    def least(self) -> int:
        """How many of its courses have to be completed."""
        return min(self.needed or 1, len(self.steps)) if self.way == "some" else len(self.steps)


class ProgrammeCourse(Base):
    """A course of a programme, and where it stands."""

    __tablename__ = "programme_courses"
    __table_args__ = (UniqueConstraint("programme_id", "course_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    position: Mapped[int]
    course: Mapped[Course] = relationship(lazy="raise")


class ProgrammeRule(Base):
    """Whom a programme means: every condition that is given has to hold. One that was removed stays for the records."""

    __tablename__ = "programme_rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), doc="works in its subtree")
    position_kinds: Mapped[list[Any]] = mapped_column(doc="any of these; empty: whatever")
    asn_kinds: Mapped[list[Any]] = mapped_column(doc="any of these; empty: whatever")
    ranks: Mapped[list[Any]] = mapped_column(doc="golongan such as III or III/c, any of these; empty: whatever")
    joined_since: Mapped[date | None] = mapped_column(doc="appointed in this month or later, as the NIP tells")
    certificate_course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    holds_certificate: Mapped[bool | None] = mapped_column(doc="of that course: has one, or has none")
    due_on: Mapped[date | None] = mapped_column(doc="a day for everybody, WIB")
    due_days: Mapped[int | None] = mapped_column(doc="or so many days after entering")
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    unit: Mapped[Unit | None] = relationship(lazy="raise")
    certificate_course: Mapped[Course | None] = relationship(lazy="raise")


class Duty(Base):
    """What one person owes by a programme in one term. Never deleted; a later term is a new row."""

    __tablename__ = "programme_duties"
    __table_args__ = (
        UniqueConstraint("programme_id", "person_id", "term"),
        Index("ix_programme_duties_person_state", "person_id", "state"),
        Index("ix_programme_duties_state_due", "state", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    term: Mapped[int] = mapped_column(doc="from 1")
    rule_id: Mapped[int] = mapped_column(ForeignKey("programme_rules.id"), doc="by which the person came in")
    entered_on: Mapped[date]
    counts_from: Mapped[datetime | None] = mapped_column(doc="what was completed before counts no more; none: whenever")
    ends_on: Mapped[date | None] = mapped_column(doc="31 December of a term that is a year: then it is done or missed")
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default=OPEN, doc="open, done, moved or missed")
    completed_at: Mapped[datetime | None]
    valid_until: Mapped[date | None] = mapped_column(doc="the last day on which what was completed counts")
    closed_at: Mapped[datetime | None] = mapped_column(doc="when no rule meant the person any more, or it was missed")
    programme: Mapped[Programme] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Nudge(Base):
    """Somebody changed, or everybody may have: the next run looks again, then removes it."""

    __tablename__ = "programme_nudges"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), doc="none: everybody")


class DutyReminder(Base):
    """A moment of a duty that has been told, so that it is told once."""

    __tablename__ = "duty_reminders"
    __table_args__ = (UniqueConstraint("duty_id", "moment"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("programme_duties.id"))
    moment: Mapped[int] = mapped_column(doc="days from the due day; before it is negative")
    told_on: Mapped[date]


class DutyMail(Base):
    """The one mail a person gets in a day about what is owed."""

    __tablename__ = "duty_mails"
    __table_args__ = (UniqueConstraint("person_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
