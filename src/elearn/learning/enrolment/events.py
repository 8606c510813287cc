"""What enrolment announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LearnerEnrolled:
    enrolment_id: int


@dataclass(frozen=True)
class LearnerReturned:
    """A withdrawn place was taken up again; what was done before counts."""

    enrolment_id: int


@dataclass(frozen=True)
class LearnerWithdrew:
    enrolment_id: int
