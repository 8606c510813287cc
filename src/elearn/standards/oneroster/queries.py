"""Questions of feeds: what is there already, and the feeds themselves."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.database import in_batches
from elearn.foundation.errors import NotFound
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.standards.oneroster.feed import Feed
from elearn.standards.oneroster.models import OneRosterFeed, OneRosterLink
from elearn.standards.oneroster.rules import Known
from elearn.teaching.courses.models import Course


def feeds(session: Session, actor: Actor) -> Sequence[OneRosterFeed]:
    """The latest feeds, newest first, with their courses."""
    actor.must(Permission.MANAGE_PEOPLE)
    wanted = select(OneRosterFeed).options(joinedload(OneRosterFeed.course)).order_by(OneRosterFeed.id.desc()).limit(20)
    return session.scalars(wanted).all()


def feed_for(session: Session, actor: Actor, public_id: str) -> OneRosterFeed:
    """A feed with its course; NotFound for who manages no people."""
    wanted = select(OneRosterFeed).filter_by(public_id=public_id).options(joinedload(OneRosterFeed.course))
    found = session.scalar(wanted) if actor.may(Permission.MANAGE_PEOPLE) else None
    if found is None:
        raise NotFound
    return found


def open_courses(session: Session, actor: Actor) -> Sequence[Course]:
    """Published courses, of which classes may be made."""
    actor.must(Permission.MANAGE_CLASSES)
    return session.scalars(select(Course).where(Course.state == "published").order_by(Course.title)).all()


def known_for(session: Session, source: str, course: Course, feed: Feed) -> Known:
    """Whatever a feed has to be held beside; a statement per 1,000 rows."""
    links = session.scalars(select(OneRosterLink).filter_by(source=source.lower())).all()
    cohorts = {link.sourced_id: link.cohort_id for link in links if link.kind == "class" and link.cohort_id}
    mine = set(session.scalars(select(Cohort.id).where(Cohort.course_id == course.id)))
    nips, emails = dict[str, int](), dict[str, int]()
    for batch in in_batches(sorted({user.nip for user in feed.users if user.nip})):
        rows = session.execute(select(Person.nip, Person.id).where(Person.nip.in_(batch)))
        nips.update({nip or "": id for nip, id in rows})
    for batch in in_batches(sorted({user.email for user in feed.users if user.email})):
        rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(batch)))
        emails.update({email or "": id for email, id in rows})
    taken = session.execute(
        select(Participant.person_id, Participant.cohort_id).where(Participant.cohort_id.in_(cohorts.values()))
    )
    return Known(
        users={link.sourced_id: link.person_id for link in links if link.kind == "user" and link.person_id},
        nips=nips,
        emails=emails,
        classes={id: cohort_id if cohort_id in mine else None for id, cohort_id in cohorts.items()},
        taken=frozenset((person_id, cohort_id) for person_id, cohort_id in taken),
    )
