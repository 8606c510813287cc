"""Verbs of quizzes. Attempt, draw and deadline belong to the server; no acknowledged answer is ever lost."""

import secrets
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from elearn.activities.quizzes import queries
from elearn.activities.quizzes.models import Attempt, AttemptQuestion, Quiz
from elearn.activities.quizzes.rules import (
    check_course_open,
    check_may_start,
    deadline_of,
    late_seconds,
    percent,
    seed_of,
    time_is_up,
)
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import Desk
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.outline import QuizFile
from elearn.teaching.questions.drafts import from_body
from elearn.teaching.questions.grading import clean_answer, score
from elearn.teaching.questions.models import QuestionBank

log = structlog.get_logger()

# Attempts that the clock closes in one transaction: savers wait for no longer than that takes.
AT_ONCE = 50


class StaleAnswer(Conflict):
    """Another tab or device saved a newer answer; `question` holds it."""

    def __init__(self, question: AttemptQuestion) -> None:
        super().__init__(_("Kuis ini terbuka di tab lain dan jawaban di sana lebih baru. Periksa, lalu simpan lagi."))
        self.question = question

    @property
    def told(self) -> dict[str, Any]:
        saved = self.question
        moment = saved.answered_at.isoformat() if saved.answered_at else None
        facts = {"position": saved.position, "answer": saved.answer, "revision": saved.revision}
        return {"newer": {**facts, "answered_at": moment, "flagged": saved.flagged}}


def write_file(session: Session, actor: Actor, activity: Activity, file: QuizFile, now: datetime) -> None:
    """Take over a quiz's rules from its course file."""
    rows = session.execute(select(QuestionBank.key, QuestionBank.id).filter_by(course_id=activity.course_id)).all()
    banks = {key: bank_id for key, bank_id in rows}  # noqa: C416 - a result row is no plain pair
    quiz = session.get(Quiz, activity.id) or Quiz(activity_id=activity.id)
    quiz.assessment, quiz.time_limit, quiz.attempts_allowed = file.assessment, file.time_limit, file.attempts
    quiz.pass_mark, quiz.release = file.pass_mark, file.release
    quiz.shuffle_questions = quiz.shuffle_options = file.shuffle
    quiz.draws = [{"bank": banks[d.bank], "topic": d.topic, "count": d.count} for d in file.draws]
    session.add(quiz)
    session.flush()


def start(session: Session, actor: Actor, desk: Desk, now: datetime) -> Attempt:
    """Begin an attempt, or go on with the open one. Two starts at once make one attempt."""
    # Whoever comes second waits here and then finds the first one's attempt.
    session.execute(select(Enrolment.id).filter_by(id=desk.enrolment.id).with_for_update())
    tries = queries.tries_at(session, desk)
    running = next((attempt for attempt in tries.running if not time_is_up(attempt, now)), None)
    if running is not None:
        return running
    check_course_open(desk.course.closes_on, wib_date(now))
    quiz = queries.quiz_of(session, desk.activity)
    allowance = queries.allowance_of(session, desk.activity.id, actor.me())
    check_may_start(quiz, allowance, tries.used)
    attempt = Attempt(
        public_id=new_id(16),
        enrolment_id=desk.enrolment.id,
        activity_id=desk.activity.id,
        person_id=actor.me(),
        number=tries.all + 1,
        seed=secrets.token_hex(16),
        started_at=now,
        deadline_at=deadline_of(quiz, allowance, now),
        grace_seconds=quiz.grace_seconds,
        pass_mark=quiz.pass_mark,
        release=quiz.release,
        shuffle_options=quiz.shuffle_options,
    )
    session.add(attempt)
    session.flush()
    versions = queries.drawn_versions(session, quiz)
    if not versions:
        raise Conflict(_("Kuis ini belum mempunyai soal. Beri tahu pengajarnya."))
    session.execute(
        insert(AttemptQuestion),
        [
            {"attempt_id": attempt.id, "position": n, "version_id": version}
            for n, version in enumerate(versions, start=1)
        ],
    )
    record_evidence(session, actor, desk.enrolment, desk.activity, Evidence(), now)
    return attempt


