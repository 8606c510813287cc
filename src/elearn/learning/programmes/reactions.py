"""What programmes do when people change or complete something. The work itself is left to the next run."""

from sqlalchemy.orm import Session

from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes.runs import nudge, settle_person
from elearn.learning.progress.events import CourseCompleted
from elearn.learning.renewals.events import CourseRenewed
from elearn.people.access.actor import Actor
from elearn.people.accounts.events import PeopleChanged
from elearn.people.organisation.events import TreeChanged

CHANGES = Actor.system("programmes: a change")


def look_again(session: Session, event: PeopleChanged) -> None:
    """Rules may mean these people now, or mean them no more."""
    nudge(session, CHANGES, event.person_ids)


def look_at_everybody(session: Session, event: TreeChanged) -> None:
    """Units moved, and with them all who work there."""
    nudge(session, CHANGES, None)


def close_what_was_owed(session: Session, event: CourseCompleted | CourseRenewed) -> None:
    """A duty whose last course this was is done at once; the next course in order comes with the next run."""
    enrolment = session.get_one(Enrolment, event.enrolment_id)
    settle_person(session, CHANGES, enrolment.person_id, enrolment.course_id)
