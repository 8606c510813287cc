"""Tables of sessions, attendance and calendar feeds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base, BigId
from elearn.foundation.i18n import N_
from elearn.learning.cohorts.models import Cohort, Participant

WAYS = {
    "qr": N_("QR"),
    "code": N_("kode"),
    "list": N_("daftar penyelenggara"),
    "sheet": N_("lembar tanda tangan"),
    "file": N_("berkas"),
}


class ClassSession(Base):
    """One meeting of a class."""

    __tablename__ = "class_sessions"
    __table_args__ = (Index("ix_class_sessions_cohort_id_starts_at", "cohort_id", "starts_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="", doc="blank: the class's")
    link: Mapped[str] = mapped_column(String(500), default="", doc="blank: the class's")
    # Codes are derived from this and the server's key, so a stolen database shows none.
    nonce: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1, doc="counts saves; programs see from it what is newer")
    created_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship(lazy="raise")

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class Attendance(Base):
    """That one participant was at one session; a correction says that he or she was not after all."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    present: Mapped[bool] = mapped_column(default=True)
    way: Mapped[str] = mapped_column(String(8), doc="qr, code, list, sheet or file")
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(300), default="", doc="of the last correction")
    participant: Mapped[Participant] = relationship(lazy="raise")


class CalendarFeed(Base):
    """The secret address of a person's calendar, derived from this nonce and the server's key."""

    __tablename__ = "calendar_feeds"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
