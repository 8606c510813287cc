"""What progress does when an outline changes."""

from sqlalchemy.orm import Session

from elearn.learning.progress.actions import settle
from elearn.people.access.actor import Actor
from elearn.teaching.courses.events import ActivityRetired


def complete_the_finished(session: Session, event: ActivityRetired) -> None:
    settle(session, Actor.system("activity.retired"), event.course_id, event.at)
