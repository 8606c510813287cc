"""What accounts and those who change people announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PeopleChanged:
    """People are new, work elsewhere or as something else, or came or went; None stands for a great many."""

    person_ids: tuple[int, ...] | None
