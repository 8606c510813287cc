"""Input shapes of numbering."""

from typing import Annotated

from pydantic import Field

from elearn.foundation.web.shapes import Form


class SchemeWish(Form):
    """A scheme as it is typed; `course` is a slug."""

    name: Annotated[str, Field(min_length=3, max_length=80)]
    pattern: Annotated[str, Field(max_length=80)]
    start: Annotated[int, Field(ge=1, le=999_999)] = 1
    organiser_code: Annotated[str, Field(max_length=20)] = ""
    course: Annotated[str, Field(max_length=80)] = ""
    organiser: Annotated[str, Field(max_length=200)] = ""
