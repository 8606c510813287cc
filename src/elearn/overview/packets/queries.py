"""Whose certificates a packet is about. Whether the actor may ask is decided by the class or the course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session, contains_eager

from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.queries import cohort_run
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.models import Certificate
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_course

Of = Literal["class", "course"]
AT_ONCE = 200


@dataclass(frozen=True)
class Group:
    """The people of a class, or of a course: all who have joined and did not leave."""

    thing: Cohort | Course
    of: Of
    key: str

    @property
    def title(self) -> str:
        return self.thing.name if isinstance(self.thing, Cohort) else self.thing.title


@dataclass(frozen=True)
class Counted:
    """How many people, and how many certificates that count."""

    people: int
    pdfs: int


@dataclass(frozen=True)
class Holder:
    """One of the people, with the newest certificate and what was decided in the class."""

    enrolment: Enrolment
    certificate: Certificate | None
    result: str


def group_for(session: Session, actor: Actor, of: Of, key: str) -> Group:
    """A class by its public id, or a course by its slug; NotFound for whoever does not run it."""
    return Group(cohort_run(session, actor, key) if of == "class" else taught_course(session, actor, key), of, key)


def counted(session: Session, group: Group) -> Counted:
    """How much a packet would hold: one statement."""
    wanted: Any = select(func.count(), func.count(Certificate.id))
    valid = and_(Certificate.enrolment_id == Enrolment.id, Certificate.revoked_at.is_(None))
    found = _of(wanted, group).outerjoin(Certificate, valid)
    people, pdfs = session.execute(found).one()
    return Counted(people, pdfs)


def holders(session: Session, group: Group, after: int) -> Sequence[Holder]:
    """The next people by the id of their enrolment, with person and unit; none when there are no more."""
    newest = select(func.max(Certificate.id)).where(Certificate.enrolment_id == Enrolment.id)
    wanted: Any = select(Enrolment, Certificate, Participant.result if group.of == "class" else literal(""))
    found = (
        _of(wanted, group)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Certificate, Certificate.id == newest.correlate(Enrolment).scalar_subquery())
        .options(contains_eager(Enrolment.person).joinedload(Person.unit))
        .where(Enrolment.id > after)
        .order_by(Enrolment.id)
        .limit(AT_ONCE)
    )
    return [Holder(*row) for row in session.execute(found)]


def _of(wanted: Select[Any], group: Group) -> Select[Any]:
    found = wanted.select_from(Enrolment)
    if group.of == "course":
        return found.where(Enrolment.course_id == group.thing.id, Enrolment.withdrawn_at.is_(None))
    joined = and_(Participant.cohort_id == group.thing.id, Participant.status == "joined")
    return found.join(Participant, and_(Participant.enrolment_id == Enrolment.id, joined))
