"""Questions about reviews: what is due, what is new, what was answered today. All for the actor alone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import Session, joinedload

from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.activities.quizzes.queries import draft_of
from elearn.activities.quizzes.release import IN_OPEN_ATTEMPT, RELEASED
from elearn.activities.reviews.models import Review, ReviewAnswer
from elearn.activities.reviews.rules import A_DAY, first_day, left_today, ready_before
from elearn.foundation.clock import wib_date
from elearn.foundation.database import rows_of
from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.questions.grading import learner_view, released_view
from elearn.teaching.questions.models import Question, QuestionVersion

# What may be asked again: docs/decisions/0026. A course that is completed and still open to learners, a quiz that
# stands in it, a question in the very wording whose key this learner has been told, and no open attempt with it.
_MAY_BE_ASKED: Sequence[ColumnElement[bool]] = (
    Enrolment.completed_at.is_not(None),
    Enrolment.withdrawn_at.is_(None),
    Course.state == "published",
    Activity.retired_at.is_(None),
    Question.retired_at.is_(None),
    Question.current == QuestionVersion.number,
    RELEASED,
    ~IN_OPEN_ATTEMPT,
)


def _planned(*wanted: Any) -> Select[Any]:
    """The actor's reviews that may be asked."""
    return (
        select(*wanted)
        .select_from(Review)
        .join(Enrolment, Enrolment.id == Review.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Attempt, Attempt.id == Review.attempt_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .join(QuestionVersion, QuestionVersion.id == Review.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Review.person_id == bindparam("person_id"), *_MAY_BE_ASKED)
    )


def _told(*wanted: Any) -> Select[Any]:
    """The questions of the actor's attempts that may be asked, planned or not."""
    return (
        select(*wanted)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Enrolment.person_id == bindparam("person_id"), *_MAY_BE_ASKED)
    )


_DUE = _planned(literal(1).label("one")).where(Review.due_on <= bindparam("today")).limit(A_DAY).subquery()
# One look at an index for each course: what else was told in one of them later joins when the next day begins.
_UNPLANNED = ~exists().where(Review.enrolment_id == Enrolment.id).correlate(Enrolment)
_READY = Enrolment.completed_at < bindparam("ready_before")
_NEW = _told(literal(1).label("one")).where(_READY, _UNPLANNED).limit(A_DAY).subquery()

# Numbers for a statement of another page; their parameters are `asked_today`.
WAITING = (
    select(func.count()).select_from(_DUE).scalar_subquery() + select(func.count()).select_from(_NEW).scalar_subquery()
)
GIVEN = (
    select(func.count())
    .where(ReviewAnswer.person_id == bindparam("person_id"), ReviewAnswer.answered_on == bindparam("today"))
    .scalar_subquery()
)
_STANDING = select(WAITING.label("waiting"), GIVEN.label("given"))


def asked_today(actor: Actor, today: date) -> dict[str, Any]:
    """The parameters of the statements here."""
    return {"person_id": actor.me(), "today": today, "ready_before": ready_before(today)}


class Standing(NamedTuple):
    """How many answers were given today, and how many questions wait; of these it is enough to know three."""

    given: int
    waiting: int

    @property
    def left(self) -> int:
        """How many are still asked today."""
        return left_today(self.waiting, self.given)

    @property
    def all(self) -> int:
        return self.given + self.left


def standing(session: Session, actor: Actor, today: date) -> Standing:
    """How the actor stands today; one statement."""
    row = rows_of(session, _STANDING, **asked_today(actor, today))[0]
    return Standing(row.given, row.waiting)


# What was begun goes first, so that a wrong answer comes back soon; then the courses that were completed last.
# The seed mixes their questions, always in the same way.
_NEXT = (
    _planned(Review.public_id)
    .where(Review.due_on <= bindparam("today"))
    .order_by(
        case((Review.asked > 0, 0), else_=1),
        case((Review.asked > 0, Review.due_on)),
        Review.due_on.desc(),
        Review.seed,
        Review.id,
    )
    .limit(1)
)


def next_review(session: Session, actor: Actor, today: date) -> str | None:
    """The public id of the review that is asked next today; None when none is, or the day's three are given."""
    if given_today(session, actor, today) >= A_DAY:
        return None
    found = rows_of(session, _NEXT, person_id=actor.me(), today=today)
    return str(found[0].public_id) if found else None


def given_today(session: Session, actor: Actor, today: date) -> int:
    """How many answers the actor has given on this WIB day."""
    return int(rows_of(session, select(GIVEN.label("given")), person_id=actor.me(), today=today)[0].given)


