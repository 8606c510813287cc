"""Verbs of enrolment."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.learning.enrolment.events import LearnerEnrolled, LearnerReturned, LearnerWithdrew
from elearn.learning.enrolment.forms import EnrolmentWish
from elearn.learning.enrolment.models import Enrolment, EnrolmentBatch
from elearn.learning.enrolment.queries import batch_for, enrolment_of, preview, untouched, whom_of
from elearn.learning.enrolment.rules import CompletedStays, check_by_oneself, check_open, check_unfinished
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record, record_all
from elearn.teaching.courses.models import Course

# What another report or class may change at the same moment; relations that are loaded stay so.
_LOCKED = ("completed_at", "awaits_decision", "withdrawn_at", "last_seen_at", "due_on")
JOB = "enrolment.fill_batch"
AT_ONCE = 500
"""People enrolled in one transaction; more are a job."""


def enrol(session: Session, actor: Actor, course: Course, now: datetime) -> Enrolment:
    """Give the actor a place. Enrolling twice is the same as once; a withdrawn place is taken up again."""
    actor.must(Permission.LEARN)
    enrolment = enrolment_of(session, actor.me(), course)
    if enrolment is not None and enrolment.active:
        return enrolment
    check_by_oneself(course)
    return _place(session, actor.me(), course, "self", now)


def place_in_class(
    session: Session, actor: Actor, person_id: int, course: Course, due_on: date | None, now: datetime
) -> Enrolment:
    """The place of somebody whom a class of the course takes in; it then awaits the organiser's decision.

    The class answers for the right to do so. Raises EnrolmentClosed, and CompletedStays for who has completed it.
    """
    enrolment = enrolment_of(session, person_id, course)
    check_unfinished(enrolment)
    if enrolment is None or not enrolment.active:
        enrolment = _place(session, person_id, course, "class", now, awaits=True)
        enrolment.source, enrolment.enrolled_by = "class", actor.person_id
    # Locked: an activity that is finished at this moment must not complete the course any more.
    session.refresh(enrolment, _LOCKED, with_for_update=True)
    check_unfinished(enrolment)
    enrolment.awaits_decision = True
    if due_on is not None:
        enrolment.due_on = due_on
    session.flush()
    return enrolment


def release(session: Session, actor: Actor, enrolment: Enrolment, due_on: date | None, now: datetime) -> None:
    """Give back what a class held: who came by it and has not begun leaves the course, others go on by themselves.

    The class's deadline binds them no more; that of the admin who enrolled them does again.
    """
    session.refresh(enrolment, _LOCKED, with_for_update=True)
    enrolment.awaits_decision = False
    session.flush()
    if due_on is not None and enrolment.due_on == due_on:
        batch = session.get(EnrolmentBatch, enrolment.batch_id) if enrolment.batch_id else None
        move_due(session, actor, [enrolment.id], batch.due_on if batch else None)
        session.refresh(enrolment, ["due_on"])
    if enrolment.active and not enrolment.completed and enrolment.source == "class" and not enrolment.last_seen_at:
        withdraw(session, actor, enrolment, now)


def _place(
    session: Session, person_id: int, course: Course, source: str, now: datetime, *, awaits: bool = False
) -> Enrolment:
    check_open(course, wib_date(now))
    enrolment = enrolment_of(session, person_id, course)
    if enrolment is not None:
        enrolment.withdrawn_at = None
        # Who did not pass in a class and comes back learns by himself now, unless it is a class again.
        enrolment.awaits_decision = awaits
        session.flush()
        announce(session, LearnerReturned(enrolment.id))
    else:
        enrolment = Enrolment(
            public_id=new_id(), person_id=person_id, course_id=course.id, source=source, started_at=now
        )
        try:
            with session.begin_nested():
                session.add(enrolment)
        except IntegrityError:
            # The same wish sent twice at the same moment; the first one's place is there now.
            twin = enrolment_of(session, person_id, course)
            if twin is None:
                raise
            return twin
    session.flush()
    announce(session, LearnerEnrolled(enrolment.id))
    return enrolment


def withdraw(session: Session, actor: Actor, enrolment: Enrolment, now: datetime) -> None:
    """Leave a course; what was done is kept and comes back on enrolling again. Raises CompletedStays."""
    if enrolment.completed:
        raise CompletedStays(_("Pelatihan ini sudah Anda selesaikan, jadi tetap tercatat."))
    if enrolment.withdrawn_at is None:
        enrolment.withdrawn_at = now
        session.flush()
        record(session, actor, "enrolment.withdrawn", enrolment)
        announce(session, LearnerWithdrew(enrolment.id))


def enrol_many(session: Session, actor: Actor, wish: EnrolmentWish, now: datetime) -> EnrolmentBatch:
    """Enrol a unit's people or those with the pasted NIPs; more than 500 are a job. Needs ENROL_OTHERS.

    Only active people within the actor's reach are taken; everybody else is left out as unknown.
    """
    actor.must(Permission.ENROL_OTHERS)
    plan = preview(session, actor, wish, wib_date(now))
    check_open(plan.course, wib_date(now))
    check_by_oneself(plan.course)
    if plan.fresh + plan.already == 0:
        raise Conflict(_("Tidak ada pegawai yang dapat didaftarkan. Periksa unit atau NIP."))
    batch = EnrolmentBatch(
        public_id=new_id(),
        course_id=plan.course.id,
        made_by=actor.me(),
        unit_id=plan.unit.id if plan.unit else None,
        nips=plan.nips,
        due_on=wish.due_on,
        moves_due=wish.moves_due and wish.due_on is not None,
        created_at=now,
    )
    session.add(batch)
    session.flush()
    asked = {
        "course": plan.course.slug,
        "unit": plan.unit.code if plan.unit else None,
        "due_on": str(wish.due_on or ""),
    }
    record(session, actor, "enrolment.batch", batch, after={**asked, "fresh": plan.fresh, "already": plan.already})
    if plan.fresh + plan.already <= AT_ONCE:
        fill_batch(session, actor, batch.public_id, now)
    else:
        title = _("Pendaftaran ke %(course)s", course=plan.course.title)[:200]
        job = enqueue(
            session,
            kind=JOB,
            title=title,
            owner_id=actor.me(),
            arguments={"batch": batch.public_id, "total": plan.fresh},
            unit=_("orang"),
            now=now,
        )
        batch.job_public_id = job.public_id
    session.flush()
    return batch


def fill_batch(session: Session, actor: Actor, public_id: str, now: datetime) -> int:
    """Enrol the next 500 of a batch; gives how many. With zero all are in and due dates are moved if asked for.

    May be run again at any point: whoever is in is not enrolled twice.
    """
    batch = batch_for(session, actor, public_id)
    if batch.undone_at is not None:
        raise Conflict(_("Pendaftaran ini sudah dibatalkan."))
    whom = whom_of(actor, batch.unit, batch.nips)
    here = (Enrolment.person_id == Person.id) & (Enrolment.course_id == batch.course_id)
    wanted = select(Person.id, Enrolment.id).outerjoin(Enrolment, here)
    absent = or_(Enrolment.id.is_(None), Enrolment.withdrawn_at.is_not(None))
    found = session.execute(wanted.where(*whom, absent).order_by(Person.id).limit(AT_ONCE)).all()
    fresh = [person_id for person_id, enrolment_id in found if enrolment_id is None]
    back = [enrolment_id for _person, enrolment_id in found if enrolment_id is not None]
    given = {"source": "admin", "enrolled_by": actor.me(), "batch_id": batch.id, "due_on": batch.due_on}
    added: list[int] = []
    if fresh:
        rows = [
            {**given, "public_id": new_id(), "person_id": id, "course_id": batch.course_id, "started_at": now}
            for id in fresh
        ]
        try:
            added = list(session.scalars(insert(Enrolment).returning(Enrolment.id), rows))
        except IntegrityError as twin:
            raise Conflict(_("Ada yang baru saja mendaftar sendiri. Kirim sekali lagi.")) from twin
    if back:
        session.execute(
            update(Enrolment).where(Enrolment.id.in_(back)).values(**given, withdrawn_at=None, awaits_decision=False)
        )
    batch.enrolled += len(found)
    for id in added + back:
        announce(session, LearnerEnrolled(id))
    for id in back:
        announce(session, LearnerReturned(id))
    if len(found) < AT_ONCE and batch.moves_due:
        _move_due(session, actor, batch, whom)
    session.flush()
    return len(found)


def _move_due(session: Session, actor: Actor, batch: EnrolmentBatch, whom: tuple[ColumnElement[bool], ...]) -> None:
    """Give the batch's due date to those who were in already and have not finished."""
    earlier = (
        select(Enrolment.id, Enrolment.public_id, Enrolment.due_on)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            *whom,
            Enrolment.course_id == batch.course_id,
            Enrolment.withdrawn_at.is_(None),
            Enrolment.completed_at.is_(None),
            or_(Enrolment.due_on.is_(None), Enrolment.due_on != batch.due_on),
        )
    )
    found = session.execute(earlier).all()
    _give_due(session, actor, found, batch.due_on)
    batch.due_moved += len(found)


