"""What instructors type about readings."""

from pydantic import Field

from elearn.teaching.courses.forms import ActivityWish


class ReadingWish(ActivityWish):
    """The editor of a reading."""

    source: str = Field("", max_length=200_000)
