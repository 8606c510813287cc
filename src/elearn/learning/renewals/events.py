"""What renewals announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CourseRenewed:
    """Somebody who had completed a course completed it anew."""

    enrolment_id: int
