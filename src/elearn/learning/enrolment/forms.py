"""Input shapes of enrolment."""

from datetime import date

from pydantic import Field

from elearn.foundation.web.shapes import Form


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
