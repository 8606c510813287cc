"""From the fields of a question's form to the answer as the grader takes it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Fields(Protocol):
    """A submitted form: one or several values a field."""

    def items(self) -> Any: ...
    def get(self, key: str) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...


def raw_answer(fields: Fields) -> str | list[str] | Mapping[str, str] | None:
    """One id or text from `answer`, several ids from `choices`, pairs from `pair-LEFT`; None for a blank form."""
    pairs = {key.removeprefix("pair-"): str(v) for key, v in fields.items() if key.startswith("pair-") and v}
    if pairs:
        return pairs
    if "choices" in fields:
        return [str(value) for value in fields.getlist("choices")]
    given = fields.get("answer")
    return str(given) if given else None
