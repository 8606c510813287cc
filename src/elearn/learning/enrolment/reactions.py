"""What enrolment does when a course changes its state."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.learning.enrolment.models import Enrolment
from elearn.teaching.courses.events import CourseWithdrawn


def keep_for_learners(session: Session, event: CourseWithdrawn) -> None:
    """A draft is open to nobody, so a course with learners stays."""
    if session.scalar(select(exists().where(Enrolment.course_id == event.course_id, Enrolment.withdrawn_at.is_(None)))):
        raise Conflict(_("Pelatihan ini sudah mempunyai peserta. Arsipkan saja."))
