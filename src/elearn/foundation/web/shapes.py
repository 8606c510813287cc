"""Parents of all input shapes; they know nothing of requests, so that actions may take shapes."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from elearn.foundation.i18n import _


class Form(BaseModel):
    """Parent of all forms: unknown fields are dropped, spaces around texts too."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, str_max_length=200_000)


class Body(BaseModel):
    """Parent of JSON input shapes: unknown fields are refused, so nothing can be smuggled in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """Refuse texts that no database keeps: JSON may spell a NUL or half a character."""
        if any(sign == "\x00" or "\ud800" <= sign < "\ue000" for text in _texts(given) for sign in text):
            raise ValueError(_("Isian ini tidak dapat dibaca. Periksa lagi."))
        return given


class ListWish(Body):
    """How much of a long list, and after which row; `after` is the `next` of the page before."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=200)


def _texts(given: Any) -> Iterator[str]:
    """Every text in a JSON value, its names too; without recursion, for a body may be nested deeply."""
    left = [given]
    while left:
        match left.pop():
            case str() as text:
                yield text
            case dict() as pairs:
                left += [*pairs.keys(), *pairs.values()]
            case list() as items:
                left += items
