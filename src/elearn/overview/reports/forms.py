"""What an admin asks of a report, by the words of its address, and of an export."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form, ListWish
from elearn.overview.exports.forms import FileWish


def _not_before_the_first(last: date | None, info: ValidationInfo) -> date | None:
    """A period's last day, by the day that its shape names before it."""
    first = next((value for value in info.data.values() if isinstance(value, date)), None)
    if last is not None and first is not None and last < first:
        raise ValueError(_("Hari terakhir mendahului hari pertama."))
    return last


# Beyond these no calendar of ours has a day, and the first moment of the year 1 in WIB cannot be told in UTC.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
LastDay = Annotated[Day | None, AfterValidator(_not_before_the_first)]
Slug = Annotated[str, Field(max_length=80)]
UnitCode = Annotated[str, Field(max_length=40)]
"""The unit's code; the subtree is taken in."""
Words = Annotated[str, Field(max_length=200)]
"""Words of names, or digits of an NIP."""


class ReportWish(Form):
    """The filters; both days are included."""

    pelatihan: Slug = ""
    unit: UnitCode = ""
    q: Words = ""
    dari: Day | None = None
    sampai: LastDay = None


class ExportWish(FileWish, ReportWish):
    """The same as a file."""


class CompletionListWish(ListWish):
    """The same filters for a program, with a page of the list."""

    course: Slug = ""
    unit: UnitCode = ""
    q: Words = ""
    since: Day | None = None
    until: LastDay = None
