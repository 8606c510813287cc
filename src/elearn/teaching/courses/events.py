"""What courses announce."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CourseChanged:
    """A course's texts, outline or state changed; search and sizes follow."""

    course_id: int


@dataclass(frozen=True)
class CoursePublished:
    """Learners can see the course from now on."""

    course_id: int


@dataclass(frozen=True)
class CourseWithdrawn:
    """A published course is to be a draft again; whoever keeps learners of it may refuse."""

    course_id: int


@dataclass(frozen=True)
class LessRequired:
    """An activity left the outline or is no longer required, so nobody has to do it any more."""

    course_id: int
    at: datetime
