"""The table of files of units."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class UnitFile(Base):
    """One uploaded file of units, and what its import did."""

    __tablename__ = "unit_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    brought_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(120))
    counts: Mapped[dict[str, Any] | None] = mapped_column(doc="rows by outcome, once applied")
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
