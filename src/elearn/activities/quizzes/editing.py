"""Verbs of those who teach: a quiz's rules, its questions and draws, and more time or attempts for one learner.

Who is in an attempt already is never disturbed: its rules and wordings were copied when it began.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from elearn.activities.quizzes.forms import AllowanceWish, DrawWish, QuizWish
from elearn.activities.quizzes.models import Attempt, Quiz, QuizAllowance
from elearn.activities.quizzes.queries import bank_of, course_banks, learner_with, own_questions, quiz_of
from elearn.activities.quizzes.rules import (
    Draw,
    completion_of,
    extended,
    random_draws,
    shortage,
    standing_within,
)
from elearn.foundation.database import twin_of
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.accounts import nip as nips
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.teaching.banks.actions import add_bank
from elearn.teaching.courses.actions import change_activity
from elearn.teaching.courses.kinds import Copied
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.queries import teaches
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.questions.drafts import faults_of_key, topic_within
from elearn.teaching.questions.models import QuestionBank
from elearn.teaching.questions.queries import authored, standing_in, topic_counts


def change_rules(session: Session, actor: Actor, activity: Activity, wish: QuizWish, now: datetime) -> None:
    """Take over the rules. Conflict when somebody else saved them after `wish.revision` was shown."""
    _check(session, actor, activity)
    quiz, old_title = _kept(session, activity), activity.title
    completion = completion_of(wish.assessment)
    change_activity(session, actor, activity, wish.model_copy(update={"completion": completion}), now)
    quiz.assessment, quiz.time_limit, quiz.attempts_allowed = wish.assessment, wish.time_limit, wish.attempts
    quiz.pass_mark = None if wish.assessment == "pretest" else wish.pass_mark
    quiz.release, quiz.grace_seconds = wish.release, wish.grace * 60
    quiz.shuffle_questions, quiz.shuffle_options = wish.shuffle_questions, wish.shuffle_options
    bank = bank_of(session, quiz)
    if bank is not None and bank.name == old_title:
        bank.name = activity.title
    session.flush()


def own_bank(session: Session, actor: Actor, activity: Activity, now: datetime) -> QuestionBank:
    """The bank that holds what is written for this quiz; it is made with the first question."""
    _check(session, actor, activity)
    quiz = _kept(session, activity)
    if standing := bank_of(session, quiz):
        return standing
    bank = add_bank(session, actor, activity.course, activity.title, now, key=activity.key)
    quiz.draws = [{"bank": bank.id, "all": True}, *quiz.draws]
    session.flush()
    return bank


def add_draw(session: Session, actor: Actor, activity: Activity, wish: DrawWish, now: datetime) -> None:
    """Take questions at random from a bank of the course; the same bank and topic again changes the number."""
    _check(session, actor, activity)
    quiz = _kept(session, activity)
    bank = next((each for each in course_banks(session, quiz, activity.course_id) if each.public_id == wish.bank), None)
    if bank is None:
        raise NotFound
    others = [draw for draw in random_draws(quiz.draws) if (draw.bank, draw.topic) != (bank.id, wish.topic)]
    counts = topic_counts(session, [bank.id])
    draws = [*others, Draw(bank.id, wish.topic, wish.count)]
    if shortage([draw for draw in draws if draw.bank == bank.id], counts):
        there = standing_within(counts, bank.id, wish.topic)
        said = _("Soal di sana hanya %(n)s, termasuk yang sudah diambil kuis ini.", n=there)
        raise Invalid(said, {"count": said})
    _check_finished(session, activity, bank, wish.topic)
    _keep_draws(session, actor, activity, quiz, draws)


def remove_draw(session: Session, actor: Actor, activity: Activity, source: str, now: datetime) -> None:
    """Take no more questions from a bank's topic, named as `DrawWish.source`."""
    _check(session, actor, activity)
    quiz = _kept(session, activity)
    wish = DrawWish(source=source or ":", count=1)
    bank = session.scalar(select(QuestionBank).filter_by(public_id=wish.bank, course_id=activity.course_id))
    draws = random_draws(quiz.draws)
    left = [draw for draw in draws if bank is None or (draw.bank, draw.topic) != (bank.id, wish.topic)]
    if len(left) == len(draws):
        raise NotFound
    if activity.course.state != "draft" and not left and not own_questions(session, quiz):
        raise Conflict(_("Kuis ini memerlukan satu soal. Tambahkan soal lain dahulu."))
    _keep_draws(session, actor, activity, quiz, left)


