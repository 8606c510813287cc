"""What is typed to correct a line."""

from pydantic import Field

from elearn.foundation.web.shapes import Form


class Correction(Form):
    """The JP that are recognised after all, and why."""

    jp: int = Field(ge=0, le=1_000)
    reason: str = Field(max_length=300)
