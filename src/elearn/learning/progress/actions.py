"""Verbs of progress. Everything a kind knows of a learner's work comes in through `record_evidence`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from elearn.foundation.events import announce
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.events import ActivityCompleted, CourseCompleted, WorkedAgain
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.queries import outline_progress, progress_of
from elearn.learning.progress.rules import (
    Evidence,
    Outlined,
    Standing,
    course_done,
    earned_seconds,
    final_score,
    rule_met,
)
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Activity, Course


def note_opened(
    session: Session, actor: Actor, enrolment: Enrolment, activity: Activity | Outlined, now: datetime
) -> ActivityProgress:
    """Remember that the learner is here: the next visit resumes at this activity."""
    here = _held(session, enrolment)
    progress = progress_of(session, enrolment.id, activity.id)
    if progress is None:
        progress = ActivityProgress(
            enrolment_id=enrolment.id,
            activity_id=activity.id,
            opened_at=now,
            last_seen_at=now,
            active_seconds=0,
            place=0.0,
        )
        session.add(progress)
    here.last_activity_id = activity.id
    here.last_seen_at = now
    session.flush()
    return progress


def _held(session: Session, enrolment: Enrolment) -> Enrolment:
    """The enrolment's row, locked: of two reports at once the second sees all that the first one left.

    Else both would begin the same progress, or finish the last two activities without seeing each other.
    """
    return session.get_one(Enrolment, enrolment.id, with_for_update=True)


def record_evidence(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    activity: Activity | Outlined,
    evidence: Evidence,
    now: datetime,
) -> ActivityProgress:
    """Take in what a learner did. Values only grow; what is completed stays completed.

    The enrolment and the activity belong to the same course; the caller found both through the actor.
    Announces ActivityCompleted and CourseCompleted, each once, and WorkedAgain in a course that was completed before.
    """
    progress = note_opened(session, actor, enrolment, activity, now)
    again = enrolment.completed
    seconds = earned_seconds(evidence.seconds, progress.last_seen_at, now)
    progress.active_seconds += seconds
    progress.last_seen_at = now
    if evidence.place is not None:
        progress.place = max(0.0, evidence.place)
    if evidence.seen_to_end and progress.seen_to_end_at is None:
        progress.seen_to_end_at = now
    if evidence.exercise_saved and progress.exercise_saved_at is None:
        progress.exercise_saved_at = now
    if evidence.score is not None:
        progress.score = max(evidence.score, progress.score or 0.0)
    if progress.completed_at is None and rule_met(activity, progress, evidence):
        progress.completed_at = now
        session.flush()
        announce(session, ActivityCompleted(enrolment.id, activity.id))
        _complete_course(session, actor, enrolment, now)
    session.flush()
    if again and evidence != Evidence():
        told = {name: getattr(evidence, name) for name in _TOLD_AGAIN}
        announce(session, WorkedAgain(enrolment.id, activity.id, now, seconds, **told))
    return progress


_TOLD_AGAIN = ("seen_to_end", "exercise_saved", "handed_in", "passed", "score")


def settle(session: Session, actor: Actor, course_id: int, now: datetime) -> None:
    """After less is required than before: whoever had only that one to do has completed the course."""
    began = exists().where(ActivityProgress.enrolment_id == Enrolment.id, ActivityProgress.completed_at.is_not(None))
    open_ones = select(Enrolment).where(
        Enrolment.course_id == course_id,
        Enrolment.completed_at.is_(None),
        Enrolment.withdrawn_at.is_(None),
        Enrolment.awaits_decision.is_(False),
        began,
    )
    # In the order in which accounts are locked elsewhere too.
    for enrolment in session.scalars(open_ones.order_by(Enrolment.person_id)).all():
        _complete_course(session, actor, enrolment, now)


def settle_one(session: Session, actor: Actor, enrolment: Enrolment, now: datetime) -> None:
    """After a class let go of a learner, or one came back: who had done everything by then has completed the course."""
    if enrolment.active:
        _complete_course(session, actor, enrolment, now)


def decide_passed(session: Session, actor: Actor, enrolment: Enrolment, jp: int | None, now: datetime) -> None:
    """Complete a course by the organiser's word; `jp` is what the class gives, None for the course's own.

    The class answers for the right to do so. Completing twice is the same as once. Announces CourseCompleted.
    """
    enrolment = _held(session, enrolment)
    session.refresh(enrolment, ("completed_at", "awaits_decision"))
    if enrolment.completed_at is None:
        enrolment.awaits_decision = False
        outline = outline_progress(session, enrolment.course_id, enrolment.id)
        _complete(session, actor, enrolment, outline, jp, now)


def correct_completion(session: Session, actor: Actor, enrolment: Enrolment, jp: int) -> None:
    """A completed course gave other JP after all; reports and a certificate that is issued anew say these."""
    before = enrolment.completed_jp
    if before != jp:
        enrolment.completed_jp = jp
        session.flush()
        record(session, actor, "course.completion_corrected", enrolment, before={"jp": before}, after={"jp": jp})


def _complete_course(session: Session, actor: Actor, enrolment: Enrolment, now: datetime) -> None:
    enrolment = _held(session, enrolment)
    # A class may have taken the learner in since this was loaded.
    session.refresh(enrolment, ("completed_at", "awaits_decision"))
    if enrolment.completed_at is not None or enrolment.awaits_decision:
        return
    outline = outline_progress(session, enrolment.course_id, enrolment.id)
    completed = {activity.id for activity, progress in outline if progress and progress.completed}
    if course_done((activity for activity, _ in outline if activity.required), completed):
        _complete(session, actor, enrolment, outline, None, now)


def _complete(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    outline: Sequence[tuple[Outlined, Standing | None]],
    jp: int | None,
    now: datetime,
) -> None:
    scores = {a.id: p.score for a, p in outline if p is not None and p.score is not None}
    enrolment.completed_at = now
    enrolment.score = final_score([activity for activity, _ in outline], scores)
    enrolment.completed_jp = session.get_one(Course, enrolment.course_id).jp if jp is None else jp
    enrolment.completed_unit_id = session.get_one(Person, enrolment.person_id).unit_id
    session.flush()
    record(session, actor, "course.completed", enrolment, after={"jp": enrolment.completed_jp})
    announce(session, CourseCompleted(enrolment.id))
