"""What progress announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ActivityCompleted:
    enrolment_id: int
    activity_id: int


@dataclass(frozen=True)
class CourseCompleted:
    enrolment_id: int


@dataclass(frozen=True)
class WorkedAgain:
    """Evidence of an activity of a course that was completed before; `seconds` are those that the server believes."""

    enrolment_id: int
    activity_id: int
    at: datetime
    seconds: int = 0
    seen_to_end: bool = False
    exercise_saved: bool = False
    handed_in: bool = False
    passed: bool = False
    score: float | None = None
