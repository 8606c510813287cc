"""Verbs of readings."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.readings.forms import ReadingWish
from elearn.activities.readings.models import ExerciseText, PracticeAnswer, Reading
from elearn.activities.readings.queries import exercise_exists, practice_named
from elearn.activities.readings.rules import body_of, check_text, practice_seed
from elearn.foundation.database import twin_of
from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.learning.player.queries import Desk
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.people.access.actor import Actor
from elearn.teaching.courses.actions import change_activity, touch
from elearn.teaching.courses.kinds import Copied
from elearn.teaching.courses.lesson import parse_body
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.outline import LessonFile
from elearn.teaching.questions.grading import clean_answer, score

LONGEST_EXERCISE = 50_000


def write_file(session: Session, actor: Actor, activity: Activity, file: LessonFile, now: datetime) -> None:
    """Take over a lesson's text from its file."""
    reading, body = session.get(Reading, activity.id), body_of(file.source)
    if reading is None:
        session.add(Reading(activity_id=activity.id, source=body, saved_at=now))
    elif reading.source != body:
        reading.source, reading.saved_at = body, now
    session.flush()


def copy_readings(session: Session, actor: Actor, copied: Copied, now: datetime) -> None:
    """Give the twins of lessons their texts."""
    found = session.scalars(select(Reading).where(Reading.activity_id.in_(copied.activities))).all()
    session.add_all(twin_of(each, activity_id=copied.activities[each.activity_id]) for each in found)


def change_reading(session: Session, actor: Actor, activity: Activity, wish: ReadingWish, now: datetime) -> None:
    """Take over what the editor holds. Conflict when somebody else saved in between."""
    blocks, problems = parse_body(wish.source)
    check_text(blocks, problems, wish.completion, published=activity.course.state == "published")
    change_activity(session, actor, activity, wish, now)
    reading = session.get(Reading, activity.id)
    if reading is None:
        session.add(Reading(activity_id=activity.id, source=wish.source, saved_at=now))
    else:
        reading.source, reading.saved_at = wish.source, now
    activity.size = len(wish.source.encode())
    touch(session, actor, activity.course, now)


def answer_practice(session: Session, actor: Actor, desk: Desk, item_key: str, raw: Any, now: datetime) -> None:
    """Keep an answer to a practice question; it is explained afterwards and never graded."""
    practice = practice_named(session, desk.activity, item_key)
    if practice is None:
        raise NotFound
    seed = practice_seed(desk.enrolment.public_id, item_key)
    answer = clean_answer(practice.draft, seed, raw)
    if answer is None:
        raise Invalid(_("Pilih atau isi jawaban dahulu."))
    found = {"enrolment_id": desk.enrolment.id, "activity_id": desk.activity.id, "item_key": item_key}
    row = session.scalar(select(PracticeAnswer).filter_by(**found))
    if row is None:
        row = PracticeAnswer(**found)
        session.add(row)
    row.answer, row.score, row.answered_at = answer, score(practice.draft, seed, answer), now
    session.flush()
    record_evidence(session, actor, desk.enrolment, desk.activity, Evidence(), now)


def save_exercise(
    session: Session, actor: Actor, desk: Desk, item_key: str, text: str, checks: list[int], now: datetime
) -> None:
    """Keep what the learner wrote; saving it completes an exercise."""
    if not exercise_exists(session, desk.activity, item_key):
        raise NotFound
    if len(text) > LONGEST_EXERCISE:
        raise Invalid(_("Jawaban paling panjang %(n)s huruf.", n=LONGEST_EXERCISE))
    found = {"enrolment_id": desk.enrolment.id, "activity_id": desk.activity.id, "item_key": item_key}
    row = session.scalar(select(ExerciseText).filter_by(**found))
    if row is None:
        row = ExerciseText(**found, revision=0, text="", checks=[])
        session.add(row)
    # A blank form of a stale tab never wipes out what was written.
    if text.strip():
        row.text = text
    row.checks, row.revision, row.saved_at = checks, row.revision + 1, now
    session.flush()
    evidence = Evidence(exercise_saved=bool(row.text.strip()))
    record_evidence(session, actor, desk.enrolment, desk.activity, evidence, now)
