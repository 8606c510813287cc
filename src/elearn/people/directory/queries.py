"""Questions of admins about people, their roles, and sheets of codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission, Role
from elearn.people.accounts import nip
from elearn.people.accounts.codes import derived_code
from elearn.people.accounts.models import AccessCode, CodeSheet, Person, RoleGrant, WebSession
from elearn.people.accounts.queries import in_scope, person_in_scope, works_below
from elearn.people.directory.texts import CodeLine
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_for, units_in_scope
from elearn.people.organisation.rules import in_tree_order, subtree_sums

ROWS = 50
# More are not counted: nobody reads on so far, and counting a million takes longer than the page.
COUNTED = 20_000


@dataclass(frozen=True)
class PeopleWish:
    """Which people a list shows; `after` and `before` are public ids between which a page lies."""

    q: str = ""
    unit: str = ""
    state: str = ""
    role: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """One page of people by name; the ids are empty at the ends. A `total` above COUNTED says that there are more."""

    rows: Sequence[Person]
    total: int
    previous: str
    next: str


@dataclass(frozen=True)
class Node:
    """A unit in the tree with the people of its whole subtree."""

    unit: Unit
    people: int
    children: list["Node"]


@dataclass(frozen=True)
class SignInState:
    """How a person gets in; `code_until` is the end of a code that still waits to be used."""

    sessions: int
    code_until: datetime | None
    grants: Sequence[RoleGrant]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


def people(session: Session, actor: Actor, wish: PeopleWish) -> PeoplePage:
    """People in the actor's scope by name, with their units: three or four statements however many there are."""
    actor.must(Permission.SEE_PEOPLE)
    if wish.role:
        actor.must(Permission.GRANT_ROLES)
    where = _conditions(session, actor, wish)
    counted = select(Person.id).where(*where).limit(COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    question = select(Person).where(*where).options(joinedload(Person.unit)).limit(ROWS + 1)
    anchor = session.execute(
        select(Person.name, Person.id).where(Person.public_id == (wish.before or wish.after), in_scope(actor))
    ).one_or_none()
    backwards = bool(anchor and wish.before)
    rows = list(session.scalars(_from(question, (anchor.name, anchor.id) if anchor else None, backwards=backwards)))
    more = len(rows) > ROWS
    rows = rows[:ROWS][:: -1 if backwards else 1]
    return PeoplePage(
        rows,
        total,
        previous=rows[0].public_id if rows and (more if backwards else anchor) else "",
        next=rows[-1].public_id if rows and (backwards or more) else "",
    )


def _from(question: Select[Person], anchor: tuple[str, int] | None, *, backwards: bool) -> Select[Person]:
    if backwards:
        question = question.order_by(Person.name.desc(), Person.id.desc())
    else:
        question = question.order_by(Person.name, Person.id)
    if anchor is None:
        return question
    name, number = anchor
    if backwards:
        return question.where(or_(Person.name < name, and_(Person.name == name, Person.id < number)))
    return question.where(or_(Person.name > name, and_(Person.name == name, Person.id > number)))


def _conditions(session: Session, actor: Actor, wish: PeopleWish) -> list[ColumnElement[bool]]:
    found = [in_scope(actor)]
    if wish.unit:
        found.append(works_below(unit_for(session, actor, wish.unit)))
    text = wish.q.strip()
    if text and nip.clean(text).isdigit():
        found.append(Person.nip.contains(nip.clean(text), autoescape=True))
    else:
        for word in text.split():
            found.append(
                or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
            )
    if wish.state == "new":
        found += [Person.status == "active", Person.activated_at.is_(None)]
    elif wish.state == "active":
        found += [Person.status == "active", Person.activated_at.is_not(None)]
    elif wish.state:
        found.append(Person.status == wish.state)
    if wish.role:
        found.append(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == wish.role)))
    return found


def grants_of(session: Session, actor: Actor, people: Sequence[Person]) -> dict[int, list[RoleGrant]]:
    """The roles of some people, with the units of their scopes."""
    ids = [person.id for person in people]
    wanted = select(RoleGrant).where(RoleGrant.person_id.in_(ids)).options(joinedload(RoleGrant.unit))
    found: dict[int, list[RoleGrant]] = {number: [] for number in ids}
    for grant in session.scalars(wanted.order_by(RoleGrant.id)):
        found[grant.person_id].append(grant)
    return found


