"""Tables of partners, agreements and placements."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.people.accounts.models import Person
from elearn.teaching.delivery.models import DeliveryForm

# Forms in which somebody learns at another institution (DOMAIN: PerLAN 10/2018, NKL05, 07, 08, 11 and 12).
PLACEMENT_FORMS = ("NKL12", "NKL05", "NKL07", "NKL08", "NKL11")
RUNNING, REPORTED, SIGNED, CONFIRMED, CANCELLED = "running", "reported", "signed", "confirmed", "cancelled"


class Partner(Base):
    """An institution that takes people in."""

    __tablename__ = "partners"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(200), default="", doc="whom to ask there, and how")
    created_at: Mapped[datetime]
    agreements: Mapped[list["Agreement"]] = relationship(
        lazy="raise", order_by="Agreement.starts_on", back_populates="partner"
    )


class Agreement(Base):
    """What was agreed with a partner, and from when until when it holds; it may be ended before that."""

    __tablename__ = "agreements"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    number: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    notes: Mapped[str] = mapped_column(String(1_000), default="")
    ended_on: Mapped[date | None] = mapped_column(doc="the last day on which it holds, where it was ended early")
    ended_reason: Mapped[str] = mapped_column(String(300), default="")
    partner: Mapped[Partner] = relationship(lazy="raise", back_populates="agreements")
    files: Mapped[list["AgreementFile"]] = relationship(lazy="raise", order_by="AgreementFile.id.desc()")

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None where it holds until somebody ends it."""
        return self.ended_on or self.ends_on


class AgreementFile(Base):
    """A signed agreement as it was brought. A newer one stands beside the older ones, which stay."""

    __tablename__ = "agreement_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), doc="of the file when it is downloaded")
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(120))
    brought_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]


class Placement(Base):
    """One person's time at a partner's."""

    __tablename__ = "partner_placements"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"), index=True)
    # What the agreement said when the placement was made: it stays, whatever becomes of the agreement.
    agreed_number: Mapped[str] = mapped_column(String(100), default="")
    agreed_title: Mapped[str] = mapped_column(String(200), default="")
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    title: Mapped[str] = mapped_column(String(200), doc="what is learned there")
    competency: Mapped[str] = mapped_column(String(20))
    international: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    letter: Mapped[str] = mapped_column(String(100), default="", doc="number of the assignment letter")
    host_name: Mapped[str] = mapped_column(String(200))
    host_position: Mapped[str] = mapped_column(String(200), default="")
    host_email: Mapped[str] = mapped_column(String(200), default="", doc="where an admin sends the link, by hand")
    state: Mapped[str] = mapped_column(String(10), default=RUNNING, index=True)
    report: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    # Of the link only its fingerprint is kept, so nobody who reads the database can sign.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_expires_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_name: Mapped[str] = mapped_column(String(200), default="", doc="as the host typed it")
    remark: Mapped[str] = mapped_column(String(600), default="", doc="the host's assessment, or what is to be mended")
    office_remark: Mapped[str] = mapped_column(
        String(300), default="", doc="why it was cancelled, its confirmation taken back or its signature made void"
    )
    rounds: Mapped[int] = mapped_column(default=0, doc="how often it was taken back; names its line in the account")
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    confirmer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[confirmed_by])
    partner: Mapped[Partner] = relationship(lazy="raise")
    form: Mapped[DeliveryForm] = relationship(lazy="raise")
    entries: Mapped[list["LogEntry"]] = relationship(lazy="raise", order_by="LogEntry.day")


class LogEntry(Base):
    """What was done on one local day (WIB) of a placement."""

    __tablename__ = "placement_log"
    __table_args__ = (UniqueConstraint("placement_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("partner_placements.id"), index=True)
    day: Mapped[date]
    minutes: Mapped[int]
    text: Mapped[str] = mapped_column(String(1_000))
    written_at: Mapped[datetime]
