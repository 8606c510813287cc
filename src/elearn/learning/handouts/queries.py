"""Questions about handouts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import NotFound
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.queries import cohort_for_learner, cohort_run, my_participation
from elearn.learning.handouts.models import Handout
from elearn.people.access.actor import Actor


def handouts_of(session: Session, cohort: Cohort) -> Sequence[Handout]:
    """The files of a class, oldest first; the caller found the class through the actor."""
    return session.scalars(select(Handout).filter_by(cohort_id=cohort.id).order_by(Handout.id)).all()


def files_to_copy(session: Session, from_id: int, cohort_id: int) -> Sequence[tuple[int, str]]:
    """Id and key of the files of one class that another one does not have yet, oldest first."""
    there = select(Handout.sha256).filter_by(cohort_id=cohort_id)
    wanted = select(Handout.id, Handout.storage_key).where(Handout.cohort_id == from_id, Handout.sha256.not_in(there))
    return [(id, key) for id, key in session.execute(wanted.order_by(Handout.id))]


def handout_in(session: Session, cohort: Cohort, public_id: str) -> Handout:
    """One file of a class that the caller found through the actor."""
    found = session.scalar(select(Handout).filter_by(cohort_id=cohort.id, public_id=public_id))
    if found is None:
        raise NotFound
    return found


def cohort_with_files(session: Session, actor: Actor, public_id: str) -> Cohort:
    """A class whose files the actor may open: one he has joined or runs; NotFound otherwise."""
    try:
        return cohort_run(session, actor, public_id)
    except NotFound:
        cohort = cohort_for_learner(session, actor, public_id)
        mine = my_participation(session, actor, cohort)
        if mine is None or mine.status != "joined":
            raise
        return cohort
