"""Questions of nominating: what an OPD admin sees of classes, and what waits for the regency's admin."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.web.paging import Page, page_of
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.queries import ROWS, with_course
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course


def cohorts_to_nominate(session: Session, actor: Actor, today: date) -> Sequence[Cohort]:
    """Open classes into which an OPD admin may nominate today, the next first."""
    actor.must(Permission.ENROL_OTHERS)
    still = func.coalesce(Cohort.closes_on, Cohort.ends_on) >= today
    wanted = with_course().where(Cohort.state == "open", Course.state == "published", still)
    return session.scalars(wanted.order_by(Cohort.starts_on, Cohort.id)).all()


def cohort_to_nominate(session: Session, actor: Actor, public_id: str) -> Cohort:
    """An open or past class as an OPD admin sees it; drafts are unknown to them, and all of it to everybody else."""
    found = session.scalar(with_course().where(Cohort.public_id == public_id, Cohort.state != "draft"))
    if found is None or not actor.may(Permission.ENROL_OTHERS):
        raise NotFound
    return found


def own_people_in(session: Session, actor: Actor, cohort: Cohort, most: int = 500) -> Sequence[Participant]:
    """Those of the actor's subtree who are in a class in any way, by name, with person and unit."""
    return session.scalars(
        select(Participant)
        .join(Participant.person)
        .where(Participant.cohort_id == cohort.id, in_scope(actor))
        .options(contains_eager(Participant.person).joinedload(Person.unit))
        .order_by(Person.name, Participant.id)
        .limit(most)
    ).all()


def own_people_to_nominate(session: Session, actor: Actor, cohort: Cohort, words: str, number: int) -> Page[Person]:
    """Active people of the actor's subtree who are not in a class yet, by name."""
    inside = exists().where(
        Participant.cohort_id == cohort.id,
        Participant.person_id == Person.id,
        Participant.status.in_(("nominated", "waiting", "joined")),
    )
    wanted = select(Person).where(in_scope(actor), Person.status == "active", ~inside).options(joinedload(Person.unit))
    if words.strip():
        said = words.strip().lower()
        named = func.lower(Person.name).contains(said, autoescape=True)
        wanted = wanted.where(or_(named, Person.nip.startswith(said, autoescape=True)))
    return page_of(session, wanted.order_by(Person.name, Person.id), number, ROWS)


def nominations(session: Session, actor: Actor, number: int) -> Page[Participant]:
    """Nominations that wait for a decision, class by class, with person, unit, class and course."""
    actor.must(Permission.MANAGE_CLASSES)
    wanted = (
        select(Participant)
        .join(Participant.person)
        .join(Participant.cohort)
        .where(Participant.status == "nominated", Cohort.state == "open", in_scope(actor))
        .options(
            contains_eager(Participant.person).joinedload(Person.unit),
            contains_eager(Participant.cohort).joinedload(Cohort.course),
        )
        .order_by(Cohort.starts_on, Cohort.id, Person.name, Participant.id)
    )
    return page_of(session, wanted, number, ROWS)


def nominations_open(session: Session, actor: Actor) -> int:
    """How many nominations wait for the actor's decision; none for whoever does not decide."""
    if not actor.may(Permission.MANAGE_CLASSES):
        return 0
    waiting = select(func.count(Participant.id)).join(Cohort, Cohort.id == Participant.cohort_id)
    return session.scalar(waiting.where(Participant.status == "nominated", Cohort.state == "open")) or 0


def nominations_since(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """How many nominations wait for the actor's decision, and since when the oldest does. One statement."""
    actor.must(Permission.MANAGE_CLASSES)
    waiting = select(func.count(Participant.id), func.min(Participant.nominated_at))
    waiting = waiting.join(Cohort, Cohort.id == Participant.cohort_id)
    count, since = session.execute(waiting.where(Participant.status == "nominated", Cohort.state == "open")).one()
    return count, since


def nominator_units(session: Session, participants: Sequence[Participant]) -> dict[int, str]:
    """Who nominated, by id: name and unit in a few words."""
    ids = {each.nominated_by for each in participants if each.nominated_by}
    rows = session.execute(
        select(Person.id, Person.name, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.id.in_(ids))
    )
    return {id: f"{name}, {unit}" if unit else name for id, name, unit in rows}


def completed_by(session: Session, participants: Sequence[Participant]) -> dict[int, datetime]:
    """When those of them who have completed the class's course did so, by participant."""
    wanted = (
        select(Participant.id, Enrolment.completed_at)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Enrolment, (Enrolment.person_id == Participant.person_id) & (Enrolment.course_id == Cohort.course_id))
        .where(Participant.id.in_([each.id for each in participants]), Enrolment.completed_at.is_not(None))
    )
    return {id: at for id, at in session.execute(wanted) if at is not None}
