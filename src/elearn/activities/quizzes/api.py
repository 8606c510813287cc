"""JSON face of quizzes: start, read the questions, answer, hand in, see the result. Keys only after release."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from elearn.activities.quizzes import actions, queries
from elearn.activities.quizzes.forms import AnswerWish, FlagWish
from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.activities.quizzes.rules import seed_of
from elearn.foundation.clock import wib_date
from elearn.foundation.web.problems import Listing, Problem, refused_with
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.shapes import ListWish
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope
from elearn.teaching.questions.grading import learner_view

router = APIRouter(tags=["attempts"])

Taker = Annotated[Actor, with_scope("attempts:write")]
Position = Annotated[int, Path(ge=1, le=10_000)]


ATTEMPT: dict[str, Any] = {
    "id": "f3q8w1z5n7r2c6t4",
    "number": 1,
    "open": False,
    "started_at": "2026-11-23T02:14:00Z",
    "deadline_at": "2026-11-23T02:44:00Z",
    "submitted_at": "2026-11-23T02:31:00Z",
    "closed_by": "learner",
    "pass_mark": 70,
    "score": 90.0,
    "passed": True,
}
ANSWER: dict[str, Any] = {
    "position": 1,
    "answer": {"choice": "5f2c9a10b3d44e7f"},
    "revision": 1,
    "answered_at": "2026-11-23T02:15:30Z",
    "flagged": False,
}
QUESTION: dict[str, Any] = {
    **ANSWER,
    "kind": "single",
    "stem": "Siapa yang memutuskan?",
    "options": [{"id": "5f2c9a10b3d44e7f", "text": "Plt"}, {"id": "0c41be77a9d2f358", "text": "Plh"}],
}
TOLD: dict[str, Any] = {
    "position": 1,
    "kind": "single",
    "stem": "Siapa yang memutuskan?",
    "answered": True,
    "score": 1.0,
    "explanation": "Jabatan itu kosong.",
    "basis": "UU 30/2014 Pasal 14",
    "options": [
        {"id": "5f2c9a10b3d44e7f", "text": "Plt", "chosen": True, "right": True, "explanation": "Jabatan kosong."},
        {"id": "0c41be77a9d2f358", "text": "Plh", "chosen": False, "right": False, "explanation": "Hanya berhalangan."},
    ],
}


class AttemptOut(BaseModel):
    """One try at a quiz. Answers count until `deadline_at`, which is the server's; null is no limit.

    `score` is a percentage and stands, like `passed`, once the attempt is handed in.
    """

    model_config = ConfigDict(from_attributes=True, validate_by_name=True, json_schema_extra={"examples": [ATTEMPT]})
    id: str = Field(validation_alias="public_id")
    number: int
    open: bool
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    pass_mark: int | None
    score: float | None
    passed: bool | None

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptOut":
        return cls.model_validate(attempt)


class SavedAnswer(BaseModel):
    """An answer as the server keeps it; `revision` counts the saves."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ANSWER]})
    position: int
    answer: dict[str, Any] | None
    revision: int
    answered_at: datetime | None
    flagged: bool

    @classmethod
    def of(cls, question: AttemptQuestion) -> "SavedAnswer":
        return cls.model_validate(question)


class ChoiceOut(BaseModel):
    """Something to choose; its id means something in this attempt only. Texts are Markdown."""

    id: str
    text: str


class QuestionOut(SavedAnswer):
    """A question as its learner sees it, with the answer so far. Stem and texts are Markdown.

    `options` for choices, `lefts` and `rights` for matching; null for the other kinds.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})
    kind: str
    stem: str
    options: list[ChoiceOut] | None = None
    lefts: list[ChoiceOut] | None = None
    rights: list[ChoiceOut] | None = None

    @classmethod
    def asked(cls, attempt: Attempt, question: AttemptQuestion) -> "QuestionOut":
        draft, seed = queries.draft_of(question.version), seed_of(attempt, question.position)
        view = learner_view(draft, seed, shuffle=attempt.shuffle_options)
        return cls(**SavedAnswer.of(question).model_dump(), **view)


class ToldOption(ChoiceOut):
    """An option after release."""

    chosen: bool
    right: bool
    explanation: str


class ToldPair(ChoiceOut):
    """A left side after release: the text that was chosen for it, and the right one."""

    chosen: str
    right: str
    correct: bool


class ToldQuestion(BaseModel):
    """A question after release, with the key. What another kind of question has is null."""

    position: int
    kind: str
    stem: str
    answered: bool
    score: float
    explanation: str
    basis: str
    options: list[ToldOption] | None = None
    lefts: list[ToldPair] | None = None
    rights: list[ChoiceOut] | None = None
    given: str | None = None
    accepted: list[str] | None = None
    number: str | None = None
    tolerance: str | None = None

    @classmethod
    def told(cls, attempt: Attempt, question: AttemptQuestion) -> "ToldQuestion":
        return cls(position=question.position, **queries.told(attempt, question))


class ResultOut(AttemptOut):
    """A handed-in attempt. `questions` with keys and explanations are null until `released`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**ATTEMPT, "released": True, "questions": [TOLD]}]})
    released: bool
    questions: list[ToldQuestion] | None

    @classmethod
    def after(cls, attempt: Attempt, questions: list[AttemptQuestion] | None) -> "ResultOut":
        told = None if questions is None else [ToldQuestion.told(attempt, question) for question in questions]
        return cls(**AttemptOut.of(attempt).model_dump(), released=told is not None, questions=told)