def allow(session: Session, actor: Actor, activity: Activity, wish: AllowanceWish, now: datetime) -> QuizAllowance:
    """Give one learner more time or attempts, in place of what was given before; a running attempt is extended."""
    _check_teaches(session, actor, activity)
    person = learner_with(session, activity.course_id, nips.clean(wish.nip))
    if person is None:
        said = _("NIP ini bukan milik peserta pelatihan ini.")
        raise Invalid(said, {"nip": said})
    if not wish.extra_minutes and not wish.extra_attempts:
        said = _("Isi tambahan waktu, tambahan percobaan, atau keduanya.")
        raise Invalid(said, {"extra_minutes": said})
    quiz = _kept(session, activity)
    given = session.get(QuizAllowance, (activity.id, person.id))
    before = _told(given) if given else None
    given = given or QuizAllowance(activity_id=activity.id, person_id=person.id)
    given.extra_minutes, given.extra_attempts, given.reason = wish.extra_minutes, wish.extra_attempts, wish.reason
    session.add(given)
    session.flush()
    running = select(Attempt).filter_by(activity_id=activity.id, person_id=person.id, submitted_at=None)
    for attempt in session.scalars(running.with_for_update()):
        attempt.deadline_at = extended(quiz, given, attempt)
    after = {"person": person.public_id, **_told(given)}
    record(session, actor, "quiz.allowed", activity, before=before, after=after, reason=wish.reason)
    session.flush()
    return given


def disallow(session: Session, actor: Actor, activity: Activity, person: str, now: datetime) -> None:
    """Take an allowance back, by the person's public id; a running attempt keeps its deadline."""
    _check_teaches(session, actor, activity)
    given = session.scalar(_allowance(activity, person))
    if given is None:
        raise NotFound
    record(session, actor, "quiz.disallowed", activity, before={"person": person, **_told(given)})
    session.delete(given)
    session.flush()


def copy_quizzes(session: Session, actor: Actor, copied: Copied, now: datetime) -> None:
    """Give the twins of quizzes their rules and draws, from the twins of their banks. Allowances stay behind."""
    found = session.scalars(select(Quiz).where(Quiz.activity_id.in_(copied.activities))).all()
    for each in found:
        draws = [{**draw, "bank": copied.bank(int(draw["bank"]))} for draw in each.draws]
        session.add(twin_of(each, activity_id=copied.activities[each.activity_id], draws=draws))


def _kept(session: Session, activity: Activity) -> Quiz:
    """The quiz as a row, made with the rules of an unsaved one where it is not there yet."""
    # Of two first questions at once the second waits here, and then finds the quiz and bank of the first.
    session.execute(select(Activity.id).filter_by(id=activity.id).with_for_update(key_share=True))
    quiz = session.get(Quiz, activity.id, populate_existing=True)
    if quiz is None:
        quiz = quiz_of(session, activity)
        activity.completion = completion_of(quiz.assessment)
        session.add(quiz)
        session.flush()
    return quiz


def _keep_draws(session: Session, actor: Actor, activity: Activity, quiz: Quiz, draws: Sequence[Draw]) -> None:
    whole = [draw for draw in quiz.draws if draw.get("all")]
    quiz.draws = whole + [{"bank": draw.bank, "topic": draw.topic, "count": draw.count} for draw in draws]
    session.flush()
    record(session, actor, "quiz.draws_changed", activity, after={"draws": quiz.draws})


def _check(session: Session, actor: Actor, activity: Activity) -> None:
    _check_teaches(session, actor, activity)
    check_editable(activity.course)


def _check_teaches(session: Session, actor: Actor, activity: Activity) -> None:
    if not teaches(session, actor, activity.course):
        raise NotFound


def _check_finished(session: Session, activity: Activity, bank: QuestionBank, topic: str) -> None:
    """A course that learners see takes no bank with unfinished questions, which only drafts may hold."""
    drafts = [authored(version) for version in standing_in(session, [bank.id])]
    broken = any(faults_of_key(draft) for draft in drafts if topic_within(draft.topic, topic))
    if broken and activity.course.state != "draft":
        said = _("Lengkapi dahulu soal bank itu yang belum punya kunci.")
        raise Invalid(said, {"source": said})


def _told(given: QuizAllowance) -> dict[str, int]:
    return {"minutes": given.extra_minutes, "attempts": given.extra_attempts}


def _allowance(activity: Activity, person: str) -> Select[QuizAllowance]:
    wanted = select(QuizAllowance).join(Person, Person.id == QuizAllowance.person_id)
    return wanted.where(QuizAllowance.activity_id == activity.id, Person.public_id == person)
