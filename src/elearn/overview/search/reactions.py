"""What search does when courses change."""

from sqlalchemy.orm import Session

from elearn.overview.search.actions import reindex_course
from elearn.people.access.actor import Actor
from elearn.teaching.courses.events import CourseChanged, CoursePublished


def follow_course(session: Session, event: CourseChanged | CoursePublished) -> None:
    """Index what changed; in the same transaction, so that what is found is what is there."""
    reindex_course(session, Actor.system("pencarian mengikuti pelatihan"), event.course_id)
