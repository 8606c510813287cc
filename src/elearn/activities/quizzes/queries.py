"""Questions about quizzes and attempts."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from elearn.activities.quizzes.models import Attempt, AttemptQuestion, Quiz, QuizAllowance
from elearn.activities.quizzes.rules import (
    QuizClosed,
    StillOpen,
    attempts_allowed,
    closed_words,
    own_bank_id,
    random_draws,
    released,
    seed_of,
    shortage,
    unsaved_quiz,
)
from elearn.foundation.database import rows_of
from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.paging import Stretch, stretch_of
from elearn.foundation.web.shapes import ListWish
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import Desk
from elearn.learning.renewals.queries import attempts_count_from
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.teaching.banks.results import Result
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.questions.drafts import QuestionDraft, faults_of_key, from_body
from elearn.teaching.questions.grading import released_view
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion
from elearn.teaching.questions.queries import authored, standing_in, topic_counts

_OWN = (
    select(Attempt)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(
        Attempt.public_id == bindparam("public_id"),
        Attempt.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
)
_OWN_LOCKED = _OWN.with_for_update(of=Attempt)


def attempt_of(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Attempt:
    """The actor's own attempt; NotFound for everybody else and after withdrawing.

    `lock` holds its row until the transaction ends.
    """
    attempt = session.scalar(_OWN_LOCKED if lock else _OWN, {"public_id": public_id, "person_id": actor.me()})
    if attempt is None:
        raise NotFound
    return attempt


def open_attempt_of(session: Session, actor: Actor, public_id: str) -> Attempt:
    """The actor's own attempt, whose questions may be read until it is handed in; raises QuizClosed after that."""
    attempt = attempt_of(session, actor, public_id)
    if not attempt.open:
        raise QuizClosed(_("Kuis ini sudah dikumpulkan. Jawaban yang tersimpan sudah dinilai."))
    return attempt


def closed_attempt_of(session: Session, actor: Actor, public_id: str) -> Attempt:
    """The actor's own attempt, which has a result; raises StillOpen before it is handed in."""
    attempt = attempt_of(session, actor, public_id)
    if attempt.open:
        raise StillOpen(_("Kuis ini belum dikumpulkan."))
    return attempt


