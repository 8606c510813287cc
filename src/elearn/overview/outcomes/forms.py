"""What is asked of the classes of a year, by the words of the address, and as a file."""

from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish

State = Literal["", "peserta", "menunggu", "lulus", "tidak-lulus"]


class OutcomesWish(Form):
    """`tahun` is the calendar year in which classes begin, none for the present one; the unit's subtree is taken in."""

    tahun: Annotated[int, Field(ge=2000, le=2099)] | None = None
    unit: str = Field("", max_length=40)


class ClassWish(Form):
    """Which of the own people in one class."""

    unit: str = Field("", max_length=40)
    keadaan: State = ""


class OutcomesFileWish(FileWish, OutcomesWish):
    """The same as a file."""
