"""Tables of people and of everything that lets them in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.people.organisation.models import Unit

# No ASN of ours: from a partner, or employed otherwise.
GUEST = "LAINNYA"
ASN_KINDS = ("PNS", "CPNS", "PPPK", "PPPK_PARUH_WAKTU", GUEST)
# BKN's jenis jabatan 1 to 4, in its order.
POSITION_KINDS = ("struktural", "fungsional", "rangkap", "pelaksana")


def printed_name(name: str, title_before: str, title_after: str) -> str:
    """Titles before, name, comma, titles after."""
    named = f"{title_before} {name}".strip()
    return f"{named}, {title_after}" if title_after else named


class Person(Base):
    """Somebody who may sign in: a civil servant, or an instructor from elsewhere without a NIP."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    nip: Mapped[str | None] = mapped_column(String(18), unique=True, doc="18 digits; may change, so never a key")
    email: Mapped[str | None] = mapped_column(String(200), unique=True, doc="lower case")
    siasn_id: Mapped[str | None] = mapped_column(
        String(36), unique=True, index=True, doc="BKN's pnsOrangId, which stays when the NIP changes"
    )
    name: Mapped[str] = mapped_column(String(200), index=True, doc="without titles")
    title_before: Mapped[str] = mapped_column(String(60), default="")
    title_after: Mapped[str] = mapped_column(String(100), default="")
    asn_kind: Mapped[str] = mapped_column(String(20), default="PNS")
    position: Mapped[str] = mapped_column(String(200), default="")
    position_kind: Mapped[str] = mapped_column(String(12), default="", doc="one of POSITION_KINDS, or unknown")
    rank: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="active", doc="active, suspended or left")
    left_as: Mapped[str] = mapped_column(
        String(12), default="", server_default="", doc="why, of who has left: one of LEAVING_REASONS, where it is known"
    )
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    last_signed_in_at: Mapped[datetime | None]
    # The secret itself is derived from this and the server's key, so a stolen database gives no second factor.
    totp_nonce: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(doc="a code counts once")
    locale: Mapped[str] = mapped_column(String(5), default="id")
    theme: Mapped[str] = mapped_column(String(10), default="")
    text_size: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime]
    unit: Mapped[Unit | None] = relationship(lazy="raise")

    @property
    def active(self) -> bool:
        return self.status == "active"

    @property
    def full_name(self) -> str:
        """As it is printed."""
        return printed_name(self.name, self.title_before, self.title_after)


class Placement(Base):
    """Where a person worked, and as what, from a day to a day."""

    __tablename__ = "placements"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    asn_kind: Mapped[str | None] = mapped_column(String(20), doc="employed as; none: ended before that was kept")
    valid_from: Mapped[date] = mapped_column(doc="TMT; of the first that is known only when it was noted")
    valid_to: Mapped[date | None] = mapped_column(doc="the last day")
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class FormerName(Base):
    """What a person was called, titles included, until the day on which it was changed here."""

    __tablename__ = "former_names"
    __table_args__ = (UniqueConstraint("person_id", "until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(370))
    until: Mapped[date]


class RoleGrant(Base):
    """A role beyond learner; an OPD admin's or a head's names the unit whose subtree is the scope."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    granted_at: Mapped[datetime]
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class WebSession(Base):
    """One signed-in browser. Ended ones are deleted."""

    __tablename__ = "web_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    second_factor_at: Mapped[datetime | None]


class CodeSheet(Base):
    """New codes of many people, made at once by one admin, who alone may see them, for a day.

    A code is derived from this nonce, the person and the server's key, so a stolen database or backup gives none.
    """

    __tablename__ = "code_sheets"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    nonce: Mapped[str | None] = mapped_column(String(64), doc="erased after a day")
    total: Mapped[int] = mapped_column(default=0, doc="how many people it is for")
    job_id: Mapped[str] = mapped_column(String(20), default="", doc="public id of the job that makes a large sheet")
    created_at: Mapped[datetime]
    visible_until: Mapped[datetime] = mapped_column(index=True)
    unit: Mapped[Unit | None] = relationship(lazy="raise")


class AccessCode(Base):
    """A one-time code for first access or a reset; only its fingerprint is kept."""

    __tablename__ = "access_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12), doc="activation or reset")
    code_hash: Mapped[str] = mapped_column(String(64))
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("code_sheets.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser in which the person signed in before: strangers' wrong guesses do not slow it down."""

    __tablename__ = "known_devices"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime]


class SignInGuess(Base):
    """How often a door was knocked at in vain: one row per key and window."""

    __tablename__ = "sign_in_guesses"
    __table_args__ = (Index("ix_sign_in_guesses_key_window", "key", "window_ends_at", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    window_ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=0)


class ApiToken(Base):
    """A bearer token of a person, limited to scopes."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(400), doc="separated by spaces")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
