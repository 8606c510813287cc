"""What a head asks of the summary, by the words of its address, and as a file."""

from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.attainment.forms import AttainmentWish


class SummaryWish(Form):
    """The filters; `tahun` is a calendar year, none for the present one; the unit's subtree is taken in."""

    tahun: Annotated[int, Field(ge=2000, le=2100)] | None = None
    unit: str = Field("", max_length=40)

    @property
    def for_attainment(self) -> AttainmentWish:
        """The same in the words of the list behind the numbers."""
        return AttainmentWish(tahun=self.tahun, unit=self.unit)


class SummaryFileWish(SummaryWish):
    """The months as a file."""

    format: Literal["xlsx", "csv", "json"]
