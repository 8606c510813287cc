"""What is typed for a file."""

from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form


class FileWish(Form):
    """The format; and for many people a reason and the password. `asked` tells that both were asked for."""

    format: Literal["xlsx", "csv", "json"]
    reason: str = Field("", max_length=300)
    password: str = Field("", max_length=200)
    asked: bool = False
