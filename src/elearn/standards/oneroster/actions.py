"""Verbs of feeds: bring one, and write what the check said."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import FINISHED, Job
from elearn.learning.cohorts.actions import make
from elearn.learning.cohorts.forms import CohortWish
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.seats import held, participant_for, take_in
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.actions import issue_codes, new_sheet
from elearn.people.accounts.models import GUEST, Person
from elearn.people.audit.actions import record
from elearn.standards.oneroster.feed import Feed, Problem, SchoolClass, User, feed_from
from elearn.standards.oneroster.models import OneRosterFeed, OneRosterLink
from elearn.standards.oneroster.queries import known_for
from elearn.standards.oneroster.rules import Plan, planned
from elearn.teaching.courses.models import Course

JOB = "oneroster.write"


def bring(
    session: Session, actor: Actor, course: Course, source: str, file_name: str, feed: Feed, now: datetime
) -> OneRosterFeed:
    """Keep a feed, without what nobody needs, to be checked and then written."""
    actor.must(Permission.MANAGE_PEOPLE)
    brought = OneRosterFeed(
        public_id=new_id(),
        source=source,
        course_id=course.id,
        course=course,
        file_name=file_name[-200:],
        content=feed.as_json(),
        brought_by=actor.me(),
        created_at=now,
    )
    session.add(brought)
    session.flush()
    record(session, actor, "oneroster.brought", brought, after={"source": source, "course": course.slug})
    return brought


def check(session: Session, actor: Actor, brought: OneRosterFeed) -> Plan:
    """What writing the feed would do. Writes nothing. One that was written has nothing left to do."""
    actor.must(Permission.MANAGE_PEOPLE)
    feed = feed_from(brought.content) if brought.content else Feed()
    return planned(feed, known_for(session, brought.source, brought.course, feed))


def start(session: Session, actor: Actor, brought: OneRosterFeed, now: datetime) -> str:
    """Have a feed written by a job; gives the job's public id. Asked twice, it is the same job."""
    actor.must(Permission.MANAGE_PEOPLE)
    _held(session, brought)
    if brought.state == "written":
        raise Conflict(_("Berkas ini sudah diimpor. Unggah berkas lain."))
    job = session.scalar(select(Job).filter_by(public_id=brought.job_public_id))
    if job is None or job.state in FINISHED:
        title = _("Impor OneRoster %(source)s", source=brought.source)[:200]
        arguments = {"feed": brought.public_id}
        job = enqueue(
            session, kind=JOB, title=title, owner_id=actor.me(), arguments=arguments, unit=_("baris"), now=now
        )
        brought.state, brought.job_public_id = "writing", job.public_id
        session.flush()
    return job.public_id


def write(session: Session, actor: Actor, brought: OneRosterFeed, now: datetime) -> None:
    """Write what `check` says: guests with a code for their first access, classes, participants. All or nothing.

    A feed that was written stays as it is. What a class refuses of a person is told with the other problems.
    """
    actor.must(Permission.MANAGE_PEOPLE)
    actor.must(Permission.MANAGE_CLASSES)
    _held(session, brought)
    if brought.state == "written":
        return
    plan = check(session, actor, brought)
    counts = plan.counts
    people = {**plan.people, **_welcome(session, actor, brought, plan.guests, now)}
    _link_known(session, brought, plan.people)
    cohorts = _cohorts(session, actor, brought, plan.classes, now)
    seats = {id: held(session, cohorts[id]) for id in sorted({place.class_id for place in plan.places})}
    for place in plan.places:
        cohort = seats[place.class_id]
        participant = participant_for(session, cohort, people[place.user_id], now)
        try:
            with session.begin_nested():
                take_in(session, actor, cohort, participant, now)
        except Refusal as refusal:
            counts["places"] -= 1
            plan.problems.append(Problem("enrollments.csv", place.row, refusal.message))
    counts["refused"] = len(plan.problems)
    brought.state, brought.counts, brought.written_at = "written", counts, now
    brought.refused, brought.content = [asdict(each) for each in plan.problems], None
    session.flush()
    record(session, actor, "oneroster.written", brought, after=counts)


def _held(session: Session, brought: OneRosterFeed) -> None:
    """All feeds of the same partner, locked: of two at once the second finds the people whom the first one brought."""
    same = select(OneRosterFeed).where(func.lower(OneRosterFeed.source) == brought.source.lower())
    session.execute(same.with_only_columns(OneRosterFeed.id).order_by(OneRosterFeed.id).with_for_update())
    session.refresh(brought, ("state", "job_public_id", "content"))


def _welcome(
    session: Session, actor: Actor, brought: OneRosterFeed, guests: list[User], now: datetime
) -> dict[str, int]:
    if not guests:
        return {}
    people = [
        Person(
            public_id=new_id(),
            nip=user.nip or None,
            email=user.email or None,
            name=user.name,
            asn_kind=GUEST,
            created_at=now,
        )
        for user in guests
    ]
    session.add_all(people)
    session.flush()
    for user, person in zip(guests, people, strict=True):
        session.add(_link(brought, "user", user.id, person_id=person.id))
        record(session, actor, "person.added", person, after={"name": person.name, "source": brought.source})
    sheet = new_sheet(session, actor, None, len(people), now)
    issue_codes(session, actor, people, now, sheet)
    brought.code_sheet = sheet.public_id
    return {user.id: person.id for user, person in zip(guests, people, strict=True)}


def _link_known(session: Session, brought: OneRosterFeed, people: dict[str, int]) -> None:
    """Remember who was found by NIP, so that a changed NIP still finds the same person."""
    linked = set(
        session.scalars(select(OneRosterLink.sourced_id).filter_by(source=brought.source.lower(), kind="user"))
    )
    session.add_all(_link(brought, "user", id, person_id=person) for id, person in people.items() if id not in linked)


def _cohorts(
    session: Session, actor: Actor, brought: OneRosterFeed, classes: list[SchoolClass], now: datetime
) -> dict[str, Cohort]:
    """The classes by sourcedId: those that are there, and new ones, open and without entry by oneself."""
    for each in classes:
        first, last = each.days
        wish = CohortWish(
            name=each.title,
            form_code=brought.course.form,
            organiser=each.organiser,
            place=each.place,
            starts_on=first,
            ends_on=last,
            nominated_only=True,
        )
        cohort = make(session, actor, brought.course, wish, now)
        cohort.state = "open"
        session.add(_link(brought, "class", each.id, cohort_id=cohort.id))
    session.flush()
    rows = session.execute(
        select(OneRosterLink.sourced_id, Cohort)
        .join(Cohort, Cohort.id == OneRosterLink.cohort_id)
        .where(OneRosterLink.source == brought.source.lower(), OneRosterLink.kind == "class")
    )
    return dict(iter(rows))


def _link(brought: OneRosterFeed, kind: str, sourced_id: str, **thing: int) -> OneRosterLink:
    return OneRosterLink(source=brought.source.lower(), kind=kind, sourced_id=sourced_id[:255], **thing)