def review_of(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Review:
    """The actor's own review, whether it may be asked or not; NotFound for everybody else.

    `lock` holds its row until the transaction ends, and reads it anew.
    """
    wanted = select(Review).filter_by(public_id=public_id, person_id=actor.me())
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    review = session.scalar(wanted)
    if review is None:
        raise NotFound
    return review


_THIS = _planned(Review.id).where(Review.id == bindparam("review_id"))


def may_be_asked(session: Session, review: Review, today: date) -> bool:
    """Whether question, quiz and course stand as they must; not whether it is due."""
    asked = {"person_id": review.person_id, "today": today, "review_id": review.id}
    return bool(rows_of(session, _THIS, **asked))


def wording_of(session: Session, review: Review) -> QuestionVersion:
    """The wording that the review asks."""
    return session.get_one(QuestionVersion, review.version_id)


def seed_of(review: Review, number: int) -> str:
    """The secret of the option ids of one time that a review is asked."""
    return f"{review.seed}:{number}"


def asked_view(session: Session, review: Review) -> dict[str, Any]:
    """The question as it is asked next: without key, explanation and weight."""
    return learner_view(draft_of(wording_of(session, review)), seed_of(review, review.asked + 1))


def told_view(session: Session, review: Review, answer: ReviewAnswer) -> dict[str, Any]:
    """The question with what was answered, its key and explanations."""
    return released_view(draft_of(wording_of(session, review)), seed_of(review, answer.number), answer.answer)


def course_of(session: Session, review: Review) -> Course:
    wanted = select(Course).join(Enrolment, Enrolment.course_id == Course.id)
    return session.scalars(wanted.where(Enrolment.id == review.enrolment_id)).one()


def answer_to(session: Session, review: Review, number: int) -> ReviewAnswer | None:
    """The answer to the review when it was asked for this time."""
    return session.scalar(select(ReviewAnswer).filter_by(review_id=review.id, number=number))


def answers_of_day(session: Session, actor: Actor, today: date) -> Sequence[ReviewAnswer]:
    """The actor's answers of this WIB day in order, with their reviews and wordings; at most three."""
    wanted = select(ReviewAnswer).filter_by(person_id=actor.me(), answered_on=today)
    loaded = wanted.options(joinedload(ReviewAnswer.review).joinedload(Review.version))
    return session.scalars(loaded.order_by(ReviewAnswer.place)).all()


_LEFT_OUT = (
    _told(
        Enrolment.id.label("enrolment_id"),
        Enrolment.completed_at,
        func.min(Attempt.id).label("attempt_id"),
        QuestionVersion.id.label("version_id"),
    )
    .where(
        _READY,
        ~exists()
        .where(Review.person_id == bindparam("person_id"), Review.version_id == QuestionVersion.id)
        .correlate(QuestionVersion),
    )
    .group_by(Enrolment.id, Enrolment.completed_at, QuestionVersion.id)
    .order_by(Enrolment.id, QuestionVersion.id)
)


def unplanned(session: Session, actor: Actor, today: date) -> Sequence[Row[Any]]:
    """What may be asked from today on and has no review yet: enrolment_id, completed_at, attempt_id, version_id."""
    return rows_of(session, _LEFT_OUT, **asked_today(actor, today))


_LATER = _planned(func.min(Review.due_on).label("day")).where(Review.due_on > bindparam("today"))
_RIPENING = _told(func.min(Enrolment.completed_at).label("at")).where(~_READY, _UNPLANNED)


def next_time(session: Session, actor: Actor, now_here: Standing, today: date) -> date | None:
    """The first day after today on which something is asked, as it looks now; None when nothing is planned."""
    if now_here.waiting:
        return today + timedelta(days=1)
    days = [rows_of(session, _LATER, person_id=actor.me(), today=today)[0].day]
    completed: datetime | None = rows_of(session, _RIPENING, **asked_today(actor, today))[0].at
    if completed is not None:
        days.append(first_day(wib_date(completed)))
    return min((day for day in days if day is not None), default=None)


class OpenQuiz(NamedTuple):
    """An attempt that is not handed in yet, and what its quiz is called."""

    attempt: str
    title: str


_OPEN_QUIZ = (
    select(Attempt.public_id, Activity.title)
    .join(Activity, Activity.id == Attempt.activity_id)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.completed_at.is_not(None),
        Enrolment.withdrawn_at.is_(None),
        Attempt.submitted_at.is_(None),
    )
    .order_by(Attempt.id)
    .limit(1)
)


def open_quiz(session: Session, actor: Actor) -> OpenQuiz | None:
    """A quiz of a completed course whose questions rest because the actor is in the middle of it."""
    found = rows_of(session, _OPEN_QUIZ, person_id=actor.me())
    return OpenQuiz._make(found[0]) if found else None
