"""What banks announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BankNarrowed:
    """A bank, or a topic of it, offers fewer questions than before; whoever takes questions from it may refuse."""

    bank_id: int
