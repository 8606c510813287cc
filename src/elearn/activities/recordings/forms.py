"""What instructors type about recordings."""

from pydantic import Field

from elearn.teaching.courses.forms import ActivityWish


class RecordingWish(ActivityWish):
    """The recording's editor."""

    introduction: str = Field("", max_length=20_000)
    transcript: str = Field("", max_length=200_000)
    speechless: bool = False
