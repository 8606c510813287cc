"""Verbs of the unit tree. All need MANAGE_UNITS."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.people.organisation.events import TreeChanged
from elearn.people.organisation.forms import NewUnit, UnitChange
from elearn.people.organisation.models import Unit, UnitHistory
from elearn.people.organisation.queries import chosen_unit, has_open_children, present_since
from elearn.people.organisation.rules import (
    check_day,
    check_depth,
    check_kind,
    check_open,
    check_parent,
    last_day_before,
)


def add_unit(session: Session, actor: Actor, wish: NewUnit, now: datetime) -> Unit:
    """A new unit. Codes are never given twice, closed units included."""
    actor.must(Permission.MANAGE_UNITS)
    check_kind(wish.kind)
    _alone(session)
    today = wib_date(now)
    taken = session.scalar(select(Unit).where(func.upper(Unit.code) == wish.code))
    if taken is not None:
        sentence = _("Kode %(code)s sudah dipakai oleh %(name)s.", code=wish.code, name=taken.name)
        raise Conflict(sentence, {"code": sentence})
    parent = _parent_of_new(session, actor, wish.parent)
    check_day(wish.since or today, date.min, today)
    unit = Unit(
        code=wish.code,
        parent_id=parent.id if parent else None,
        kind=wish.kind,
        name=wish.name,
        short_name=wish.short_name,
        path="",
        valid_from=wish.since or today,
        siasn_unor_id=_own_unor(session, None, wish.siasn_unor_id),
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    check_depth(len(unit.path))
    session.flush()
    record(session, actor, "unit.added", unit, after=_facts(unit))
    return unit


def change_unit(session: Session, actor: Actor, unit: Unit, wish: UnitChange, now: datetime) -> None:
    """Rename a unit; the old name stays in its history, unless the present one began on the same day."""
    actor.must(Permission.MANAGE_UNITS)
    check_kind(wish.kind)
    before = _facts(unit)
    if wish.name != unit.name:
        _remember(session, unit, wish.since, now)
    unit.name, unit.short_name, unit.kind = wish.name, wish.short_name, wish.kind
    unit.siasn_unor_id = _own_unor(session, unit, wish.siasn_unor_id)
    session.flush()
    if before != _facts(unit):
        record(session, actor, "unit.changed", unit, before=before, after=_facts(unit))


def move_unit(session: Session, actor: Actor, unit: Unit, parent: Unit, since: date | None, now: datetime) -> None:
    """Put a unit with all below it under another parent; admins of a part of the tree follow the new place."""
    actor.must(Permission.MANAGE_UNITS)
    _alone(session)
    session.refresh(unit)
    session.refresh(parent)
    if unit.parent_id == parent.id:
        return
    below = Unit.path.startswith(unit.path, autoescape=True)
    check_parent(unit, parent, session.scalar(select(func.max(func.length(Unit.path))).where(below)) or 0)
    before = _facts(unit)
    _remember(session, unit, since, now)
    old, new = unit.path, f"{parent.path}{unit.id}/"
    session.execute(
        update(Unit)
        .where(below)
        .values(path=new + func.substr(Unit.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )
    unit.parent_id = parent.id
    session.flush()
    for loaded in list(session.identity_map.values()):
        if isinstance(loaded, Unit):
            session.refresh(loaded)
    record(session, actor, "unit.moved", unit, before=before, after=_facts(unit))
    announce(session, TreeChanged())


def close_unit(session: Session, actor: Actor, unit: Unit, last_day: date | None, now: datetime) -> None:
    """Give a unit its last day. Refused while open units stand below; whoever calls has moved the people away."""
    actor.must(Permission.MANAGE_UNITS)
    if not unit.active:
        return
    if unit.parent_id is None:
        raise Conflict(_("Unit teratas tidak dapat ditutup."))
    if has_open_children(session, unit):
        raise Conflict(_("Masih ada unit di bawahnya. Pindahkan atau tutup unit itu dahulu."))
    today = wib_date(now)
    check_day(last_day or today, present_since(session, unit), today, "last_day")
    unit.valid_to = last_day or today
    session.flush()
    record(session, actor, "unit.closed", unit, after={"valid_to": unit.valid_to.isoformat()})


def _own_unor(session: Session, unit: Unit | None, unor_id: str) -> str | None:
    """SIASN's id of a unit, which no other unit of ours has."""
    owner = session.scalar(select(Unit).filter_by(siasn_unor_id=unor_id.upper())) if unor_id else None
    if owner is not None and owner is not unit:
        sentence = _("unorId ini milik %(name)s. Satu unorId untuk satu unit.", name=owner.name)
        raise Conflict(sentence, {"siasn_unor_id": sentence})
    return unor_id.upper() or None


def _parent_of_new(session: Session, actor: Actor, code: str) -> Unit | None:
    if code:
        parent = chosen_unit(session, actor, code, "parent")
        check_open(parent, "parent")
        return parent
    if session.scalar(select(Unit.id).limit(1)) is not None:
        raise Invalid(_("Pilih unit induk."), {"parent": _("Pilih unit induk.")})
    return None


def _remember(session: Session, unit: Unit, since: date | None, now: datetime) -> None:
    """Keep the present name and place up to the day before; a state that lasted no day leaves no trace."""
    today, begin = wib_date(now), present_since(session, unit)
    day = since or today
    check_day(day, begin, today)
    if day > begin:
        session.add(
            UnitHistory(
                unit_id=unit.id,
                name=unit.name,
                parent_id=unit.parent_id,
                valid_from=begin,
                valid_to=last_day_before(day),
            )
        )
        session.flush()


def _alone(session: Session) -> None:
    """Two changes of the tree at once could make a circle; the tops serve as the tree's lock."""
    session.execute(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).with_for_update())


def _facts(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_id": unit.parent_id,
        "siasn_unor_id": unit.siasn_unor_id,
    }