def move_due(session: Session, actor: Actor, ids: Collection[int], due_on: date | None) -> None:
    """Give these enrolments another last day; who has completed keeps what stood. The caller answers for the right."""
    wanted = select(Enrolment.id, Enrolment.public_id, Enrolment.due_on).where(
        Enrolment.id.in_(ids), Enrolment.completed_at.is_(None), Enrolment.due_on.is_distinct_from(due_on)
    )
    _give_due(session, actor, session.execute(wanted).all(), due_on)


def _give_due(session: Session, actor: Actor, found: Sequence[Row[int, str, date | None]], due_on: date | None) -> None:
    if found:
        session.execute(update(Enrolment), [{"id": id, "due_on": due_on} for id, _public_id, _due in found])
        after = {"due_on": str(due_on or "")}
        moved = [(public_id, {"due_on": str(due or "")}, after) for _id, public_id, due in found]
        record_all(session, actor, "enrolment.due_moved", Enrolment, moved)


def enrol_by_rule(
    session: Session, actor: Actor, course: Course, due: Mapping[int, date | None], now: datetime
) -> Sequence[int]:
    """Enrol those people who never had a place in the course, each with a due date; gives whom. Needs ENROL_OTHERS.

    A place that is there stays as it is, a withdrawn one too: nobody is brought back against his or her will. Only the
    day that a rule gave is followed by the next one, once it has passed or was dropped. The rule answers for whom it
    means. Nobody is enrolled into a course that takes nobody in, or in classes only.
    """
    actor.must(Permission.ENROL_OTHERS)
    if course.classes_only or not course.published or (course.closes_on and wib_date(now) > course.closes_on):
        return []
    _follow_due(session, actor, course, due, wib_date(now))
    fresh = sorted(set(due) - _placed(session, course, due))
    rows = [
        {
            "public_id": new_id(),
            "person_id": id,
            "course_id": course.id,
            "source": "rule",
            "enrolled_by": actor.person_id,
            "due_on": due[id],
            "started_at": now,
        }
        for id in fresh
    ]
    if not rows:
        return []
    try:
        with session.begin_nested():
            added = list(session.scalars(insert(Enrolment).returning(Enrolment.id), rows))
    except IntegrityError:
        # Somebody enrolled at this very moment and has a place now; the others are taken in without him or her.
        left = {id: due[id] for id in fresh if id not in _placed(session, course, due)}
        if len(left) == len(fresh):
            raise
        return enrol_by_rule(session, actor, course, left, now)
    for id in added:
        announce(session, LearnerEnrolled(id))
    return fresh


