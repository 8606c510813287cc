"""Verbs of class lists."""

from sqlalchemy.orm import Session

from elearn.learning.cohorts.models import Cohort
from elearn.overview.exports.rules import Size
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record


def note_export(session: Session, actor: Actor, cohort: Cohort, form: str, size: Size, reason: str) -> None:
    """Note that a list of people left."""
    record(session, actor, "class.exported", cohort, after={"format": form, "rows": size.rows}, reason=reason)
