"""How a course is completed anew, and why one cannot be. Pure."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _, format_date
from elearn.teaching.courses.models import Course

TEST, STEPS = "test", "steps"


class Needed(NamedTuple):
    """What stands in a course's outline: ids of its last tests, and of its required activities."""

    tests: Collection[int]
    required: Collection[int]

    @property
    def way(self) -> str:
        """By passing the last test again or, where there is none, by doing all required steps again; else blank."""
        return TEST if self.tests else STEPS if self.required else ""


def done_anew(needed: Needed, passed: Collection[int], done: Collection[int]) -> bool:
    """Whether a course is completed anew by the activities that were passed and those that were done again."""
    if needed.way == TEST:
        return any(test in passed for test in needed.tests)
    return needed.way == STEPS and set(needed.required) <= set(done)


def obstacle(course: Course, needed: Needed, today: date) -> str:
    """Why nobody can complete a course anew, and what helps; blank where everybody can."""
    if course.classes_only:
        return _(
            "“%(title)s” hanya diikuti lewat angkatan, jadi tidak dapat diperbarui. Pakai pelatihan edisi baru.",
            title=course.title,
        )
    if course.closes_on is not None:
        day = format_date(course.closes_on)
        if course.closes_on < today:
            return _(
                "“%(title)s” ditutup pada %(day)s, jadi tidak dapat diperbarui. Hapus tanggal tutupnya.",
                title=course.title,
                day=day,
            )
        return _(
            "“%(title)s” ditutup pada %(day)s, jadi sesudah itu tidak dapat diperbarui. Hapus tanggal tutupnya.",
            title=course.title,
            day=day,
        )
    if not needed.way:
        return _("“%(title)s” belum mempunyai kuis akhir atau langkah wajib. Lengkapi dahulu.", title=course.title)
    return ""


def check_renewable(obstacles: Collection[str]) -> None:
    """Refuse a path that has to be completed anew but cannot be."""
    if obstacles:
        sentence = " ".join(obstacles)
        raise Invalid(sentence, {"courses": sentence})
