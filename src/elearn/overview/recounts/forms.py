"""What is typed for a recount."""

from pydantic import Field

from elearn.foundation.web.shapes import Form


class RecountWish(Form):
    """Which form, by its code, and which calendar year."""

    form: str = Field(max_length=8)
    year: int = Field(ge=2000, le=2100)
