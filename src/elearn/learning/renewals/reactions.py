"""What renewals do when somebody works in a completed course."""

from sqlalchemy.orm import Session

from elearn.learning.progress.events import WorkedAgain
from elearn.learning.renewals.actions import take_in
from elearn.people.access.actor import Actor


def renew(session: Session, event: WorkedAgain) -> None:
    """Steps and tests of a completed course may complete it anew."""
    take_in(session, Actor.system("renewals: worked again"), event)
