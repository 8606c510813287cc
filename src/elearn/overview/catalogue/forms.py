"""Input shapes of the catalogue."""

from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import ListWish


class CourseListWish(ListWish):
    """Which courses a program wants: all, or those that answer words and have a kind of competency."""

    q: str = Field("", max_length=200)
    competency: Literal["", "teknis", "manajerial", "sosial-kultural", "pemerintahan"] = ""
