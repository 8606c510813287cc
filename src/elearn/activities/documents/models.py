"""The table of documents."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.materials.models import Material


class Document(Base):
    """Which file a document activity shows, with a word about it."""

    __tablename__ = "documents"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    material_id: Mapped[int | None] = mapped_column(ForeignKey("materials.id"))
    introduction: Mapped[str] = mapped_column(Text, default="", doc="Markdown")
    material: Mapped[Material | None] = relationship(lazy="raise")
