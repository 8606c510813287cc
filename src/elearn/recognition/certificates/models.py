"""Tables of certificates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class Certificate(Base):
    """What was printed, word for word; later changes of a name or a course do not change it."""

    __tablename__ = "certificates"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True, doc="verification code, 80 bits, without dashes")
    facts: Mapped[dict[str, Any]] = mapped_column(doc="every printed field")
    issued_at: Mapped[datetime]
    completed_on: Mapped[date]
    storage_key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def valid(self) -> bool:
        return self.revoked_at is None


class CertificateSeries(Base):
    """The running number of a year."""

    __tablename__ = "certificate_series"
    prefix: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)
