"""The tables of what was counted beforehand."""

from datetime import date, datetime

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


class JpMonth(Base):
    """JP recognised for learning that ended in a month, of people who then worked in one very unit. Kept likewise."""

    __tablename__ = "jp_months"
    __table_args__ = (UniqueConstraint("month", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(doc="its first day")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, doc="none: people without a unit")
    jp: Mapped[int]
