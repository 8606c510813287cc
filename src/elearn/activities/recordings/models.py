"""The table of recordings."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.materials.models import Material


class Recording(Base):
    """Which video or audio file an activity plays."""

    __tablename__ = "recordings"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    material_id: Mapped[int | None] = mapped_column(ForeignKey("materials.id"))
    captions_id: Mapped[int | None] = mapped_column(ForeignKey("materials.id"))
    introduction: Mapped[str] = mapped_column(Text, default="", doc="Markdown")
    transcript: Mapped[str] = mapped_column(Text, default="", doc="Markdown")
    speechless: Mapped[bool] = mapped_column(default=False, doc="nothing is said in it, so it needs no captions")
    material: Mapped[Material | None] = relationship(lazy="raise", foreign_keys=[material_id])
    captions: Mapped[Material | None] = relationship(lazy="raise", foreign_keys=[captions_id])
