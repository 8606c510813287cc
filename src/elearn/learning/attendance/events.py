"""What attendance announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttendanceCorrected:
    """What somebody attended who has passed the class by then was counted anew."""

    enrolment_id: int
