"""Tables of feeds, and of what their ids became here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.courses.models import Course


class OneRosterFeed(Base):
    """One file of a partner and how far its import has come."""

    __tablename__ = "oneroster_feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    source: Mapped[str] = mapped_column(String(80), doc="the partner's name; sourcedIds are its own")
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any] | None] = mapped_column(doc="the feed without what nobody needs, until written")
    state: Mapped[str] = mapped_column(String(8), default="checked", doc="checked, writing or written")
    counts: Mapped[dict[str, Any] | None]
    refused: Mapped[list[Any] | None] = mapped_column(doc="what was not written: file, row, sentence")
    code_sheet: Mapped[str] = mapped_column(String(16), default="", doc="public id of the guests' codes")
    brought_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    job_public_id: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    course: Mapped[Course] = relationship(lazy="raise")


class OneRosterLink(Base):
    """What a sourcedId of a source became: a person or a class."""

    __tablename__ = "oneroster_links"
    __table_args__ = (UniqueConstraint("source", "kind", "sourced_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80), doc="as OneRosterFeed.source, in lower case")
    kind: Mapped[str] = mapped_column(String(5), doc="user or class")
    sourced_id: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
