"""Verbs of enrolment."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.events import announce
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.events import LearnerEnrolled, LearnerWithdrew
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import enrolment_of
from elearn.learning.enrolment.rules import check_open
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course


def enrol(session: Session, actor: Actor, course: Course, now: datetime) -> Enrolment:
    """Give the actor a place. Enrolling twice is the same as once; a withdrawn place is taken up again."""
    actor.must(Permission.LEARN)
    enrolment = enrolment_of(session, actor.me(), course)
    if enrolment is not None and enrolment.active:
        return enrolment
    check_open(course, wib_date(now))
    if enrolment is not None:
        enrolment.withdrawn_at = None
    else:
        enrolment = Enrolment(
            public_id=new_id(), person_id=actor.me(), course_id=course.id, source="self", started_at=now
        )
        session.add(enrolment)
    session.flush()
    announce(session, LearnerEnrolled(enrolment.id))
    return enrolment


def withdraw(session: Session, actor: Actor, enrolment: Enrolment, now: datetime) -> None:
    """Leave a course; what was done is kept and comes back on enrolling again. A completed one stays."""
    if enrolment.withdrawn_at is None and not enrolment.completed:
        enrolment.withdrawn_at = now
        session.flush()
        record(session, actor, "enrolment.withdrawn", enrolment)
        announce(session, LearnerWithdrew(enrolment.id))
