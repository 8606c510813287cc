"""Who may be enrolled, and when. Pure."""

from datetime import date

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _, format_date
from elearn.teaching.courses.models import Course


class EnrolmentClosed(Conflict):
    """The course takes nobody in any more."""


def check_open(course: Course, today: date) -> None:
    """Refuse a course that is not published or whose closing day has passed; the closing day itself is open."""
    if course.state != "published":
        raise EnrolmentClosed(_("Pelatihan ini belum dibuka atau sudah diarsipkan."))
    if course.closes_on is not None and today > course.closes_on:
        raise EnrolmentClosed(_("Pendaftaran ditutup pada %(day)s.", day=format_date(course.closes_on)))


def deadline(due_on: date | None, closes_on: date | None) -> date | None:
    """The day that binds a learner: the earlier of the admin's due date and the course's closing day."""
    days = [day for day in (due_on, closes_on) if day is not None]
    return min(days) if days else None
