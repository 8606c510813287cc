"""Handing duties out as a file. Each time leaves a line in the audit."""

from sqlalchemy.orm import Session

from elearn.overview.duties.queries import DutyFilters
from elearn.overview.exports.rules import Format, Size, check_fits, check_reason
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record


def note_export(
    session: Session, actor: Actor, filters: DutyFilters, form: Format, size: Size, reason: str = ""
) -> None:
    """Write down who takes what, before the first byte leaves."""
    actor.must(Permission.SEE_REPORTS)
    check_fits(form, size.rows)
    check_reason(size.people, reason)
    unit = filters.unit.code if filters.unit else None
    taken = {"format": form, "unit": unit, "state": filters.state or None, "year": filters.year, **size._asdict()}
    record(session, actor, "duties.exported", filters.programme, after=taken, reason=reason)
