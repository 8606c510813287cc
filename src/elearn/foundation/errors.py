"""The refusals. Domain code raises them; `web/refusals.py` and the CLI show them."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A sentence for the person who asked: what is wrong and what to do next.

    `fields` names the inputs that are wrong, each with its own sentence.
    """

    def __init__(self, message: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}

    @property
    def told(self) -> dict[str, Any]:
        """What a program is told beside the sentence, ready for JSON."""
        return {}


class NotFound(Refusal):
    """It does not exist, or the actor may not know that it does."""


class Forbidden(Refusal):
    """The actor sees it and may not do this to it."""


class Conflict(Refusal):
    """It cannot be done in the present state."""


class Invalid(Refusal):
    """What was given cannot be used."""


class TooLarge(Invalid):
    """More bytes than are taken."""


class TooOften(Refusal):
    """It was tried too often. `seconds` tells how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
