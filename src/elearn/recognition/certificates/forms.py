"""Input shapes of certificates."""

from typing import Annotated

from pydantic import Field

from elearn.foundation.web.shapes import Form


class Revocation(Form):
    """Why a certificate no longer counts; the public reads it."""

    reason: Annotated[str, Field(min_length=5, max_length=300)]
