"""Tables of designs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.courses.models import Course


class CertificateTemplate(Base):
    """What the certificates of one course, of one organiser, or of everybody else look like."""

    __tablename__ = "certificate_templates"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    serves: Mapped[str] = mapped_column(String(220), unique=True, doc="course:<id>, organiser:<name> or all")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    organiser: Mapped[str] = mapped_column(String(200), default="", doc="as courses name it; empty: any")
    revision: Mapped[int] = mapped_column(default=0, doc="the newest version, which new certificates get")
    created_at: Mapped[datetime]
    course: Mapped[Course | None] = relationship(lazy="raise")


class TemplateVersion(Base):
    """A template as it was at a time. Never changed: certificates point here."""

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("template_id", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("certificate_templates.id"))
    revision: Mapped[int]
    design: Mapped[dict[str, Any]]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
