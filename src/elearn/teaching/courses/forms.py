"""What instructors type about courses."""

from datetime import date
from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form


class ActivityWish(Form):
    """What every activity has; editors of kinds add their own fields. `revision` is the one that was being edited."""

    title: str = Field(min_length=1, max_length=200)
    minutes: int = Field(5, ge=1, le=600)
    required: bool = False
    completion: str = Field("", max_length=12)
    least_seconds: int = Field(0, ge=0, le=36_000)
    revision: int = 0


class CourseDraft(Form):
    """What a new course needs."""

    title: str = Field(min_length=3, max_length=200)
    summary: str = Field("", max_length=1000)
    competency: Literal["teknis", "manajerial", "sosial-kultural", "pemerintahan"] = "teknis"


class CourseWish(CourseDraft):
    """The settings of a course. `outcomes` is one a line; `revision` is the one that was shown."""

    audience: str = Field("", max_length=200)
    organiser: str = Field("", max_length=200)
    outcomes: str = Field("", max_length=5000)
    closes_on: date | None = None
    classes_only: bool = False
    revision: int = 0


class ModuleWish(Form):
    """A new module."""

    module_title: str = Field(min_length=1, max_length=200)


class NewActivity(Form):
    """A new activity; one that shows a file gets its title from the file."""

    module: str = Field("", max_length=16)
    kind: str = Field(max_length=20)
    title: str = Field("", max_length=200)
