"""The table of certificates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base

_WAITING = "wants_signature AND signed_at IS NULL AND revoked_at IS NULL"
_REVOKED = "revoked_at IS NOT NULL"


class Certificate(Base):
    """What was printed, word for word; later changes of a name or a course do not change it."""

    __tablename__ = "certificates"
    __table_args__ = (
        # One that counts for each enrolment; those that were revoked stay beside it.
        Index(
            "uq_certificates_valid",
            "enrolment_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        # An officer's page asks whether a number that was filed is one of ours, however it was typed.
        Index("ix_certificates_number_typed", text("lower(number)")),
        Index("ix_certificates_waiting", "id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
        # Programs that hold a badge ask which were revoked.
        Index("ix_certificates_revoked", "id", sqlite_where=text(_REVOKED), postgresql_where=text(_REVOKED)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True, doc="verification code, 80 bits, without dashes")
    facts: Mapped[dict[str, Any]] = mapped_column(doc="every printed field")
    issued_at: Mapped[datetime]
    completed_on: Mapped[date]
    storage_key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("template_versions.id"), doc="how it looks; none: the standard design"
    )
    draft_sha256: Mapped[str | None] = mapped_column(String(64), doc="of the PDF before it was signed")
    wants_signature: Mapped[bool] = mapped_column(default=False, server_default=false(), doc="waits for one, or has it")
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), doc="who gave the passphrase")
    claimed_until: Mapped[datetime | None] = mapped_column(doc="somebody's signature is under way")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def valid(self) -> bool:
        return self.revoked_at is None

    @property
    def awaits_signature(self) -> bool:
        return self.valid and self.wants_signature and self.signed_at is None
