"""What an admin asks of a programme's duties, by the words of its address, and as a file."""

from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish

State = Literal["", "terlambat", "belum", "selesai", "pindah"]


class DutiesWish(Form):
    """The filters; the unit's subtree is taken in."""

    unit: str = Field("", max_length=40)
    keadaan: State = ""


class DutiesFileWish(FileWish, DutiesWish):
    """The same as a file."""
