"""Roles over a unit whose holder does not work there any more: what one may see ends with the place it came with.

Only who worked in the unit's subtree outgrows a role by working elsewhere; who looks after a unit from outside, as
people of the regency's office do, moves as he or she likes.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.database import in_batches
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import OF_A_UNIT
from elearn.people.accounts.actions import revoke_access
from elearn.people.accounts.models import Person, RoleGrant
from elearn.people.accounts.rules import outgrows
from elearn.people.audit.actions import record
from elearn.people.organisation.models import Unit


def over_units(session: Session, person_ids: Sequence[int]) -> list[RoleGrant]:
    """The roles over units that these people hold, with the units: a statement per 1,000 people."""
    found: list[RoleGrant] = []
    for ids in in_batches(sorted(person_ids)):
        wanted = select(RoleGrant).where(RoleGrant.person_id.in_(ids), RoleGrant.role.in_(OF_A_UNIT))
        found += session.scalars(wanted.options(joinedload(RoleGrant.unit)).order_by(RoleGrant.id))
    return found


def outgrown(session: Session, moves: Mapping[int, tuple[int | None, int | None]]) -> list[RoleGrant]:
    """Which roles over units those who move outgrow; `moves` has the unit before and the one after by person's id."""
    held = over_units(session, list(moves))
    if not held:
        return []
    ids = {unit_id for grant in held for unit_id in moves[grant.person_id] if unit_id}
    paths: dict[int | None, str] = dict(session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(ids))).all())
    return [
        grant
        for grant in held
        if grant.unit and outgrows(grant.unit.path, *(paths.get(unit_id, "") for unit_id in moves[grant.person_id]))
    ]


def lay_down(session: Session, actor: Actor, grants: Sequence[RoleGrant]) -> None:
    """Take roles at once, with the sessions in which they were used."""
    for grant in grants:
        person = session.get_one(Person, grant.person_id)
        session.delete(grant)
        revoke_access(session, actor, person)
        was = {"role": grant.role, "unit_id": grant.unit_id}
        record(session, actor, "role.revoked", person, before=was, reason="pindah unit")
    session.flush()
