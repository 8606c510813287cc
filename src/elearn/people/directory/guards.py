"""What must not be done to certain people: neither to oneself, nor to the last who can undo it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import Person, RoleGrant


def not_oneself(actor: Actor, person: Person) -> None:
    """Refuse with Conflict what nobody does to the own account."""
    if person.id == actor.person_id:
        raise Conflict(_("Ini akun Anda sendiri. Mintalah admin kabupaten lain melakukannya."))


def keep_an_admin(session: Session, person: Person) -> None:
    """Refuse with Conflict to lose the last regency admin.

    Locks the grants, so that two admins cannot remove each other at the same moment.
    """
    admins = session.scalars(
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.REGENCY_ADMIN, Person.status == "active")
        .with_for_update(of=RoleGrant)
    ).all()
    if set(admins) == {person.id}:
        raise Conflict(_("Ini admin kabupaten terakhir. Beri peran itu kepada orang lain dahulu."))
