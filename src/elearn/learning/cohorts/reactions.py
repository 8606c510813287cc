"""What cohorts do when somebody leaves a course."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.seats import held, let_go
from elearn.learning.enrolment.events import LearnerWithdrew
from elearn.people.access.actor import Actor


def leave_class(session: Session, event: LearnerWithdrew) -> None:
    """Who leaves the course leaves its class too, and the first who waits gets the seat."""
    wanted = select(Participant).filter_by(enrolment_id=event.enrolment_id, status="joined")
    for participant in session.scalars(wanted.where(Participant.result.in_(("", "deferred")))).all():
        cohort = held(session, session.get_one(Cohort, participant.cohort_id))
        if not cohort.settled:
            let_go(session, Actor.system("enrolment.withdrawn"), cohort, participant, "", utc_now())
