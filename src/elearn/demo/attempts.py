"""The demo's quizzes: its learners answer by the same actions as everybody, so that reports on questions say something.

What is drawn is chance, as for everybody; who gets what right is not.
"""

from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy.orm import Session

from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.activities.quizzes.queries import draft_of, worded_questions
from elearn.activities.quizzes.rules import seed_of
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.teaching.questions.grading import released_view

# In a quiz that must be passed one question of so many may be wrong.
ONE_WRONG_OF = 5


def take_quiz(session: Session, actor: Actor, activity: str, begin: datetime) -> None:
    """One attempt at the quiz with this public id, half a minute a question, handed in; a pass mark is reached."""
    attempt = actions.start(session, actor, desk(session, actor, activity, "quiz"), begin)
    questions = worded_questions(session, attempt)
    most_wrong = len(questions) if attempt.pass_mark is None else len(questions) // ONE_WRONG_OF
    nip = session.get_one(Person, actor.me()).nip or ""
    now = begin
    for question in questions:
        now += timedelta(seconds=30)
        wrong = most_wrong > 0 and _slips(nip, question.version.stem)
        most_wrong -= wrong
        raw = _answer(question, attempt, right=not wrong)
        actions.save_answer(session, actor, attempt, question.position, raw, question.revision, now)
    actions.submit(session, actor, attempt, now)


def _slips(nip: str, stem: str) -> bool:
    """Whether this person gets this question wrong: some questions are harder than others, some people more careful."""
    hard, careless = crc32(stem.encode()) % 60, 1 + crc32(nip.encode()) % 3
    return crc32(f"{nip} {stem}".encode()) % 100 < 3 + hard * careless // 3


def _answer(question: AttemptQuestion, attempt: Attempt, *, right: bool) -> Any:
    """What the learner sends; a wrong short answer says that it is not known, wrong pairs are left blank."""
    told = released_view(draft_of(question.version), seed_of(attempt, question.position), None)
    match question.version.kind:
        case "single" | "true_false":
            return next(option["id"] for option in told["options"] if option["right"] is right)
        case "multiple":
            return [option["id"] for option in told["options"] if option["right"] is right]
        case "number":
            return told["number"] if right else f"{told['number']}1"
        case "short":
            return told["accepted"][0] if right else "belum tahu"
        case _:
            ids = {pair["text"]: pair["id"] for pair in told["rights"]}
            return {left["id"]: ids[left["right"]] for left in told["lefts"]} if right else None
