"""Where people work, or worked on a day that is past: parts of statements about many of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from elearn.foundation.errors import NotFound
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person, Placement
from elearn.people.accounts.queries import in_scope, unit_on
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_in_scope


@dataclass(frozen=True)
class Places:
    """Where people stand. `unit_id` and `in_service` may be used once a statement about Person is `joined`.

    A civil servant is in service from the year that stands in the NIP until the last place ends.
    """

    unit_id: Any
    in_service: ColumnElement[bool]
    held: Any = None
    held_id: Any = None

    def joined(self, people: Select[Any]) -> Select[Any]:
        """The statement with each person's place; nobody is lost or comes twice."""
        return people if self.held is None else people.outerjoin(self.held, self.held.id == self.held_id)

    def near(self, units: Select[int]) -> ColumnElement[bool]:
        """A condition on Person that indexes answer without a join: to stand in one of these units, now or ever."""
        now = Person.unit_id.in_(units)
        if self.held is None:
            return now
        ever = union(select(Placement.person_id).where(Placement.unit_id.in_(units)), select(Person.id).where(now))
        return Person.id.in_(ever)


NOW = Places(Person.unit_id, Person.status == "active")


def places_on(day: date) -> Places:
    """Where people stood on a past day: in the place that had begun last, before the first known one in that.

    Whoever has no known place stands where he or she works now. An account that is suspended changes no past.
    """
    held, each = aliased(Placement), aliased(Placement)
    begun = case((each.valid_from <= day, each.valid_from))
    held_id = (
        select(each.id)
        .where(each.person_id == Person.id)
        .order_by(begun.desc().nulls_last(), each.valid_from, each.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    appointed = func.substr(Person.nip, 9, 4) <= str(day.year)
    in_service = or_(
        and_(held.valid_from <= day, or_(held.valid_to.is_(None), held.valid_to >= day)),
        and_(held.valid_from > day, appointed),
        and_(held.id.is_(None), Person.status != "left", appointed),
    )
    return Places(case((held.id.is_(None), Person.unit_id), else_=held.unit_id), in_service, held, held_id)


def person_seen(session: Session, actor: Actor, public_id: str, day: date | None) -> Person:
    """A person in an admin's part of the tree now or, where a past day is given, then; NotFound for all others."""
    places = places_on(day) if day else NOW
    there = places.unit_id.in_(select(Unit.id).where(unit_in_scope(actor)))
    wanted = select(Person).where(Person.public_id == public_id, or_(in_scope(actor), there))
    person: Person | None = session.scalar(places.joined(wanted).options(joinedload(Person.unit)))
    if person is None:
        raise NotFound
    return person


def unit_then(session: Session, person: Person, day: date | None) -> Unit | None:
    """The unit of a person whose unit is loaded: now or, where a past day is given, then."""
    if day is None:
        return person.unit
    unit_id = unit_on(session, person.id, day)
    return session.get(Unit, unit_id) if unit_id else None
