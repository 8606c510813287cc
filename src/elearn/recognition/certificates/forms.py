"""Input shapes of certificates."""

from datetime import date
from typing import Annotated

from pydantic import Field

from elearn.foundation.web.shapes import Form


class Revocation(Form):
    """Why a certificate no longer counts; the public reads it."""

    reason: Annotated[str, Field(min_length=5, max_length=300)]


class Replacement(Form):
    """Why a certificate is issued anew; the public reads it."""

    why: Annotated[str, Field(min_length=5, max_length=300)]


class BulkWish(Form):
    """Whose certificates: a course by its slug, and the days of completion."""

    course: Annotated[str, Field(max_length=80)]
    first: date
    last: date