# The revision once more: on a database that is told otherwise about locks it still decides between two tabs.
_KEEP = (
    update(AttemptQuestion)
    .where(AttemptQuestion.id == bindparam("question_id"), AttemptQuestion.revision == bindparam("seen"))
    .values({name: bindparam(name) for name in ("answer", "revision", "answered_at", "late_seconds")})
)


def save_answer(
    session: Session,
    actor: Actor,
    attempt: Attempt,
    position: int,
    raw: Any,
    revision: int,
    now: datetime,
    *,
    clear: bool = False,
) -> AttemptQuestion:
    """Save one answer if nobody saved a newer one: `revision` is the one the learner saw.

    The same answer sent again changes nothing. A blank one never replaces an answer unless `clear` says so.
    Raises StaleAnswer, QuizClosed, Invalid.
    """
    # Otherwise PostgreSQL lets an answer slip in between closing and grading: kept, told as saved, never graded.
    question = queries.question_at(session, attempt, position, lock=True)
    late = late_seconds(attempt, now)
    answer = None if clear else clean_answer(queries.draft_of(question.version), seed_of(attempt, position), raw)
    if answer == question.answer:
        return question
    if revision != question.revision:
        raise StaleAnswer(question)
    if answer is None and not clear:
        return question
    written = {"answer": answer, "revision": revision + 1, "answered_at": now, "late_seconds": late}
    changed = session.connection().execute(_KEEP, {"question_id": question.id, "seen": revision, **written})
    if changed.rowcount == 0:
        session.refresh(question, ["answer", "revision", "answered_at", "late_seconds"])
        raise StaleAnswer(question)
    for name, value in written.items():
        set_committed_value(question, name, value)
    return question


def flag(session: Session, actor: Actor, attempt: Attempt, position: int, flagged: bool, now: datetime) -> None:
    """Mark a question as doubtful, for the learner's own map."""
    late_seconds(attempt, now)
    queries.question_at(session, attempt, position).flagged = flagged
    session.flush()


def submit(session: Session, actor: Actor, attempt: Attempt, now: datetime, closed_by: str = "learner") -> Attempt:
    """Hand in: close first, then grade what is saved. Handing in again changes nothing."""
    closed = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.submitted_at.is_(None))
        .values(submitted_at=now, closed_by=closed_by)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount == 1:  # type: ignore[attr-defined]
        _grade(session, actor, attempt, now)
    session.refresh(attempt)
    return attempt


def _grade(session: Session, actor: Actor, attempt: Attempt, now: datetime) -> None:
    questions = queries.to_grade(session, attempt)
    points = [
        score(from_body(each.kind, each.stem, each.body), seed_of(attempt, each.position), each.answer)
        for each in questions
    ]
    if questions:
        graded = [{"id": each.id, "points": earned} for each, earned in zip(questions, points, strict=True)]
        session.execute(update(AttemptQuestion), graded)
    earned = percent(zip(points, (each.weight for each in questions), strict=True))
    passed = None if attempt.pass_mark is None else earned >= attempt.pass_mark
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(score=earned, passed=passed, graded_at=now)
        .execution_options(synchronize_session=False)
    )
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    activity = session.get_one(Activity, attempt.activity_id)
    evidence = Evidence(handed_in=True, passed=bool(passed), score=earned)
    record_evidence(session, actor, enrolment, activity, evidence, now)


def close_expired(session: Session, actor: Actor, now: datetime) -> int:
    """Hand in for some of those whose time and grace are over; saved answers count. Gives how many.

    An attempt that cannot be graded is logged and stays open; it keeps no other waiting.
    """
    done = 0
    for attempt in [each for each in queries.overdue(session, now) if time_is_up(each, now)][:AT_ONCE]:
        try:
            with session.begin_nested():
                submit(session, actor, attempt, now, closed_by="clock")
            done += 1
        except Exception:
            log.exception("attempt not closed", attempt=attempt.public_id)
    return done
