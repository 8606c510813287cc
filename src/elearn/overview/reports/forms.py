"""What an admin asks of a report, by the words of its address, and of an export."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form, ListWish

# Beyond these no calendar of ours has a day, and the first moment of the year 1 in WIB cannot be told in UTC.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class ReportWish(Form):
    """The filters; both days are included."""

    pelatihan: str = Field("", max_length=80)
    unit: str = Field("", max_length=40)
    q: str = Field("", max_length=200)
    dari: Day | None = None
    sampai: Day | None = None

    @field_validator("sampai")
    @classmethod
    def _not_before_the_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        return _ordered(info.data.get("dari"), last)


class ExportWish(ReportWish):
    """The same as a file. `asked` tells that reason and password were asked for."""

    format: Literal["xlsx", "csv", "json"]
    reason: str = Field("", max_length=300)
    password: str = Field("", max_length=200)
    asked: bool = False


class CompletionListWish(ListWish):
    """The same filters for a program, with a page of the list."""

    course: str = Field("", max_length=80)
    unit: str = Field("", max_length=40)
    """Its code; the subtree is taken in."""
    q: str = Field("", max_length=200)
    """Words of names, or digits of an NIP."""
    since: Day | None = None
    until: Day | None = None

    @field_validator("until")
    @classmethod
    def _not_before_the_first(cls, last: date | None, info: ValidationInfo) -> date | None:
        return _ordered(info.data.get("since"), last)


def _ordered(first: date | None, last: date | None) -> date | None:
    if last is not None and first is not None and last < first:
        raise ValueError(_("Hari terakhir mendahului hari pertama."))
    return last
