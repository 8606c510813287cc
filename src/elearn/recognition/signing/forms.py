"""Input shapes of signing."""

from typing import Annotated

from pydantic import Field

from elearn.foundation.web.shapes import Form


class SigningWish(Form):
    """What is typed to sign. `count` is how many are still meant, counting down from piece to piece."""

    passphrase: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    nik: Annotated[str, Field(max_length=20, repr=False)] = ""
    count: Annotated[int, Field(ge=1)] = 1
