"""Handing out the records that would be refused. Each time leaves a line in the audit."""

from sqlalchemy.orm import Session

from elearn.overview.exports.rules import Format, Size, check_fits, check_reason
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.standards.siasn.queries import Wanted


def note_refused_export(
    session: Session, actor: Actor, wanted: Wanted, form: Format, size: Size, reason: str = ""
) -> None:
    """Write down who takes what, before the first byte leaves."""
    actor.must(Permission.EXCHANGE_RECORDS)
    check_fits(form, size.rows)
    check_reason(size.people, reason)
    unit = wanted.unit.code if wanted.unit else None
    taken = {"format": form, "year": wanted.year, "unit": unit, **size._asdict()}
    record(session, actor, "siasn.refused_exported", "siasn", after=taken, reason=reason)
