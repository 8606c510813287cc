"""The table of rosters."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class Roster(Base):
    """One uploaded file of people and how far its import has come."""

    __tablename__ = "rosters"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(120))
    headers: Mapped[list[Any]]
    mapping: Mapped[dict[str, Any] | None] = mapped_column(doc="field name to header")
    state: Mapped[str] = mapped_column(String(12), default="uploaded", doc="uploaded, applying or applied")
    counts: Mapped[dict[str, Any] | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(doc="refused rows and warnings, once applied")
    code_sheet: Mapped[str | None] = mapped_column(String(16), doc="public id of the sheet with the new people's codes")
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
