"""Handing results out as a file, which leaves a line in the audit each time."""

from sqlalchemy.orm import Session

from elearn.overview.exports.rules import Format, Size
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.people.organisation.models import Unit


def note_export(
    session: Session, actor: Actor, year: int, unit: Unit | None, form: Format, size: Size, reason: str
) -> None:
    """Write down who takes what, before the first byte leaves."""
    actor.must(Permission.SEE_REPORTS)
    taken = {"format": form, "year": year, "unit": unit.code if unit else None, **size._asdict()}
    record(session, actor, "class.results_exported", "participants", after=taken, reason=reason)
