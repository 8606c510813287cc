"""Whom a rule means, as a condition on people. All that is given has to hold; of a programme's rules any may."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, case, false, func, literal, not_, or_, true

from elearn.learning.programmes.models import Programme, ProgrammeRule
from elearn.learning.programmes.sources import holds
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import our_asn, works_below
from elearn.people.organisation.models import Unit


def within(owner: Unit | None) -> tuple[ColumnElement[bool], ...]:
    """Those whom a programme can mean at all: our active ASN, of its owner's subtree where a unit owns it."""
    return (*our_asn(), works_below(owner)) if owner else our_asn()


def condition(rule: ProgrammeRule) -> ColumnElement[bool]:
    """What a rule asks of a person, without the owner's reach; its unit has to be loaded."""
    asked: list[ColumnElement[bool]] = [true()]
    if rule.unit is not None:
        asked.append(works_below(rule.unit))
    if rule.position_kinds:
        asked.append(Person.position_kind.in_(rule.position_kinds))
    if rule.asn_kinds:
        asked.append(Person.asn_kind.in_(rule.asn_kinds))
    if rule.ranks:
        asked.append(or_(*(_of_rank(code) for code in rule.ranks)))
    if rule.joined_since is not None:
        asked.append(_appointed_since(rule.joined_since))
    if rule.certificate_course_id is not None:
        held = holds(rule.certificate_course_id)
        asked.append(held if rule.holds_certificate else not_(held))
    whole = asked[0]
    for each in asked[1:]:
        whole = whole & each
    return whole


def meant(programme: Programme) -> ColumnElement[bool]:
    """Whom any of a programme's rules means, within its owner's reach."""
    whole: ColumnElement[bool] = or_(false(), *(condition(rule) for rule in programme.rules))
    for each in within(programme.unit):
        whole = whole & each
    return whole


def first_rule(rules: Sequence[ProgrammeRule]) -> ColumnElement[Any]:
    """The id of the first rule that means a person; the earlier one wins."""
    return case(*((condition(rule), rule.id) for rule in rules), else_=None) if rules else literal(None)


def _of_rank(code: str) -> ColumnElement[bool]:
    """`III/c` is that golongan, `III` all of III; it may stand alone, in brackets or behind the rank's name."""
    bare: ColumnElement[str] = func.upper(Person.rank)
    for sign in "(),.":
        bare = func.replace(bare, sign, " ", type_=String)
    padded = literal(" ") + bare + " "
    exact = padded.like(f"% {code} %")
    return exact if "/" in code else or_(exact, padded.like(f"% {code}/%"))


def _appointed_since(day: date) -> ColumnElement[bool]:
    """By digits 9 to 14 of the NIP. Those of a PPPK name no month: he or she counts from January of the year on."""
    year, month = func.substr(Person.nip, 9, 4), func.substr(Person.nip, 13, 2)
    same_year = (year == f"{day.year:04}") & or_(month >= f"{day.month:02}", month > "12")
    return or_(year > f"{day.year:04}", same_year)