def my_attempts(session: Session, desk: Desk, wish: ListWish) -> Stretch[Attempt]:
    """The learner's attempts at this quiz in order, a page at a time."""
    mine = select(Attempt).filter_by(enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    return stretch_of(session, mine, Attempt.number, wish)


def attempts_at(session: Session, desk: Desk) -> Sequence[Attempt]:
    """The learner's attempts at this quiz, in order."""
    mine = select(Attempt).filter_by(enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    return session.scalars(mine.order_by(Attempt.number)).all()


_EARLIER = select(Attempt.id, Attempt.number, Attempt.started_at, Attempt.submitted_at.is_(None).label("open")).where(
    Attempt.enrolment_id == bindparam("enrolment_id"), Attempt.activity_id == bindparam("activity_id")
)


class Tries(NamedTuple):
    """A learner's attempts at a quiz: how many count against those allowed, how many there are, which are open."""

    used: int
    all: int
    running: Sequence[Attempt]


def tries_at(session: Session, desk: Desk) -> Tries:
    """The learner's attempts as a start asks for them; who completes the course anew has all of them again."""
    since = attempts_count_from(session, desk.enrolment)
    rows = rows_of(session, _EARLIER, enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    used = sum(since is None or row.started_at >= since for row in rows)
    running = [session.get_one(Attempt, row.id, populate_existing=True) for row in rows if row.open]
    return Tries(used, max((row.number for row in rows), default=0), running)


def attempts_left(
    session: Session, desk: Desk, allowance: QuizAllowance | None, quiz: Quiz, attempts: Sequence[Attempt]
) -> int | None:
    """How many attempts the learner has still; None without a limit."""
    allowed = attempts_allowed(quiz, allowance)
    since = attempts_count_from(session, desk.enrolment) if allowed else None
    used = sum(since is None or each.started_at >= since for each in attempts)
    return max(0, allowed - used) if allowed else None


def questions_of(session: Session, attempt: Attempt) -> Sequence[AttemptQuestion]:
    """All questions of an attempt in order, without their wording."""
    return session.scalars(
        select(AttemptQuestion).filter_by(attempt_id=attempt.id).order_by(AttemptQuestion.position)
    ).all()


class Asked(NamedTuple):
    """A question of an attempt on the map: where it stands, whether it is answered."""

    position: int
    answered: bool
    flagged: bool


_MAP = (
    select(AttemptQuestion.position, AttemptQuestion.answer.is_not(None).label("answered"), AttemptQuestion.flagged)
    .where(AttemptQuestion.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptQuestion.position)
)


_GRADED = (
    select(
        AttemptQuestion.id,
        AttemptQuestion.position,
        AttemptQuestion.answer,
        QuestionVersion.kind,
        QuestionVersion.stem,
        QuestionVersion.body,
        QuestionVersion.weight,
    )
    .join(QuestionVersion, QuestionVersion.id == AttemptQuestion.version_id)
    .where(AttemptQuestion.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptQuestion.position)
)


def to_grade(session: Session, attempt: Attempt) -> Sequence[Row[Any]]:
    """All questions of an attempt in order, with what grading needs of their wording."""
    return rows_of(session, _GRADED, attempt_id=attempt.id)


def question_map(session: Session, attempt: Attempt) -> Sequence[Asked]:
    """All questions of an attempt in order, as their map shows them."""
    return [Asked._make(row) for row in rows_of(session, _MAP, attempt_id=attempt.id)]


def worded_questions(session: Session, attempt: Attempt) -> Sequence[AttemptQuestion]:
    """All questions of an attempt with their wording and topic."""
    wanted = select(AttemptQuestion).filter_by(attempt_id=attempt.id).order_by(AttemptQuestion.position)
    wording = joinedload(AttemptQuestion.version).joinedload(QuestionVersion.question)
    return session.scalars(wanted.options(wording)).all()


def versions_in_order(session: Session, ids: Sequence[int]) -> list[QuestionVersion]:
    """These wordings in the order of their ids."""
    found = {
        version.id: version for version in session.scalars(select(QuestionVersion).filter(QuestionVersion.id.in_(ids)))
    }
    return [found[each] for each in ids]


def asked_questions(session: Session, attempt: Attempt, wish: ListWish) -> Stretch[AttemptQuestion]:
    """The questions of an attempt with their wording, a page at a time."""
    wanted = select(AttemptQuestion).filter_by(attempt_id=attempt.id).options(joinedload(AttemptQuestion.version))
    return stretch_of(session, wanted, AttemptQuestion.position, wish)


def released_questions(session: Session, attempt: Attempt, today: date) -> list[AttemptQuestion] | None:
    """All questions with their wording if the learner may see the keys today; None before release."""
    closes_on = session.scalar(
        select(Course.closes_on)
        .join(Activity, Activity.course_id == Course.id)
        .where(Activity.id == attempt.activity_id)
    )
    if not released(attempt, bool(closed_words(closes_on, today))):
        return None
    return list(worded_questions(session, attempt))


def told(attempt: Attempt, question: AttemptQuestion) -> dict[str, Any]:
    """One question with its key, for after release."""
    draft, seed = draft_of(question.version), seed_of(attempt, question.position)
    return released_view(draft, seed, question.answer, shuffle=attempt.shuffle_options)


_AT = (
    select(AttemptQuestion)
    .where(AttemptQuestion.attempt_id == bindparam("attempt_id"), AttemptQuestion.position == bindparam("position"))
    .options(joinedload(AttemptQuestion.version, innerjoin=True))
)
_AT_LOCKED = (
    _AT.add_columns(Attempt)
    .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
    .with_for_update(of=Attempt)
    .execution_options(populate_existing=True)
)


def question_at(session: Session, attempt: Attempt, position: int, *, lock: bool = False) -> AttemptQuestion:
    """One question of an attempt with its wording.

    `lock` holds the attempt's row until the transaction ends, and reads both anew.
    """
    asked = {"attempt_id": attempt.id, "position": position}
    found = session.execute(_AT_LOCKED if lock else _AT, asked).first()
    if found is None:
        raise NotFound
    question: AttemptQuestion = found[0]
    return question


def draft_of(version: QuestionVersion) -> QuestionDraft:
    """The wording as the grader takes it."""
    return from_body(version.kind, version.stem, version.body, basis=version.basis, weight=version.weight)


_CANDIDATES = (
    select(QuestionVersion.id, Question.bank_id, Question.topic)
    .join(Question, (Question.id == QuestionVersion.question_id) & (Question.current == QuestionVersion.number))
    .where(Question.bank_id.in_(bindparam("banks", expanding=True)), Question.retired_at.is_(None))
    .order_by(Question.position, Question.id)
)


def drawn_versions(session: Session, quiz: Quiz) -> list[int]:
    """Questions for one attempt, by id of their version, each time anew; empty while the quiz has none.

    The deepest topics draw first, so that a draw of their parent leaves them enough.
    """
    dice = random.SystemRandom()
    standing = rows_of(session, _CANDIDATES, banks=[draw["bank"] for draw in quiz.draws])
    drawn: list[int] = []
    for draw in sorted(quiz.draws, key=lambda each: -len(each.get("topic", "").split("/")) if each.get("topic") else 0):
        fitting = [
            row.id for row in standing if row.bank_id == draw["bank"] and _within(row.topic, draw.get("topic", ""))
        ]
        left = [version for version in fitting if version not in drawn]
        drawn += left if draw.get("all") else dice.sample(left, min(draw["count"], len(left)))
    if quiz.shuffle_questions:
        dice.shuffle(drawn)
    return drawn


def _within(topic: str, wanted: str) -> bool:
    """Whether a topic is the wanted one or stands below it; "" takes in the whole bank."""
    return not wanted or topic == wanted or topic.startswith(f"{wanted}/")


def allowance_of(session: Session, activity_id: int, person_id: int) -> QuizAllowance | None:
    return session.get(QuizAllowance, (activity_id, person_id))


def quiz_of(session: Session, activity: Activity) -> Quiz:
    """The quiz, or an unsaved empty one while its author has written nothing."""
    return session.get(Quiz, activity.id) or unsaved_quiz(activity.id)


def question_count(session: Session, quiz: Quiz) -> int:
    """How many questions an attempt asks, when the banks hold what is drawn."""
    own = own_bank_id(quiz.draws)
    standing = sum(topic_counts(session, [own]).values()) if own else 0
    return standing + sum(draw.count for draw in random_draws(quiz.draws))


def own_questions(session: Session, quiz: Quiz) -> Sequence[QuestionVersion]:
    """The questions that were written for this quiz, in order, each with its question."""
    own = own_bank_id(quiz.draws)
    return standing_in(session, [own]) if own else []


def bank_of(session: Session, quiz: Quiz) -> QuestionBank | None:
    """The bank that was made for this quiz; None before its first question."""
    own = own_bank_id(quiz.draws)
    return session.get(QuestionBank, own) if own else None


def own_question(session: Session, quiz: Quiz, public_id: str) -> QuestionVersion:
    """One of them; NotFound for any other."""
    found = next((each for each in own_questions(session, quiz) if each.question.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def shortcomings(session: Session, activity: Activity) -> list[str]:
    """What keeps a quiz from being given to learners, a sentence each: no questions, unfinished ones, too few."""
    quiz = quiz_of(session, activity)
    banks = {int(draw["bank"]) for draw in quiz.draws}
    standing = standing_in(session, banks) if banks else []
    if not standing:
        return [_("%(title)s: belum ada soalnya.", title=activity.title)]
    found = []
    if unfinished := sum(bool(faults_of_key(authored(version))) for version in standing):
        found.append(_("%(title)s: %(n)s soal tanpa kunci.", title=activity.title, n=unfinished))
    counts = Counter((version.question.bank_id, version.question.topic) for version in standing)
    if missing := shortage(random_draws(quiz.draws), counts):
        found.append(_("%(title)s: bank kekurangan %(n)s soal untuk diacak.", title=activity.title, n=missing))
    return found


def too_narrow_for(session: Session, bank: QuestionBank) -> list[str]:
    """The titles of the quizzes that find too few questions in this bank as it stands now, by name."""
    counts = topic_counts(session, [bank.id])
    wanted = select(Activity.title, Quiz.draws).join(Quiz, Quiz.activity_id == Activity.id)
    quizzes = session.execute(wanted.where(Activity.course_id == bank.course_id, Activity.retired_at.is_(None)))
    found = []
    for title, draws in quizzes:
        taken = random_draws(draws)
        empty = not counts and not taken and own_bank_id(draws) == bank.id
        if empty or shortage([draw for draw in taken if draw.bank == bank.id], counts) > 0:
            found.append(title)
    return sorted(found)


def course_banks(session: Session, quiz: Quiz, course_id: int) -> Sequence[QuestionBank]:
    """The banks of the course that the quiz can take questions from, by name; its own is not among them."""
    own = own_bank_id(quiz.draws)
    banks = session.scalars(select(QuestionBank).filter_by(course_id=course_id).order_by(QuestionBank.name))
    return [bank for bank in banks if bank.id != own]


def allowances_of(session: Session, activity: Activity) -> Sequence[tuple[QuizAllowance, Person]]:
    """Who has more time or attempts in this quiz, by name."""
    wanted = select(QuizAllowance, Person).join(Person, Person.id == QuizAllowance.person_id)
    rows = session.execute(wanted.where(QuizAllowance.activity_id == activity.id).order_by(Person.name))
    return [(allowance, person) for allowance, person in rows]


def learner_with(session: Session, course_id: int, nip: str) -> Person | None:
    """Who learns in the course and has this NIP."""
    wanted = select(Person).join(Enrolment, Enrolment.person_id == Person.id)
    return session.scalar(
        wanted.where(Person.nip == nip, Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    )


def results_by_question(session: Session, question_ids: Sequence[int]) -> dict[int, Result]:
    """How questions fared in graded attempts, all versions together."""
    rows = session.execute(
        select(QuestionVersion.question_id, func.count(), func.avg(AttemptQuestion.points))
        .join(AttemptQuestion, AttemptQuestion.version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(QuestionVersion.question_id.in_(question_ids), Attempt.graded_at.is_not(None))
        .group_by(QuestionVersion.question_id)
    )
    return {question_id: Result(asked, float(share or 0)) for question_id, asked, share in rows}


def last_tests(course_ids: Sequence[int]) -> Select[int, int]:
    """A question for the post-tests that stand in these courses: course_id, activity_id."""
    return (
        select(Activity.course_id, Activity.id.label("activity_id"))
        .join(Quiz, Quiz.activity_id == Activity.id)
        .join(Module, Module.id == Activity.module_id)
        .where(
            Activity.course_id.in_(course_ids),
            Quiz.assessment == "posttest",
            Activity.retired_at.is_(None),
            Module.retired_at.is_(None),
        )
    )


def overdue(session: Session, now: datetime) -> Sequence[Attempt]:
    """Open attempts whose deadline has passed, the oldest first."""
    wanted = select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now)
    return session.scalars(wanted.order_by(Attempt.deadline_at, Attempt.id)).all()


def texts(session: Session, activity: Activity) -> str:
    """Search finds nothing inside a quiz: questions stay where they are asked."""
    return ""
