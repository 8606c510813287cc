"""Tables of renewals."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base

_OPEN = "renewed_at IS NULL"


class Renewal(Base):
    """A completed course that somebody completes anew, or did. Never deleted; the completion itself never changes."""

    __tablename__ = "renewals"
    __table_args__ = (
        # What somebody owes by two programmes is done once for both.
        Index("uq_renewals_open", "enrolment_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(doc="steps and attempts count from here on")
    renewed_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(String(8), default="", doc="test or steps; blank while it is open")
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), doc="the test that was passed again")
    score: Mapped[float | None] = mapped_column(doc="percent of that test")


class RenewalStep(Base):
    """How far an open renewal is in one activity. Values only grow."""

    __tablename__ = "renewal_steps"
    renewal_id: Mapped[int] = mapped_column(ForeignKey("renewals.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    active_seconds: Mapped[int] = mapped_column(default=0)
    seen_to_end_at: Mapped[datetime | None]
    exercise_saved_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
