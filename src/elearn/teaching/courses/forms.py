"""What instructors type about courses."""

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
