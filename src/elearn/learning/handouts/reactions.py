"""What handouts do when a class is copied."""

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.jobs.actions import enqueue
from elearn.learning.cohorts.events import CohortCopied
from elearn.learning.cohorts.models import Cohort
from elearn.learning.handouts.actions import COPY_JOB
from elearn.learning.handouts.queries import files_to_copy


def bring_files(session: Session, event: CohortCopied) -> None:
    """The files come along by a job: they may be many and large."""
    left = files_to_copy(session, event.from_id, event.cohort_id)
    if left:
        name = session.get_one(Cohort, event.cohort_id).name
        arguments = {"from_id": event.from_id, "cohort_id": event.cohort_id}
        enqueue(session, kind=COPY_JOB, title=name, owner_id=None, arguments=arguments, unit="berkas", now=utc_now())
