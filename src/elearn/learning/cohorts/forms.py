"""Input shapes of classes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form

# Days of an office's lifetime: what is typed wrong by a thousand years is refused, and copies never run out of time.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class CohortWish(Form):
    """A class as its organiser describes it; `revision` is the one that was shown."""

    course: str = Field("", max_length=120)
    name: str = Field(min_length=3, max_length=200)
    form_code: str = Field(max_length=8)
    international: bool = False
    organiser: str = Field("", max_length=200)
    place: str = Field("", max_length=200)
    link: str = Field("", max_length=500)
    starts_on: Day
    ends_on: Day
    closes_on: Day | None = None
    quota: int | None = Field(None, ge=1, le=100_000)
    audience: str = Field("", max_length=300)
    speakers: str = Field("", max_length=2000)
    due_on: Day | None = None
    least_attendance: int = Field(0, ge=0, le=100)
    nominated_only: bool = False
    revision: int = 0


class CopyWish(Form):
    """When the copy begins."""

    starts_on: Day


class NipsWish(Form):
    """People by pasted NIPs."""

    nips: str = Field(max_length=150_000)


class RemovalWish(Form):
    """Why somebody is taken out of a class."""

    reason: str = Field(min_length=3, max_length=300)


class NominationWish(Form):
    """Whom an OPD admin nominates: ticked people by public id, and pasted NIPs."""

    people: list[str] = Field(default_factory=list, max_length=2_000)
    nips: str = Field("", max_length=150_000)


class NominationRuling(Form):
    """What the regency's admin says to chosen nominations, or to all that were `shown`.

    A refusal names a standard reason or one in own words.
    """

    participants: list[str] = Field(default_factory=list, max_length=2_000)
    shown: list[str] = Field(default_factory=list, max_length=2_000)
    verdict: Literal["approve", "approve_shown", "refuse"]
    standard: str = Field("", max_length=20)
    reason: str = Field("", max_length=300)


class RulingWish(Form):
    """A decision for those who are ticked, or for everybody without a blocker when `whom` is clear."""

    whom: Literal["ticked", "clear"] = "ticked"
    participants: list[str] = Field(default_factory=list, max_length=5_000)
    result: Literal["passed", "failed", "deferred"]
    reason: str = Field("", max_length=300)
