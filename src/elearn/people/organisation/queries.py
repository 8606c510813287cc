"""Questions about the unit tree, kept to what the actor looks after."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.organisation.models import Unit, UnitHistory
from elearn.people.organisation.rules import in_tree_order


def unit_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on Unit that keeps to an admin's or a head's part of the tree; no unit at all for everyone else."""
    if actor.everywhere:
        return true()
    if not actor.scope_paths:
        return false()
    return or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.scope_paths))


def units_in_scope(session: Session, actor: Actor, *, closed: bool = False) -> list[Unit]:
    """The units that the actor looks after, in the order of the tree; closed ones only when asked for."""
    wanted = select(Unit).where(unit_in_scope(actor))
    return in_tree_order(session.scalars(wanted if closed else wanted.where(Unit.valid_to.is_(None))))


def unit_for(session: Session, actor: Actor, code: str) -> Unit:
    """A unit by its code; NotFound for a foreign one as for an unknown one."""
    unit = session.scalar(select(Unit).where(Unit.code == code, unit_in_scope(actor)))
    if unit is None:
        raise NotFound
    return unit


def chosen_unit(session: Session, actor: Actor, code: str, field: str) -> Unit:
    """A unit that was chosen in a form; Conflict names the field when it cannot be used."""
    try:
        return unit_for(session, actor, code)
    except NotFound:
        raise Conflict(_("Unit itu tidak ditemukan."), {field: _("Pilih unit dari daftar.")}) from None


def ancestors(session: Session, actor: Actor, unit: Unit) -> Sequence[Unit]:
    """The units above, from the top down, as far as the actor may see them."""
    ids = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    wanted = select(Unit).where(Unit.id.in_(ids), unit_in_scope(actor))
    return session.scalars(wanted.order_by(func.length(Unit.path))).all()


def subtree(session: Session, actor: Actor, unit: Unit) -> Sequence[Unit]:
    """The unit and all below it, closed ones too."""
    return session.scalars(select(Unit).where(Unit.path.startswith(unit.path, autoescape=True))).all()


def history_of(session: Session, actor: Actor, unit: Unit) -> Sequence[tuple[UnitHistory, str]]:
    """What the unit was before, newest first, each with the name of the unit it then stood below."""
    rows = session.execute(
        select(UnitHistory, func.coalesce(Unit.name, ""))
        .outerjoin(Unit, Unit.id == UnitHistory.parent_id)
        .where(UnitHistory.unit_id == unit.id)
        .order_by(UnitHistory.valid_from.desc(), UnitHistory.id.desc())
    )
    return [(entry, name) for entry, name in rows]


def present_since(session: Session, unit: Unit) -> date:
    """The first day of a unit's present name and place."""
    last = session.scalar(select(func.max(UnitHistory.valid_to)).where(UnitHistory.unit_id == unit.id))
    return last + timedelta(days=1) if last else unit.valid_from


def has_open_children(session: Session, unit: Unit) -> bool:
    """Whether a unit that is not closed stands directly below."""
    wanted = select(Unit.id).where(Unit.parent_id == unit.id, Unit.valid_to.is_(None))
    return session.scalar(wanted.limit(1)) is not None
