"""What the JP account does when something happened below."""

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.learning.progress.events import CourseCompleted
from elearn.people.access.actor import Actor
from elearn.recognition.learning_hours.actions import credit_course


def credit_completed_course(session: Session, event: CourseCompleted) -> None:
    """Every completed course counts at once, in the same transaction."""
    credit_course(session, Actor.system("pelatihan selesai"), event.enrolment_id, utc_now())
