"""What is typed for a new version of a form's rule."""

from datetime import date
from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form

Basis = Literal["programme", "day", "time", "daily", "stated"]


class VersionWish(Form):
    """How a form counts from a day on; the numbers as far as its way of counting needs them."""

    since: date
    basis: Basis
    jp: int | None = Field(None, ge=1, le=100)
    jp_abroad: int | None = Field(None, ge=1, le=100)
    times: int | None = Field(None, ge=1, le=31)
    source: str = Field(min_length=10, max_length=200)


class WithdrawalWish(Form):
    """The day from which the version to be withdrawn would hold."""

    since: date
