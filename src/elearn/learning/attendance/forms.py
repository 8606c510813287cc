"""Input shapes of sessions and attendance."""

from datetime import date, time

from pydantic import Field

from elearn.foundation.web.shapes import Form


class SessionWish(Form):
    """A meeting on one local day (WIB)."""

    title: str = Field(min_length=2, max_length=200)
    day: date
    starts: time
    ends: time
    place: str = Field("", max_length=200)
    link: str = Field("", max_length=500)


class ListWish(Form):
    """Who was there, by public id of the participant."""

    present: list[str] = Field(default_factory=list, max_length=5_000)
    sheet: bool = False
    """Copied from the signed sheet."""


class CorrectionWish(Form):
    """Somebody was there after all, or was not."""

    present: bool = False
    reason: str = Field(min_length=3, max_length=300)


class CodeWish(Form):
    """A code as it was typed."""

    code: str = Field(max_length=40)
