"""What attendance does when a class is copied or gets other days."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _, format_datetime
from elearn.learning.attendance.actions import copy_sessions
from elearn.learning.attendance.models import ClassSession
from elearn.learning.attendance.rules import outside
from elearn.learning.cohorts.events import CohortCopied, CohortMoved
from elearn.learning.cohorts.models import Cohort
from elearn.people.access.actor import Actor


def bring_sessions(session: Session, event: CohortCopied) -> None:
    cohort = session.get_one(Cohort, event.cohort_id)
    copy_sessions(session, Actor.system("class.copied"), event.from_id, cohort, event.days, utc_now())


def keep_sessions_within(session: Session, event: CohortMoved) -> None:
    """A class does not leave its sessions behind."""
    cohort = session.get_one(Cohort, event.cohort_id)
    wanted = select(ClassSession).filter_by(cohort_id=cohort.id).order_by(ClassSession.starts_at)
    left = outside(cohort, session.scalars(wanted))
    if left:
        sentence = _(
            "Sesi %(title)s (%(when)s) jadi di luar tanggal angkatan. Ubah sesinya dahulu.",
            title=left[0].title,
            when=format_datetime(left[0].starts_at),
        )
        raise Conflict(sentence, {"ends_on": sentence})
