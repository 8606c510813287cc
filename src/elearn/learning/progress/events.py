"""What progress announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ActivityCompleted:
    enrolment_id: int
    activity_id: int


@dataclass(frozen=True)
class CourseCompleted:
    enrolment_id: int
