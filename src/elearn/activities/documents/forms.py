"""What instructors type about documents."""

from pydantic import Field

from elearn.teaching.courses.forms import ActivityWish


class DocumentWish(ActivityWish):
    """The document's editor."""

    introduction: str = Field("", max_length=20_000)
