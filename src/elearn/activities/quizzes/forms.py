"""What instructors type about quizzes, and what programs send of a learner's."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from elearn.foundation.web.shapes import Body, Form
from elearn.teaching.courses.forms import ActivityWish


class QuizWish(ActivityWish):
    """The rules of a quiz. Blank `time_limit` (minutes) and `attempts` mean no limit; `grace` is in minutes."""

    assessment: Literal["pretest", "quiz", "posttest"] = "quiz"
    time_limit: int = Field(0, ge=0, le=600)
    attempts: int = Field(0, ge=0, le=50)
    pass_mark: int = Field(70, ge=1, le=100)
    release: Literal["after_submit", "after_pass", "after_close", "never"] = "after_submit"
    shuffle_questions: bool = False
    shuffle_options: bool = False
    grace: int = Field(10, ge=0, le=120)


class DrawWish(Form):
    """So many questions at random; `source` is a bank's public id and a topic, with a colon between them."""

    source: str = Field(min_length=1, max_length=150)
    count: int = Field(ge=1, le=200)

    @property
    def bank(self) -> str:
        return self.source.partition(":")[0]

    @property
    def topic(self) -> str:
        return self.source.partition(":")[2]


class AllowanceWish(Form):
    """More time or attempts for one learner, named by NIP, and why."""

    nip: str = Field(min_length=1, max_length=40)
    extra_minutes: int = Field(0, ge=0, le=600)
    extra_attempts: int = Field(0, ge=0, le=20)
    reason: str = Field(min_length=3, max_length=300)


class AnswerWish(Body):
    """One answer, and the revision of the answer that it replaces; a stale one is refused.

    `answer` by kind: `{"choice": id}` (single, true_false), `{"choices": [id]}` (multiple), `{"text": "Plt"}` (short),
    `{"number": "2,5"}` (number), `{"pairs": {left id: right id}}` (matching).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answer": {"choice": "5f2c9a10b3d44e7f"}, "revision": 0},
                {"answer": {"number": "2,5"}, "revision": 1},
            ]
        }
    )
    answer: dict[str, Any] | None
    revision: int = Field(ge=0, le=2**31 - 1)
    clear: bool = False
    """Take the answer back. A null answer without this replaces nothing."""


class FlagWish(Body):
    """Whether the question is marked as doubtful."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"flagged": True}]})
    flagged: bool
