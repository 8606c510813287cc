"""Verbs of renewals. They leave enrolment, certificate and JP of the first completion alone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from elearn.foundation.events import announce
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.events import WorkedAgain
from elearn.learning.progress.rules import Evidence, rule_met
from elearn.learning.renewals.events import CourseRenewed
from elearn.learning.renewals.models import Renewal, RenewalStep
from elearn.learning.renewals.queries import needed_in, open_renewal
from elearn.learning.renewals.rules import STEPS, TEST, done_anew
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Activity

# When the term begins of each person and course; none where whatever was completed counts.
Owed = Mapping[tuple[int, int], datetime | None]


def begin(session: Session, actor: Actor, owed: Owed, now: datetime) -> int:
    """Open a renewal for each of these people and courses that were completed before; gives for how many.

    Who has renewed it since the term began, perhaps while the caller was looking, needs no other; one that is open
    stays as it is. The caller answers for the right, as with ENROL_OTHERS, which it needs.
    """
    actor.must(Permission.ENROL_OTHERS)
    fresh = _without_any(session, owed)
    if not fresh:
        return 0
    rows = [{"enrolment_id": id, "began_at": now, "way": ""} for id in fresh]
    try:
        with session.begin_nested():
            session.execute(insert(Renewal), rows)
    except IntegrityError:
        # Another programme's run opened some of them at this very moment; the others are opened without them.
        if len(_without_any(session, owed)) == len(fresh):
            raise
        return begin(session, actor, owed, now)
    return len(fresh)


def _without_any(session: Session, owed: Owed) -> list[int]:
    """Ids of completed enrolments of these people and courses without a renewal that is open or new enough."""
    people, courses = {person for person, _course in owed}, {course for _person, course in owed}
    opened = (Renewal.enrolment_id == Enrolment.id) & Renewal.renewed_at.is_(None)
    done = aliased(Renewal)
    renewed_at = select(func.max(done.renewed_at)).where(done.enrolment_id == Enrolment.id).scalar_subquery()
    wanted = (
        select(Enrolment.id, Enrolment.person_id, Enrolment.course_id, renewed_at.label("renewed_at"))
        .outerjoin(Renewal, opened)
        .where(
            Enrolment.person_id.in_(people),
            Enrolment.course_id.in_(courses),
            Enrolment.completed_at.is_not(None),
            Renewal.id.is_(None),
        )
        .order_by(Enrolment.id)
    )
    found = []
    for id, person_id, course_id, last in session.execute(wanted):
        if (person_id, course_id) not in owed:
            continue
        since = owed[person_id, course_id]
        if last is None or (since is not None and last < since):
            found.append(id)
    return found


def take_in(session: Session, actor: Actor, again: WorkedAgain) -> Renewal | None:
    """What a learner did in a completed course; gives the renewal that this completed. Announces CourseRenewed.

    The enrolment's row is held by whoever tells it. Steps count in an open renewal only; a last test that is passed
    again counts whenever that is.
    """
    renewal = open_renewal(session, again.enrolment_id)
    if renewal is None and not again.passed:
        return None
    activity = session.get_one(Activity, again.activity_id)
    needed = needed_in(session, [activity.course_id])[activity.course_id]
    if needed.way == TEST and again.passed and again.activity_id in needed.tests:
        renewal = renewal or Renewal(enrolment_id=again.enrolment_id, began_at=again.at)
        renewal.activity_id, renewal.score = again.activity_id, again.score
        return _close(session, actor, renewal, TEST, again.at)
    if needed.way != STEPS or renewal is None:
        return None
    _step(session, renewal, activity, again)
    done = select(RenewalStep.activity_id).where(RenewalStep.renewal_id == renewal.id, RenewalStep.done_at.is_not(None))
    if done_anew(needed, (), session.scalars(done).all()):
        return _close(session, actor, renewal, STEPS, again.at)
    return None


def _step(session: Session, renewal: Renewal, activity: Activity, again: WorkedAgain) -> None:
    step = session.get(RenewalStep, (renewal.id, activity.id))
    if step is None:
        step = RenewalStep(renewal_id=renewal.id, activity_id=activity.id, active_seconds=0)
        session.add(step)
    step.active_seconds += again.seconds
    if again.seen_to_end and step.seen_to_end_at is None:
        step.seen_to_end_at = again.at
    if again.exercise_saved and step.exercise_saved_at is None:
        step.exercise_saved_at = again.at
    told = Evidence(handed_in=again.handed_in, passed=again.passed)
    if step.done_at is None and rule_met(activity, step, told):
        step.done_at = again.at
    session.flush()


def _close(session: Session, actor: Actor, renewal: Renewal, way: str, now: datetime) -> Renewal:
    renewal.way, renewal.renewed_at = way, now
    session.add(renewal)
    session.flush()
    record(session, actor, "course.renewed", renewal, after={"enrolment_id": renewal.enrolment_id, "way": way})
    announce(session, CourseRenewed(renewal.enrolment_id))
    return renewal
