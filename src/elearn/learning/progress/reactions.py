"""What progress does when an outline changes, or a learner comes back to one that has changed."""

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.learning.enrolment.events import LearnerReturned
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import settle, settle_one
from elearn.people.access.actor import Actor
from elearn.teaching.courses.events import LessRequired


def complete_the_finished(session: Session, event: LessRequired) -> None:
    settle(session, Actor.system("course.eased"), event.course_id, event.at)


def complete_who_returned(session: Session, event: LearnerReturned) -> None:
    enrolment = session.get_one(Enrolment, event.enrolment_id, populate_existing=True)
    settle_one(session, Actor.system("enrolment.returned"), enrolment, utc_now())
