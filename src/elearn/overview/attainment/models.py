"""The table of what was counted beforehand."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class AttainmentCount(Base):
    """How the people of one very unit stood in a year when they were last counted. Kept only where there are many."""

    __tablename__ = "attainment_counts"
    __table_args__ = (UniqueConstraint("year", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, doc="none: people without a unit")
    owing: Mapped[int]
    reached: Mapped[int]
    behind: Mapped[int]
    others: Mapped[int]
    counted_at: Mapped[datetime]
