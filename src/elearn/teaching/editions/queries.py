"""Questions of editions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.teaching.courses.models import Course


def titles(session: Session) -> dict[str, str]:
    """The titles of all courses by their address words: what a new edition cannot be called."""
    return {row.slug: row.title for row in session.execute(select(Course.slug, Course.title))}
