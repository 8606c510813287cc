"""Questions about quizzes and attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from elearn.activities.quizzes.models import Attempt, AttemptQuestion, Quiz, QuizAllowance
from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import Desk
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity
from elearn.teaching.questions.drafts import QuestionDraft, from_body
from elearn.teaching.questions.models import Question, QuestionVersion


def attempt_of(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Attempt:
    """The actor's own attempt; NotFound for everybody else and after withdrawing.

    `lock` holds its row until the transaction ends.
    """
    wanted = (
        select(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.public_id == public_id, Attempt.person_id == actor.me(), Enrolment.withdrawn_at.is_(None))
    )
    attempt = session.scalar(wanted.with_for_update(of=Attempt) if lock else wanted)
    if attempt is None:
        raise NotFound
    return attempt


def attempts_at(session: Session, desk: Desk) -> Sequence[Attempt]:
    """The learner's attempts at this quiz, in order."""
    mine = select(Attempt).filter_by(enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    return session.scalars(mine.order_by(Attempt.number)).all()


def questions_of(session: Session, attempt: Attempt) -> Sequence[AttemptQuestion]:
    """All questions of an attempt in order, without their wording."""
    return session.scalars(
        select(AttemptQuestion).filter_by(attempt_id=attempt.id).order_by(AttemptQuestion.position)
    ).all()


def worded_questions(session: Session, attempt: Attempt) -> Sequence[AttemptQuestion]:
    """All questions of an attempt with their wording and topic."""
    wanted = select(AttemptQuestion).filter_by(attempt_id=attempt.id).order_by(AttemptQuestion.position)
    wording = joinedload(AttemptQuestion.version).joinedload(QuestionVersion.question)
    return session.scalars(wanted.options(wording)).all()


def question_at(session: Session, attempt: Attempt, position: int) -> AttemptQuestion:
    """One question of an attempt with its wording."""
    wanted = select(AttemptQuestion).filter_by(attempt_id=attempt.id, position=position)
    found = session.scalar(wanted.options(joinedload(AttemptQuestion.version)))
    if found is None:
        raise NotFound
    return found


def draft_of(version: QuestionVersion) -> QuestionDraft:
    """The wording as the grader takes it."""
    return from_body(version.kind, version.stem, version.body, basis=version.basis, weight=version.weight)


def candidates(session: Session, bank_id: int, topic: str) -> Sequence[int]:
    """Ids of the current versions of a bank's questions, of a topic and those below it."""
    wanted = (
        select(QuestionVersion.id)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.current == QuestionVersion.number))
        .where(Question.bank_id == bank_id, Question.retired_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    if topic:
        wanted = wanted.where(or_(Question.topic == topic, Question.topic.startswith(f"{topic}/", autoescape=True)))
    return session.scalars(wanted).all()


def allowance_of(session: Session, activity_id: int, person_id: int) -> QuizAllowance | None:
    return session.get(QuizAllowance, (activity_id, person_id))


def quiz_of(session: Session, activity: Activity) -> Quiz:
    return session.get_one(Quiz, activity.id)


def overdue(session: Session, now: datetime) -> Sequence[Attempt]:
    """Open attempts whose deadline has passed, the oldest first."""
    wanted = select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now)
    return session.scalars(wanted.order_by(Attempt.deadline_at, Attempt.id)).all()


def texts(session: Session, activity: Activity) -> str:
    """Search finds nothing inside a quiz: questions stay where they are asked."""
    return ""
