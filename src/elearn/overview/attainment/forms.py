"""What an admin asks of attainment, by the words of its address, and as a file."""

from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish

State = Literal["", "belum", "separuh", "sudah", "pppk"]


class AttainmentWish(Form):
    """The filters; `tahun` is a calendar year, none for the present one; the unit's subtree is taken in.

    `langsung` leaves out what stands below the unit; without a unit it means people who have none.
    """

    tahun: Annotated[int, Field(ge=2000, le=2100)] | None = None
    unit: str = Field("", max_length=40)
    keadaan: State = ""
    langsung: Literal["", "1"] = ""


class AttainmentFileWish(FileWish, AttainmentWish):
    """The same as a file."""
