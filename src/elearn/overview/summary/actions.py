"""Handing the months out as a file, which leaves a line in the audit each time."""

from sqlalchemy.orm import Session

from elearn.overview.attainment.queries import AttainmentFilters
from elearn.overview.exports.rules import Format
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record


def note_export(session: Session, actor: Actor, filters: AttainmentFilters, form: Format, rows: int) -> None:
    """Write down who takes what, before the first byte leaves. It names nobody."""
    actor.must(Permission.SEE_REPORTS)
    unit = filters.unit.code if filters.unit else None
    taken = {"format": form, "year": filters.year, "unit": unit, "rows": rows}
    record(session, actor, "summary.exported", "summary", after=taken)
