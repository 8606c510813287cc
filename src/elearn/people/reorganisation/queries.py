"""Questions of reorganisation: the tree as it is, and one's own files."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import NotFound
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.people.reorganisation.models import UnitFile
from elearn.people.reorganisation.rules import Known


def known_units(session: Session, actor: Actor) -> Known:
    """All units and how many people, but those who left, work in each."""
    actor.must(Permission.MANAGE_UNITS)
    units = session.scalars(select(Unit).execution_options(populate_existing=True))
    people = session.execute(
        select(Person.unit_id, func.count()).where(Person.status != "left").group_by(Person.unit_id)
    ).all()
    return Known({unit.code: unit for unit in units}, {id: count for id, count in people if id is not None})


def file_for(session: Session, actor: Actor, public_id: str) -> UnitFile:
    """A file that this admin brought; NotFound for everybody else."""
    found = session.scalar(select(UnitFile).filter_by(public_id=public_id, brought_by=actor.person_id))
    if found is None:
        raise NotFound
    actor.must(Permission.MANAGE_UNITS)
    return found
