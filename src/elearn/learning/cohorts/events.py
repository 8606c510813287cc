"""What cohorts announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CohortCopied:
    """A class was made from another one, so many days later."""

    cohort_id: int
    from_id: int
    days: int


@dataclass(frozen=True)
class CohortMoved:
    """A class has other dates; who has something within them may refuse."""

    cohort_id: int
