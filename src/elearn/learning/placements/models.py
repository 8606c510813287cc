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
    agreements: Mapped[list["Agreement"]] = relationship(lazy="raise", order_by="Agreement.starts_on")


class Agreement(Base):
    """What was agreed with a partner, and from when until when it holds."""

    __tablename__ = "agreements"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    number: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Placement(Base):
    """One person's time at a partner's."""

    __tablename__ = "partner_placements"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    title: Mapped[str] = mapped_column(String(200), doc="what is learned there")
    competency: Mapped[str] = mapped_column(String(20))
    international: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    letter: Mapped[str] = mapped_column(String(100), default="", doc="number of the assignment letter")
    host_name: Mapped[str] = mapped_column(String(200))
    host_position: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default=RUNNING, index=True)
    report: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    # Of the link only its fingerprint is kept, so nobody who reads the database can sign.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_expires_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_name: Mapped[str] = mapped_column(String(200), default="", doc="as the host typed it")
    remark: Mapped[str] = mapped_column(String(600), default="", doc="the host's assessment, or what is to be mended")
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    confirmer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[confirmed_by])
    partner: Mapped[Partner] = relationship(lazy="raise")
    agreement: Mapped[Agreement | None] = relationship(lazy="raise")
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