def _follow_due(session: Session, actor: Actor, course: Course, due: Mapping[int, date | None], today: date) -> None:
    """Of a new term's days those that lie ahead, for places by rule whose own day has passed or is none."""
    ahead = {person_id: day for person_id, day in due.items() if day is not None and day >= today}
    wanted = _by_rule(ahead, [course.id]).where(or_(Enrolment.due_on.is_(None), Enrolment.due_on < today))
    found: dict[date, list[int]] = {}
    for id, person_id in session.execute(wanted.add_columns(Enrolment.person_id)):
        found.setdefault(ahead[person_id], []).append(id)
    for day, ids in found.items():
        move_due(session, actor, ids, day)


def drop_due(session: Session, actor: Actor, person_id: int, courses: Collection[int], due_on: date | None) -> None:
    """Whom a rule means no more is not bound by the day either that it gave; what was learned stays."""
    if due_on is not None:
        given = _by_rule([person_id], courses).where(Enrolment.due_on == due_on)
        move_due(session, actor, session.scalars(given).all(), None)


def _by_rule(people: Collection[int], courses: Collection[int]) -> Select[int]:
    """The ids of places by rule that are open still."""
    here = Enrolment.person_id.in_(people), Enrolment.course_id.in_(courses), Enrolment.source == "rule"
    return select(Enrolment.id).where(*here, Enrolment.completed_at.is_(None), Enrolment.withdrawn_at.is_(None))


def _placed(session: Session, course: Course, people: Iterable[int]) -> set[int]:
    """Those who have or had a place in the course."""
    wanted = select(Enrolment.person_id).where(Enrolment.course_id == course.id, Enrolment.person_id.in_(people))
    return set(session.scalars(wanted))


def undo_batch(session: Session, actor: Actor, batch: EnrolmentBatch, now: datetime) -> int:
    """Withdraw those of a batch who have not opened a lesson yet; gives how many. Moved due dates stay."""
    actor.must(Permission.ENROL_OTHERS)
    if batch.undone_at is not None:
        return 0
    found = session.execute(select(Enrolment.id, Enrolment.public_id).where(*untouched(batch))).all()
    if found:
        session.execute(update(Enrolment), [{"id": id, "withdrawn_at": now} for id, _public_id in found])
        record_all(session, actor, "enrolment.withdrawn", Enrolment, [(each, None, None) for _id, each in found])
    batch.undone_at, batch.withdrawn = now, len(found)
    session.flush()
    record(session, actor, "enrolment.batch_undone", batch, after={"withdrawn": len(found)})
    for id, _public_id in found:
        announce(session, LearnerWithdrew(id))
    return len(found)
