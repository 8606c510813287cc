"""What is typed with a feed."""

from pydantic import Field

from elearn.foundation.web.shapes import Form


class FeedWish(Form):
    """The partner's name, and the slug of the course whose classes the feed's are."""

    source: str = Field(min_length=3, max_length=80)
    course: str = Field(min_length=1, max_length=120)
