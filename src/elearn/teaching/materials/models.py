"""Tables of files that courses use."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base


class Material(Base):
    """One file of a course."""

    __tablename__ = "materials"
    __table_args__ = (Index("ix_materials_course_name", "course_id", "file_name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    kind: Mapped[str] = mapped_column(String(12), doc="pdf, office, image, video, audio or captions")
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger, doc="bytes")
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12), default="ready", doc="processing, ready or failed")
    problem: Mapped[str] = mapped_column(String(300), default="", doc="number of the page that cannot be drawn")
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[int | None] = mapped_column(doc="length of a recording, where known")
    page_count: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="", doc="plain text for search and screen readers")
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]


class MaterialPage(Base):
    """The picture and the text of one PDF page."""

    __tablename__ = "material_pages"
    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
