"""Tables of classes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.foundation.i18n import N_
from elearn.learning.enrolment.models import Enrolment
from elearn.people.accounts.models import Person
from elearn.teaching.courses.models import Course
from elearn.teaching.delivery.models import DeliveryForm

STATES = {
    "draft": N_("Konsep"),
    "open": N_("Dibuka"),
    "finished": N_("Selesai"),
    "cancelled": N_("Dibatalkan"),
}
STATUSES = {
    "nominated": N_("Diusulkan"),
    "waiting": N_("Daftar tunggu"),
    "joined": N_("Peserta"),
    "refused": N_("Ditolak"),
    "withdrawn": N_("Keluar"),
}
RESULTS = {
    "": N_("Belum diputuskan"),
    "passed": N_("Lulus"),
    "failed": N_("Tidak lulus"),
    "deferred": N_("Ditunda"),
}


class Cohort(Base):
    """One dated run of a course."""

    __tablename__ = "cohorts"
    __table_args__ = (Index("ix_cohorts_dates", "state", "starts_on", "ends_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    international: Mapped[bool] = mapped_column(default=False, doc="abroad or with foreign participants")
    organiser: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="", doc="of the online meeting")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    closes_on: Mapped[date | None] = mapped_column(doc="last day (WIB) on which one may still join")
    quota: Mapped[int | None] = mapped_column(doc="seats; none without a limit")
    audience: Mapped[str] = mapped_column(String(300), default="")
    speakers: Mapped[str] = mapped_column(String(2000), default="", doc="one a line")
    due_on: Mapped[date | None] = mapped_column(doc="last day (WIB) to finish the course's activities")
    least_attendance: Mapped[int] = mapped_column(default=0, doc="percent of the sessions")
    self_enrol: Mapped[bool] = mapped_column(default=True, doc="anybody may join; else by nomination only")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    sessions: Mapped[int] = mapped_column(default=0, doc="how many sessions it has, as attendance tells")
    places_given: Mapped[int] = mapped_column(default=0, doc="the last place on the waiting list; never goes back")
    revision: Mapped[int] = mapped_column(default=1, doc="counts saves; guards against two editors")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    course: Mapped[Course] = relationship(lazy="raise")
    form: Mapped[DeliveryForm] = relationship(lazy="raise")

    @property
    def settled(self) -> bool:
        """Nobody joins or leaves any more."""
        return self.state in ("finished", "cancelled")


class Ruling(Base):
    """The organiser's decision for many people of a class at once, as it was asked for and as it came out."""

    __tablename__ = "cohort_rulings"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    result: Mapped[str] = mapped_column(String(8), doc="passed, failed or deferred")
    reason: Mapped[str] = mapped_column(String(300), default="")
    participants: Mapped[list[Any]] = mapped_column(doc="ids")
    decided: Mapped[int] = mapped_column(default=0)
    job_public_id: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]


class Participant(Base):
    """One person in one class."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        Index("ix_participants_places", "cohort_id", "status", "place"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True, doc="once joined")
    status: Mapped[str] = mapped_column(String(10), doc="nominated, waiting, joined, refused or withdrawn")
    place: Mapped[int | None] = mapped_column(doc="on the waiting list; the smallest moves up first")
    nominated_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    nominated_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), doc="or refused by")
    approved_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(String(300), default="")
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(8), default="", doc="passed, failed or deferred; blank before a ruling")
    result_reason: Mapped[str] = mapped_column(String(300), default="")
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("cohort_rulings.id"))
    ruled_at: Mapped[datetime | None]
    attended: Mapped[int] = mapped_column(default=0, doc="sessions attended, as attendance tells")
    created_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    enrolment: Mapped[Enrolment | None] = relationship(lazy="raise")

    def attendance(self, sessions: int) -> int | None:
        """Percent of so many sessions that were attended; None for a class without any."""
        return 100 * self.attended // sessions if sessions else None


class ParticipantDay(Base):
    """What a participant attended on one local day (WIB), as attendance tells."""

    __tablename__ = "participant_days"
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int]
    sessions: Mapped[int]
