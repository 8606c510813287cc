"""Tables of training taken elsewhere."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.people.accounts.models import Person
from elearn.teaching.delivery.models import DeliveryForm

DRAFT, WAITING, ASKED, APPROVED, REFUSED = "draft", "waiting", "asked", "approved", "refused"


class ExternalRecord(Base):
    """One training that its owner took elsewhere, as he or she filed it."""

    __tablename__ = "external_records"
    __table_args__ = (
        # The queue, oldest first.
        Index("ix_external_records_queue", "state", "filed_at"),
        Index("ix_external_records_owner", "person_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(10), default=DRAFT, doc="draft, waiting, asked, approved or refused")
    title: Mapped[str] = mapped_column(String(200), default="")
    organiser: Mapped[str] = mapped_column(String(200), default="")
    form_code: Mapped[str | None] = mapped_column(ForeignKey("delivery_forms.code"))
    competency: Mapped[str] = mapped_column(String(20), default="")
    international: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    days: Mapped[int | None] = mapped_column(doc="taken part in; none: every day from the first to the last")
    jp: Mapped[int | None] = mapped_column(doc="as the certificate says; may be left out where the form counts itself")
    number: Mapped[str] = mapped_column(String(100), default="", doc="as printed")
    number_key: Mapped[str] = mapped_column(String(100), default="", index=True, doc="its letters and digits alone")
    rounds: Mapped[int] = mapped_column(default=0, doc="how often it was approved; names its line in the account")
    created_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    decider: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by])
    form: Mapped[DeliveryForm | None] = relationship(lazy="raise")
    files: Mapped[list["EvidenceFile"]] = relationship(lazy="raise", order_by="EvidenceFile.id")
    notes: Mapped[list["RecordNote"]] = relationship(lazy="raise", order_by="RecordNote.id")

    @property
    def owner_may_change(self) -> bool:
        return self.state in (DRAFT, ASKED)

    @property
    def days_taken(self) -> tuple[date, date] | None:
        """The first and the last day, once both are known."""
        return (self.started_on, self.ended_on) if self.started_on and self.ended_on else None


class EvidenceFile(Base):
    """A photo or PDF of the certificate. A photo is kept upright, smaller, and without what the camera noted."""

    __tablename__ = "evidence_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("external_records.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40), doc="application/pdf or image/webp")
    size: Mapped[int] = mapped_column(doc="bytes as kept")
    sha256: Mapped[str] = mapped_column(String(64), index=True, doc="of what was sent")
    storage_key: Mapped[str] = mapped_column(String(120))
    pages: Mapped[list["EvidencePage"]] = relationship(lazy="raise", order_by="EvidencePage.number")


class EvidencePage(Base):
    """A page of the evidence as a picture, for phones without a PDF viewer."""

    __tablename__ = "evidence_pages"
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(120))
    width: Mapped[int]
    height: Mapped[int]


class RecordNote(Base):
    """What was asked, answered or decided, for owner and officers to read."""

    __tablename__ = "record_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("external_records.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(12), doc="filed, asked, approved, refused, taken_back or withdrawn")
    reason: Mapped[str] = mapped_column(String(20), default="", doc="code of the standard reason of a refusal")
    text: Mapped[str] = mapped_column(String(600), default="")
    created_at: Mapped[datetime]
    author: Mapped[Person] = relationship(lazy="raise")
