"""What an admin asks of a programme's duties, by the words of its address, and as a file."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish

State = Literal["", "terlambat", "belum", "selesai", "pindah"]


class DutiesWish(Form):
    """The filters; the unit's subtree is taken in. Without a year each person's last term is meant.

    `langsung` leaves out what stands below the unit; without a unit it means people who have none.
    """

    unit: str = Field("", max_length=40)
    keadaan: State = ""
    tahun: Annotated[int, Field(ge=2000, le=2999)] | None = None
    langsung: Literal["", "1"] = ""


class DutiesBook(DutiesWish):
    """The same for a job: of which programme, and the day on which it was asked who is late."""

    program: str
    hari: date


class DutiesFileWish(FileWish, DutiesWish):
    """The same as a file."""
