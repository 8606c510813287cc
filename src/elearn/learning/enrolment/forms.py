"""Input shapes of enrolment."""

from datetime import date
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Body, Form


class EnrolmentWish(Form):
    """Many people for one course: a unit with all below it, or pasted NIPs when `by` is nip."""

    course: str = Field(max_length=120)
    by: str = Field("unit", pattern="^(unit|nip)$")
    unit: str = Field("", max_length=40)
    nips: str = Field("", max_length=150_000)
    due_on: date | None = None
    """The last day, in WIB."""
    moves_due: bool = False
    """The due date also goes to those who are enrolled already."""


Nip = Annotated[str, Field(max_length=25)]


class BatchWish(Body):
    """Many people for one course, as a program sends them: a unit with all below it, or NIPs, spaces allowed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"course": "administrasi-pemerintahan", "unit": "DIK", "due_on": "2026-12-31"},
                {"course": "administrasi-pemerintahan", "nips": ["198501012010012001", "19900202 201503 2 002"]},
            ]
        }
    )
    course: str = Field(max_length=120)
    unit: str = Field("", max_length=40)
    nips: list[Nip] = Field(default_factory=list, max_length=5_000)
    due_on: date | None = None
    moves_due: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.unit) == bool(self.nips):
            raise ValueError(_("Kirim unit atau nips, salah satu."))
        return self

    def as_wish(self) -> EnrolmentWish:
        """The same as the form of the pages asks it, a NIP a line."""
        by = "unit" if self.unit else "nip"
        nips = "\n".join(self.nips)
        return EnrolmentWish(
            course=self.course, by=by, unit=self.unit, nips=nips, due_on=self.due_on, moves_due=self.moves_due
        )
