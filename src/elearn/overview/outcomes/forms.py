"""What an admin asks of the classes of a year, by the words of the address, and as a file."""

from typing import Annotated

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish


class OutcomesWish(Form):
    """`tahun` is the calendar year in which classes begin, none for the present one."""

    tahun: Annotated[int, Field(ge=2000, le=2099)] | None = None


class OutcomesFileWish(FileWish, OutcomesWish):
    """The same as a file."""
