"""What is typed about programmes and their rules."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form

MOST_COURSES = 20


def _days(text: str) -> str:
    days = [part for part in re.split(r"[,;\s]+", text) if part]
    if len(days) > 5 or not all(part.isdigit() and 1 <= int(part) <= 365 for part in days):
        raise ValueError(_("Tulis paling banyak 5 angka dari 1 sampai 365, misalnya 14, 3."))
    return ", ".join(str(day) for day in sorted({int(part) for part in days}))


def _ranks(text: str) -> str:
    codes = [part.upper() for part in re.split(r"[,;\s]+", text) if part]
    if len(codes) > 20 or not all(re.fullmatch(r"[IVX]{1,5}(/[A-E])?", code) for code in codes):
        raise ValueError(_("Tulis golongan seperti III atau III/c, dipisah koma."))
    return ", ".join(codes)


Days = Annotated[str, Field(max_length=60), AfterValidator(_days)]
Ranks = Annotated[str, Field(max_length=200), AfterValidator(_ranks)]


def numbers(days: str) -> list[int]:
    """The days of a checked text."""
    return [int(part) for part in days.split(", ") if part]


class ProgrammeWish(Form):
    """A programme as it is typed; `owner` is a unit's code, empty for the regency; `courses` are slugs in order."""

    title: str = Field(min_length=3, max_length=200)
    about: str = Field("", max_length=1_000)
    owner: str = Field("", max_length=40)
    kind: Literal["mandatory", "offered"] = "mandatory"
    courses: list[str] = Field(default_factory=list, max_length=MOST_COURSES)
    way: Literal["all", "ordered", "some"] = "all"
    needed: Annotated[int, Field(ge=1, le=MOST_COURSES)] | None = None
    validity: Literal["once", "months", "year"] = "once"
    validity_months: Annotated[int, Field(ge=1, le=120)] | None = None
    remind_before: Days = ""
    remind_after: Days = ""


class RuleWish(Form):
    """Whom a programme means, and until when it is owed; `sure` tells that the numbers were seen."""

    unit: str = Field("", max_length=40)
    position_kinds: list[str] = Field(default_factory=list, max_length=8)
    asn_kinds: list[str] = Field(default_factory=list, max_length=8)
    ranks: Ranks = ""
    joined_since: date | None = None
    certificate_course: str = Field("", max_length=80)
    certificate: Literal["", "holds", "lacks"] = ""
    due_on: date | None = None
    due_days: Annotated[int, Field(ge=1, le=1_000)] | None = None
    sure: bool = False

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        if self.due_on is not None and self.due_days is not None:
            raise ValueError(_("Pilih satu: tanggal tenggat, atau jumlah hari."))
        if bool(self.certificate) != bool(self.certificate_course):
            raise ValueError(_("Pilih pelatihan dan syarat sertifikatnya, atau kosongkan keduanya."))
        return self
