"""What is asked for a new edition."""

from pydantic import Field

from elearn.foundation.web.shapes import Form


class EditionWish(Form):
    """What the new edition is called; its address comes from the title."""

    title: str = Field(min_length=3, max_length=200)