def sign_in_state(session: Session, actor: Actor, person: Person, now: datetime) -> SignInState:
    """Sessions, a waiting code and roles of a person whom the actor may see."""
    person_in_scope(session, actor, person.public_id)
    sessions = select(func.count(WebSession.id)).where(WebSession.person_id == person.id, WebSession.expires_at > now)
    code = select(func.max(AccessCode.expires_at)).where(
        AccessCode.person_id == person.id, AccessCode.used_at.is_(None), AccessCode.expires_at > now
    )
    return SignInState(
        session.scalar(sessions) or 0, session.scalar(code), grants_of(session, actor, [person])[person.id]
    )


def person_for_roles(session: Session, actor: Actor, public_id: str) -> Person:
    """A person whose roles the actor may change."""
    actor.must(Permission.GRANT_ROLES)
    return person_in_scope(session, actor, public_id)


def person_to_manage(session: Session, actor: Actor, public_id: str) -> Person:
    """A person whom the actor may change; NotFound first for who may not even see him or her."""
    person = person_in_scope(session, actor, public_id)
    actor.must(Permission.MANAGE_PEOPLE)
    return person


def units_for_form(session: Session, actor: Actor, permission: Permission) -> list[Unit]:
    """The open units that a form offers to whoever has this permission."""
    actor.must(permission)
    return units_in_scope(session, actor)


def unit_to_manage(session: Session, actor: Actor, code: str) -> Unit:
    """A unit that the actor may change; NotFound first for who may not even see it."""
    unit = unit_for(session, actor, code)
    actor.must(Permission.MANAGE_UNITS)
    return unit


def people_per_unit(session: Session, actor: Actor) -> dict[int, int]:
    """How many people work in each unit itself, without those who left."""
    wanted = select(Person.unit_id, func.count()).where(in_scope(actor), Person.status != "left")
    rows = session.execute(wanted.group_by(Person.unit_id))
    return {unit: count for unit, count in rows if unit is not None}


def unit_tree(session: Session, actor: Actor, *, closed: bool = False) -> list[Node]:
    """The actor's part of the tree with counts: two statements."""
    actor.must(Permission.SEE_PEOPLE)
    units = units_in_scope(session, actor, closed=closed)
    sums = subtree_sums(units, people_per_unit(session, actor))
    nodes = {unit.id: Node(unit, sums[unit.id], []) for unit in units}
    tops: list[Node] = []
    for unit in units:
        above = nodes.get(unit.parent_id or 0)
        (above.children if above else tops).append(nodes[unit.id])
    return tops


def unit_node(session: Session, actor: Actor, unit: Unit) -> Node:
    """One unit of the actor's with those directly below, each with the people of its subtree: two statements.

    Only the places are read of what lies deeper.
    """
    actor.must(Permission.SEE_PEOPLE)
    children = in_tree_order(session.scalars(select(Unit).where(Unit.parent_id == unit.id)))
    counted = (
        select(Unit.path, func.count())
        .join(Person, Person.unit_id == Unit.id)
        .where(works_below(unit), in_scope(actor), Person.status != "left")
        .group_by(Unit.path)
    )
    counts = [(path, count) for path, count in session.execute(counted)]
    below = [Node(one, sum(n for path, n in counts if path.startswith(one.path)), []) for one in children]
    return Node(unit, sum(n for _path, n in counts), below)


def admins_for(session: Session, actor: Actor) -> Sequence[Person]:
    """The admins of the actor's OPD: those of the nearest unit above that has any."""
    path = session.scalar(select(Unit.path).where(Unit.id == actor.unit_id)) or ""
    above = [int(part) for part in path.strip("/").split("/") if part]
    wanted = (
        select(Person, Unit.path)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.role == Role.OPD_ADMIN, RoleGrant.unit_id.in_(above), Person.status == "active")
        .options(joinedload(Person.unit))
        .order_by(func.length(Unit.path).desc(), Person.name)
    )
    rows = session.execute(wanted).all()
    return [person for person, place in rows if place == rows[0][1]]


