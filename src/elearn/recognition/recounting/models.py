"""Tables of recounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base, BigId
from elearn.foundation.i18n import N_
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.delivery.models import DeliveryForm

STATES = {
    "counting": N_("Sedang dihitung"),
    "ready": N_("Menunggu keputusan"),
    "writing": N_("Sedang ditulis"),
    "written": N_("Sudah ditulis"),
}


class Recount(Base):
    """One form's lines of one year, counted again by the rules in force."""

    __tablename__ = "recounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="counting", doc="counting, ready, writing or written")
    reached: Mapped[int] = mapped_column(default=0, doc="id of the last person who was counted")
    lines: Mapped[int] = mapped_column(default=0, doc="lines under an older rule than the one in force")
    by_hand: Mapped[int] = mapped_column(default=0, doc="of them those that somebody corrected; they stay")
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    job_public_id: Mapped[str] = mapped_column(String(16), default="", doc="the latest job on it")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    form: Mapped[DeliveryForm] = relationship(lazy="raise")


class RecountChange(Base):
    """A line that is worth something else under its newer rule."""

    __tablename__ = "recount_changes"
    __table_args__ = (
        UniqueConstraint("recount_id", "line_id"),
        Index("ix_recount_changes_people", "recount_id", "state", "person_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recount_id: Mapped[int] = mapped_column(ForeignKey("recounts.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("ledger_lines.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), doc="of the line")
    earned_before: Mapped[int]
    earned_after: Mapped[int]
    recognised_before: Mapped[int]
    recognised_after: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="planned", doc="planned, written or stale")
    line: Mapped[LedgerLine] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(lazy="raise")

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """JP earned and recognised, before and after."""
        return self.earned_before, self.earned_after, self.recognised_before, self.recognised_after
