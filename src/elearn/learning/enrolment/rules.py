"""Who may be enrolled, and when. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date
from elearn.learning.enrolment.models import Enrolment
from elearn.people.accounts import nip
from elearn.teaching.courses.models import Course

MOST_NIPS = 5_000


class CompletedStays(Conflict):
    """A completed course is neither left nor taken again."""


class EnrolmentClosed(Conflict):
    """The course takes nobody in any more."""


def check_open(course: Course, today: date) -> None:
    """Refuse a course that is not published or whose closing day has passed; the closing day itself is open."""
    if course.state != "published":
        raise EnrolmentClosed(_("Pelatihan ini belum dibuka atau sudah diarsipkan."))
    if course.closes_on is not None and today > course.closes_on:
        raise EnrolmentClosed(_("Pendaftaran ditutup pada %(day)s.", day=format_date(course.closes_on)))


def check_unfinished(enrolment: Enrolment | None) -> None:
    """Refuse who has completed the course: a course is completed once (decision 27)."""
    if enrolment is not None and enrolment.completed_at is not None:
        raise CompletedStays(completed_words(enrolment.completed_at))


def completed_words(completed_at: datetime) -> str:
    """Since when somebody has completed a course, and what helps when it is held again."""
    return _(
        "Pelatihan ini sudah diselesaikan pada %(day)s. Bila diadakan lagi, ikuti pelatihan edisi barunya.",
        day=format_date(wib_date(completed_at)),
    )


def check_by_oneself(course: Course) -> None:
    """Refuse a course that is taken in a class only."""
    if course.classes_only:
        raise EnrolmentClosed(_("Pelatihan ini diikuti lewat angkatan. Pilih salah satu angkatannya."))


def deadline(due_on: date | None, closes_on: date | None) -> date | None:
    """The day that binds a learner: the earlier of the admin's due date and the course's closing day."""
    days = [day for day in (due_on, closes_on) if day is not None]
    return min(days) if days else None


class NipLine(NamedTuple):
    """One number as it was pasted; `digits` is empty if it cannot be an NIP."""

    line: int
    shown: str
    digits: str


def read_nips(text: str) -> list[NipLine]:
    """Pasted numbers, one a line or several with commas or semicolons between; spaces within a number do not count.

    Raises Invalid for more than 5,000.
    """
    found: list[NipLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for part in re.split(r"[,;\t]", line):
            if shown := part.strip():
                digits = "" if nip.problem(shown) else nip.clean(shown)
                found.append(NipLine(number, shown[:40], digits))
    if len(found) > MOST_NIPS:
        raise Invalid(_("Paling banyak %(n)s NIP sekali kirim. Bagi menjadi beberapa kali.", n=MOST_NIPS))
    return found


def twice(nips: Sequence[str]) -> list[str]:
    """Numbers that stand more than once in a list, in the order in which they first come."""
    return [each for each, times in Counter(nips).items() if times > 1]


def check_due(due_on: date | None, today: date) -> None:
    """Refuse a due date that has passed; today still counts."""
    if due_on is not None and due_on < today:
        sentence = _("Tenggat sudah lewat. Pilih hari ini atau sesudahnya.")
        raise Invalid(sentence, {"due_on": sentence})
