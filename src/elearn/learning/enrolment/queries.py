"""Questions about enrolments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Course


def enrolment_of(session: Session, person_id: int, course: Course) -> Enrolment | None:
    """A person's enrolment in a course, also a withdrawn one."""
    return session.scalar(select(Enrolment).filter_by(person_id=person_id, course_id=course.id))


def my_enrolments(session: Session, actor: Actor) -> Sequence[Enrolment]:
    """The actor's active enrolments with their courses, the one seen last first."""
    mine = (
        select(Enrolment)
        .filter_by(person_id=actor.person_id, withdrawn_at=None)
        .options(joinedload(Enrolment.course), joinedload(Enrolment.last_activity))
    )
    return session.scalars(mine.order_by(Enrolment.last_seen_at.desc().nulls_last(), Enrolment.id.desc())).all()


def my_enrolment(session: Session, actor: Actor, public_id: str) -> Enrolment:
    """One enrolment of the actor's own, by its public id."""
    found = session.scalar(
        select(Enrolment)
        .filter_by(person_id=actor.person_id, public_id=public_id)
        .options(joinedload(Enrolment.course))
    )
    if found is None:
        raise NotFound
    return found
