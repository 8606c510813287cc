"""The table of what search finds."""

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base
from elearn.teaching.courses.models import Activity, Course


class SearchDocument(Base):
    """A course's own page, or one activity of it, as words.

    The migration adds what makes matching quick, as each database has it, under the name `search_index`: on SQLite
    a full-text table that follows this one by triggers, on PostgreSQL an index.
    """

    __tablename__ = "search_documents"
    __table_args__ = (UniqueConstraint("course_id", "activity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), doc="course, or the activity's kind")
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(doc="place in the course's outline; 0 is the course itself")
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, doc="plain text, for excerpts")
    title_terms: Mapped[str] = mapped_column(Text, doc="as words.index_terms writes them")
    terms: Mapped[str] = mapped_column(Text, doc="of title and body")
    course: Mapped[Course] = relationship(lazy="raise")
    activity: Mapped[Activity | None] = relationship(lazy="raise")