class StaleProblem(Problem):
    """Type `urn:elearn:stale-answer` comes with `newer`: the answer that was saved meanwhile."""

    newer: SavedAnswer | None = None


@router.get("/activities/{activity}/attempts", operation_id="listMyAttempts", responses=refused_with(404))
def list_mine(
    activity: str, session: DbSession, actor: Taker, wish: Annotated[ListWish, Query()]
) -> Listing[AttemptOut]:
    """The owner's attempts at a quiz, the first one first."""
    found = queries.my_attempts(session, desk(session, actor, activity, "quiz"), wish)
    return Listing[AttemptOut](items=[AttemptOut.of(each) for each in found.rows], next=found.next)


@router.post("/activities/{activity}/attempts", operation_id="startAttempt", responses=refused_with(404, 409))
def start(activity: str, session: DbSession, actor: Taker, now: Now) -> AttemptOut:
    """Begin an attempt, or go on with the open one: twice is the same as once."""
    return AttemptOut.of(actions.start(session, actor, desk(session, actor, activity, "quiz"), now))


@router.get("/attempts/{attempt}", operation_id="getAttempt", responses=refused_with(404))
def show(attempt: str, session: DbSession, actor: Taker) -> AttemptOut:
    """One of the owner's attempts."""
    return AttemptOut.of(queries.attempt_of(session, actor, attempt))


@router.get("/attempts/{attempt}/questions", operation_id="listQuestions", responses=refused_with(404, 409))
def list_questions(
    attempt: str, session: DbSession, actor: Taker, wish: Annotated[ListWish, Query()]
) -> Listing[QuestionOut]:
    """The questions of an open attempt in order, with the answers so far."""
    found = queries.open_attempt_of(session, actor, attempt)
    part = queries.asked_questions(session, found, wish)
    return Listing[QuestionOut](items=[QuestionOut.asked(found, each) for each in part.rows], next=part.next)


@router.get("/attempts/{attempt}/questions/{position}", operation_id="getQuestion", responses=refused_with(404, 409))
def show_question(attempt: str, position: Position, session: DbSession, actor: Taker) -> QuestionOut:
    """One question of an open attempt with the answer so far."""
    found = queries.open_attempt_of(session, actor, attempt)
    return QuestionOut.asked(found, queries.question_at(session, found, position))


@router.put(
    "/attempts/{attempt}/questions/{position}/answer",
    operation_id="saveAnswer",
    responses={**refused_with(404), **refused_with(409, model=StaleProblem)},
)
def save(attempt: str, position: Position, session: DbSession, actor: Taker, wish: AnswerWish, now: Now) -> SavedAnswer:
    """Save one answer. The same one sent again changes nothing; a stale revision is 409 with the newer answer."""
    found = queries.attempt_of(session, actor, attempt)
    saved = actions.save_answer(session, actor, found, position, wish.answer, wish.revision, now, clear=wish.clear)
    return SavedAnswer.of(saved)


@router.put(
    "/attempts/{attempt}/questions/{position}/flag", operation_id="flagQuestion", responses=refused_with(404, 409)
)
def flag(attempt: str, position: Position, session: DbSession, actor: Taker, wish: FlagWish, now: Now) -> SavedAnswer:
    """Mark a question of an open attempt as doubtful, or not any more."""
    found = queries.attempt_of(session, actor, attempt)
    actions.flag(session, actor, found, position, wish.flagged, now)
    return SavedAnswer.of(queries.question_at(session, found, position))


@router.put("/attempts/{attempt}/submission", operation_id="submitAttempt", responses=refused_with(404))
def submit(attempt: str, session: DbSession, actor: Taker, now: Now) -> AttemptOut:
    """Hand in: what is saved is graded. Handing in again changes nothing."""
    found = queries.attempt_of(session, actor, attempt, lock=True)
    return AttemptOut.of(actions.submit(session, actor, found, now))


@router.get("/attempts/{attempt}/result", operation_id="getResult", responses=refused_with(404, 409))
def result(attempt: str, session: DbSession, actor: Taker, now: Now) -> ResultOut:
    """The result of an attempt that was handed in; keys and explanations once the quiz releases them."""
    found = queries.closed_attempt_of(session, actor, attempt)
    return ResultOut.after(found, queries.released_questions(session, found, wib_date(now)))