def people_without_code(actor: Actor, unit: Unit) -> list[ColumnElement[bool]]:
    """The conditions on Person for a unit's sheet: active, never signed in, and one whom the actor may help."""
    found = [in_scope(actor), works_below(unit), Person.status == "active", Person.activated_at.is_(None)]
    if not actor.everywhere:
        found.append(Person.id.not_in(select(RoleGrant.person_id)))
    return found


def count_without_code(session: Session, actor: Actor, unit: Unit) -> int:
    """For how many people a unit's sheet would be."""
    return session.scalar(select(func.count(Person.id)).where(*people_without_code(actor, unit))) or 0


def ticked_people(session: Session, actor: Actor, public_ids: Sequence[str]) -> Sequence[Person]:
    """Chosen people whom the actor may help; NotFound when one of them is foreign or unknown."""
    actor.must(Permission.ISSUE_ACCESS)
    wanted = select(Person).where(Person.public_id.in_(public_ids), in_scope(actor)).options(joinedload(Person.unit))
    found = session.scalars(wanted.order_by(Person.name)).all()
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def my_sheets(session: Session, actor: Actor, now: datetime) -> Sequence[CodeSheet]:
    """The sheets that the actor made and may still see."""
    actor.must(Permission.ISSUE_ACCESS)
    mine = select(CodeSheet).where(CodeSheet.owner_id == actor.me(), CodeSheet.visible_until > now)
    return session.scalars(mine.options(joinedload(CodeSheet.unit)).order_by(CodeSheet.id.desc())).all()


def sheet_for(session: Session, actor: Actor, public_id: str, now: datetime) -> CodeSheet:
    """A sheet that the actor made; Conflict once its day is over."""
    sheet = session.scalar(
        select(CodeSheet).filter_by(public_id=public_id, owner_id=actor.me()).options(joinedload(CodeSheet.unit))
    )
    if sheet is None:
        raise NotFound
    actor.must(Permission.ISSUE_ACCESS)
    if sheet.visible_until <= now or sheet.nonce is None:
        raise Conflict(_("Lembar kode hanya terlihat sehari. Buat kode baru bagi yang belum masuk."))
    return sheet


def lines_of(
    session: Session,
    actor: Actor,
    sheet: CodeSheet,
    now: datetime,
    unit: str | None = None,
    *,
    first: int = 0,
    most: int | None = None,
) -> list[CodeLine]:
    """The codes of a sheet that still work, by unit and name; `unit` is the code of one unit to keep to.

    `most` lines from the `first` one on, which is counted from 0.
    """
    wanted = (
        select(Person, Unit.code, Unit.name, AccessCode.expires_at)
        .join(AccessCode, AccessCode.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(*_still_good(actor, sheet, now))
        .order_by(Unit.name, Person.name, Person.id)
        .offset(first)
        .limit(most)
    )
    if unit is not None:
        wanted = wanted.where(Unit.code == unit)
    key, nonce = settings().secret_key, sheet.nonce or ""
    return [
        CodeLine(p.full_name, p.nip or "", code or "", name or "", derived_code(key, nonce, p.public_id), until)
        for p, code, name, until in session.execute(wanted)
    ]


def _still_good(actor: Actor, sheet: CodeSheet, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AccessCode.sheet_id == sheet.id,
        AccessCode.used_at.is_(None),
        AccessCode.expires_at > now,
        in_scope(actor),
    )


def made_so_far(session: Session, actor: Actor, sheet: CodeSheet) -> int:
    """How many people of a sheet have their code."""
    return session.scalar(select(func.count(AccessCode.id)).where(AccessCode.sheet_id == sheet.id)) or 0


def units_on(session: Session, actor: Actor, sheet: CodeSheet, now: datetime) -> list[tuple[str, str, int]]:
    """Code, name and number of people of each unit on a sheet, in the order of its lines."""
    wanted = (
        select(Unit.code, Unit.name, func.count())
        .select_from(Person)
        .join(AccessCode, AccessCode.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(*_still_good(actor, sheet, now))
        .group_by(Unit.code, Unit.name)
        .order_by(Unit.name, Unit.code)
    )
    return [(code or "", name or "", n) for code, name, n in session.execute(wanted)]
