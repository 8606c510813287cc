"""Tables of numbering."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.courses.models import Course


class NumberScheme(Base):
    """How the certificates of one course, of one organiser, or of everybody else are numbered."""

    __tablename__ = "number_schemes"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    serves: Mapped[str] = mapped_column(String(220), unique=True, doc="course:<id>, organiser:<name> or all")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    organiser: Mapped[str] = mapped_column(String(200), default="", doc="as courses name it; empty: any")
    organiser_code: Mapped[str] = mapped_column(String(20), default="")
    pattern: Mapped[str] = mapped_column(String(80))
    start: Mapped[int] = mapped_column(default=1, doc="the first running number of a year")
    created_at: Mapped[datetime]
    course: Mapped[Course | None] = relationship(lazy="raise")


class CertificateSeries(Base):
    """The running number of a year."""

    __tablename__ = "certificate_series"
    prefix: Mapped[str] = mapped_column(
        String(40), primary_key=True, doc="a scheme's public id, or the prefix of the settings"
    )
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)
