"""What certificates do when something happened below."""

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.events import CourseCompleted
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue


def issue_certificate(session: Session, event: CourseCompleted) -> None:
    """Every completed course gives its certificate at once, in the same transaction."""
    enrolment = session.get_one(Enrolment, event.enrolment_id)
    issue(session, Actor.system("pelatihan selesai"), enrolment.id, enrolment.completed_at or utc_now())
