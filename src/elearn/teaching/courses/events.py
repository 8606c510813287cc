"""What courses announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CourseChanged:
    """A course's texts, outline or state changed; search and sizes follow."""

    course_id: int


@dataclass(frozen=True)
class CoursePublished:
    """Learners can see the course from now on."""

    course_id: int
