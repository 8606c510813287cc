"""Where people work, or worked on a day that is past: parts of statements about many of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, and_, case, func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.gathering import gathered_in
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person, Placement
from elearn.people.accounts.queries import in_scope, unit_on
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_in_scope


@dataclass(frozen=True)
class Places:
    """Where people stand. `unit_id`, `in_service` and `asn_kind` may be used once a statement about Person is `joined`.

    Whoever has no place on a past day but the first known one begins later stands in that, whoever has no known place
    where he or she works now; neither before the year that stands in the NIP. An account that is suspended changes no
    past. The kind of employment is None where it was not kept yet.
    """

    unit_id: Any
    in_service: ColumnElement[bool]
    asn_kind: ColumnElement[Any]
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = ()

    def joined(self, people: Select[Any]) -> Select[Any]:
        """The statement with each person's place; nobody is lost or comes twice."""
        for place, on in self.joins:
            people = people.outerjoin(place, on)
        return people


NOW = Places(Person.unit_id, Person.status == "active", Person.asn_kind.expression)


def near(units: Select[int], *, ever: bool) -> ColumnElement[bool]:
    """A condition on Person that indexes answer without a join: to work in one of these units, now or ever."""
    if not ever:
        return Person.unit_id.in_(units)
    each = aliased(Person)
    placed = select(Placement.person_id).where(Placement.unit_id.in_(units))
    return gathered_in(Person.id, union(placed, select(each.id).where(each.unit_id.in_(units))).scalar_subquery())


def places_on(day: date, within: Sequence[ColumnElement[bool]]) -> Places:
    """Where people stood on a past day, put together for all of them at once; `within` are conditions that keep to
    those who may be meant."""
    held, each = aliased(Placement), aliased(Placement)
    latest = select(each.person_id, func.max(each.id).label("id")).where(_covers(each, day))
    if within:
        latest = latest.where(each.person_id.in_(select(Person.id).where(*within)))
    found = latest.group_by(each.person_id).subquery()
    other = aliased(Placement)
    mine = select(other.unit_id).where(other.person_id == Person.id).correlate(Person)
    first = mine.order_by(other.valid_from, other.id).limit(1).scalar_subquery()
    known_later = or_(Person.status != "left", mine.exists()) & ~mine.where(other.valid_from <= day).exists()
    return Places(
        case((held.id.is_not(None), held.unit_id), else_=func.coalesce(first, Person.unit_id)),
        or_(held.id.is_not(None), _appointed(day) & known_later),
        held.asn_kind.expression,
        ((found, found.c.person_id == Person.id), (held, held.id == found.c.id)),
    )


def places_one_by_one(day: date) -> Places:
    """The same, looked up when a person's turn comes: for statements that tell of few of many."""
    held, each = aliased(Placement), aliased(Placement)
    held_id = (
        select(each.id)
        .where(each.person_id == Person.id)
        .order_by(
            case((_covers(each, day), each.id)).desc().nulls_last(),
            case((each.valid_from <= day, each.valid_from)).desc().nulls_last(),
            each.valid_from,
            each.id,
        )
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    known_later = or_(held.valid_from > day, held.id.is_(None) & (Person.status != "left"))
    return Places(
        case((held.id.is_(None), Person.unit_id), else_=held.unit_id),
        or_(_covers(held, day), _appointed(day) & known_later),
        case((_covers(held, day), held.asn_kind)),
        ((held, held.id == held_id),),
    )


def kind_on(day: date | BindParameter[date]) -> ScalarSelect[str | None]:
    """What the Person of a statement was employed as on a past day; None where it was not kept yet."""
    each = aliased(Placement)
    then = select(each.asn_kind).where(each.person_id == Person.id, _covers(each, day))
    return then.order_by(each.id.desc()).limit(1).correlate(Person).scalar_subquery()


def _covers(placement: type[Placement], day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(placement.valid_from <= day, or_(placement.valid_to.is_(None), placement.valid_to >= day))


def _appointed(day: date) -> ColumnElement[bool]:
    return func.substr(Person.nip, 9, 4) <= str(day.year)


def person_seen(session: Session, actor: Actor, public_id: str, day: date | None) -> Person:
    """A person in an admin's part of the tree now or, where a past day is given, then; NotFound for all others."""
    places = places_one_by_one(day) if day else NOW
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
