"""Verbs of reorganisation: bring a file, check it, apply it as a whole."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.people.organisation.actions import add_unit, change_unit, close_unit, move_unit
from elearn.people.organisation.forms import NewUnit, UnitChange
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import present_since, unit_for
from elearn.people.reorganisation.models import UnitFile
from elearn.people.reorganisation.queries import known_units
from elearn.people.reorganisation.roll import Draft, Roll
from elearn.people.reorganisation.rules import Change, Plan, plan


def bring(session: Session, actor: Actor, file_name: str, storage_key: str, now: datetime) -> UnitFile:
    """Note a stored file."""
    actor.must(Permission.MANAGE_UNITS)
    brought = UnitFile(
        public_id=new_id(),
        brought_by=actor.me(),
        file_name=file_name[-200:],
        storage_key=storage_key,
        created_at=now,
    )
    session.add(brought)
    session.flush()
    record(session, actor, "units.brought", brought, after={"file": brought.file_name})
    return brought


def check(session: Session, actor: Actor, roll: Roll) -> Plan:
    """What importing this roll would do. Writes nothing. Needs MANAGE_UNITS."""
    return plan(roll, known_units(session, actor))


def apply(session: Session, actor: Actor, roll: Roll, now: datetime) -> Plan:
    """Do what `check` says: parents first, closings last. Refused rows stay out; twice is the same as once."""
    found = check(session, actor, roll)
    for draft in found.new:
        _add(session, actor, draft, now)
    for change in found.changed:
        _change(session, actor, change, now)
    # The deepest first: a unit is closed when nothing open stands below it.
    for change in reversed(found.changed):
        if change.closes:
            close_unit(session, actor, change.unit, change.draft.until, now)
    return found


def apply_file(session: Session, actor: Actor, brought: UnitFile, roll: Roll, now: datetime) -> None:
    """Apply a file once and keep its counts."""
    session.refresh(brought, with_for_update=True)
    if brought.applied_at is not None:
        raise Conflict(_("Berkas ini sudah diimpor. Unggah berkas lain."))
    found = apply(session, actor, roll, now)
    brought.counts, brought.applied_at = found.counts, now
    session.flush()
    record(session, actor, "units.applied", brought, after=brought.counts)


def forget(session: Session, actor: Actor, files: Sequence[UnitFile]) -> None:
    """Remove the rows of old files; the audit keeps what they did."""
    for each in files:
        session.delete(each)
    session.flush()


def _add(session: Session, actor: Actor, draft: Draft, now: datetime) -> Unit:
    wish = NewUnit(
        code=draft.code,
        name=draft.name,
        short_name=draft.short_name or "",
        kind=draft.kind or "opd",
        parent=draft.parent,
        siasn_unor_id=draft.unor or "",
        since=draft.since,
    )
    return add_unit(session, actor, wish, now)


def _change(session: Session, actor: Actor, change: Change, now: datetime) -> None:
    draft, unit = change.draft, change.unit
    # The day on which a unit began is no day of a change; then the change is from today on.
    since = draft.since if draft.since and draft.since > present_since(session, unit) else None
    wish = UnitChange(
        name=draft.name,
        short_name=unit.short_name if draft.short_name is None else draft.short_name,
        kind=draft.kind or unit.kind,
        siasn_unor_id=draft.unor or unit.siasn_unor_id or "",
        since=since,
    )
    if change.moves:
        move_unit(session, actor, unit, unit_for(session, actor, draft.parent), since, now)
        # The new name is from the same day on, so that one day gives one entry of history.
        wish = wish.model_copy(update={"since": present_since(session, unit)})
    change_unit(session, actor, unit, wish, now)
