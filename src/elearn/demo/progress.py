"""The demo's course, and who is how far in it."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.attempts import take_quiz
from elearn.demo.people import ACCOUNTS
from elearn.foundation.clock import wib_date
from elearn.learning.enrolment.actions import enrol
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.queries import outline_progress
from elearn.learning.progress.rules import Evidence
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Course, CourseInstructor

DEMO_COURSE = "administrasi-pemerintahan"


def content_folder() -> Path:
    """Where the demo's course lies: content/ of the work tree, or of the image's working folder."""
    beside = Path(__file__).parents[3] / "content"
    return beside if beside.exists() else Path("content")


def load_progress(session: Session, now: datetime) -> None:
    """Some people are on their way through the demo course, a few have finished it."""
    course = session.scalar(select(Course).filter_by(slug=DEMO_COURSE))
    if course is None or session.scalar(select(Enrolment.id).filter_by(course_id=course.id).limit(1)) is not None:
        return
    for account in ACCOUNTS:
        if account.role == "instructor":
            teacher = session.scalars(select(Person).filter_by(nip=account.nip)).one()
            session.add(CourseInstructor(course_id=course.id, person_id=teacher.id, added_at=now))
    names = {account.nip for account in ACCOUNTS}
    learners = session.scalars(select(Person).where(Person.nip.not_in(names)).order_by(Person.id)).all()
    for n, person in enumerate(learners[:24]):
        if person.activated_at is None:
            continue
        share = (1.0, 0.4, 0.1)[n % 3]
        _study(session, person, course, share, now - timedelta(days=150 - 6 * n))
    for person in learners[24:32]:
        actor = actor_for(session, person.id)
        assert actor is not None  # noqa: S101 - the demo's people are active
        enrol(session, actor, course, now - timedelta(days=9)).due_on = wib_date(now + timedelta(days=21))


def _study(session: Session, person: Person, course: Course, share: float, begin: datetime) -> None:
    actor = actor_for(session, person.id)
    assert actor is not None  # noqa: S101 - the demo's people are active
    enrolment = enrol(session, actor, course, begin)
    # Whoever began more than three months ago and is not done is late.
    enrolment.due_on = wib_date(begin + timedelta(days=90))
    outline = [activity for activity, _progress in outline_progress(session, course.id, enrolment.id)]
    for n, activity in enumerate(outline[: max(1, int(len(outline) * share))]):
        moment = begin + timedelta(hours=8 * n)
        if activity.kind == "quiz":
            take_quiz(session, actor, activity.public_id, moment)
            continue
        record_evidence(session, actor, enrolment, activity, Evidence(), moment)
        done = Evidence(seconds=activity.minutes * 60, seen_to_end=True, exercise_saved=True)
        record_evidence(session, actor, enrolment, activity, done, moment + timedelta(minutes=5))
