"""Questions about people and their sessions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import Forbidden, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import clean_code, fingerprint
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import (
    GUEST,
    AccessCode,
    ApiToken,
    FormerName,
    Person,
    Placement,
    RoleGrant,
    WebSession,
)
from elearn.people.accounts.rules import Present
from elearn.people.organisation.models import Unit

_PERSON = (
    Person.id,
    Person.public_id,
    Person.name,
    Person.unit_id,
    Person.locale,
    Person.theme,
    Person.text_size,
    RoleGrant.role,
    Unit.path,
)


# Every page asks this; putting a statement together takes longer than running it.
_BY_SESSION = (
    select(WebSession.id.label("session_id"), WebSession.last_seen_at, WebSession.second_factor_at, *_PERSON)
    .join(Person, Person.id == WebSession.person_id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        WebSession.expires_at > bindparam("now"),
        WebSession.last_seen_at > bindparam("idle_since"),
        Person.status == "active",
    )
)


def actor_by_session(connection: Connection, token: str, now: datetime) -> tuple[Actor, datetime] | None:
    """The actor of a living session of an active person, and when the session was last marked as seen."""
    idle_since = now - timedelta(hours=settings().session_idle_hours)
    asked = {"token_hash": fingerprint(token), "now": now, "idle_since": idle_since}
    rows = connection.execute(_BY_SESSION, asked).all()
    if not rows:
        return None
    first = rows[0]
    actor = _actor(rows, session_id=first.session_id, second_factor=first.second_factor_at is not None)
    return actor, first.last_seen_at


def actor_by_token(session: Session, token: str, now: datetime) -> tuple[Actor, datetime | None] | None:
    """The active owner of a living API token, with the token's scopes, and when it was last marked as used.

    The token's name says what it was made for; it stands as the reason in the audit.
    No code is typed for a token, so its second factor is the one that the owner has set up.
    """
    rows = session.execute(
        select(ApiToken.name.label("token"), ApiToken.scopes, ApiToken.last_used_at, Person.totp_confirmed_at, *_PERSON)
        .join(Person, Person.id == ApiToken.person_id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            ApiToken.token_hash == fingerprint(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now),
            Person.status == "active",
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    scopes = frozenset(first.scopes.split())
    second_factor = first.totp_confirmed_at is not None
    actor = _actor(rows, token_scopes=scopes, second_factor=second_factor, reason=f"token: {first.token}")
    return actor, first.last_used_at


def actor_for(session: Session, person_id: int) -> Actor | None:
    """The actor that an active person is, for jobs that act in somebody's name."""
    rows = session.execute(
        select(*_PERSON)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(Person.id == person_id, Person.status == "active")
    ).all()
    return _actor(rows, second_factor=True) if rows else None


def asker(session: Session, owner_id: int | None) -> Actor:
    """The person who asked for a job; Forbidden once the account is closed, so that its work stops."""
    actor = actor_for(session, owner_id or 0)
    if actor is None:
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))
    return actor


def _actor(
    grants: Sequence[Any],
    *,
    session_id: int | None = None,
    second_factor: bool = False,
    token_scopes: frozenset[str] | None = None,
    reason: str = "",
) -> Actor:
    first = grants[0]
    roles = frozenset({Role.LEARNER, *(Role(row.role) for row in grants if row.role)})
    # Both are never granted; were they there, what an admin may do must not reach what a head only sees.
    reaching = Role.OPD_ADMIN if Role.OPD_ADMIN in roles else Role.HEAD
    return Actor(
        person_id=first.id,
        public_id=first.public_id,
        name=first.name,
        roles=roles,
        scope_paths=tuple(row.path for row in grants if row.role == reaching and row.path),
        unit_id=first.unit_id,
        locale=first.locale,
        theme=first.theme,
        text_size=first.text_size,
        second_factor=second_factor,
        session_id=session_id,
        token_scopes=token_scopes,
        reason=reason,
    )


def has_role(session: Session, person: Person) -> bool:
    """Whether the person is more than a learner."""
    return session.scalar(select(RoleGrant.id).filter_by(person_id=person.id).limit(1)) is not None


def me(session: Session, actor: Actor) -> Person:
    """The actor's own row, with the unit."""
    return session.scalars(select(Person).filter_by(id=actor.me()).options(joinedload(Person.unit))).one()


def person_in_scope(session: Session, actor: Actor, public_id: str) -> Person:
    """A person whom the actor may see, with the unit; NotFound for everybody outside the actor's subtree."""
    wanted = select(Person).filter_by(public_id=public_id).options(joinedload(Person.unit))
    person = session.scalar(wanted.where(in_scope(actor)))
    if person is None:
        raise NotFound
    return person


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on Person that keeps to an admin's or a head's part of the unit tree; nobody for everyone else."""
    if actor.everywhere:
        return true()
    if not actor.scope_paths:
        return false()
    subtree = select(Unit.id).where(or_(*(Unit.path.startswith(path) for path in actor.scope_paths)))
    return Person.unit_id.in_(subtree)


def our_asn() -> tuple[ColumnElement[bool], ...]:
    """The conditions on Person to be an active ASN of ours: with a NIP, and no guest of a class."""
    return Person.status == "active", Person.nip.is_not(None), Person.asn_kind != GUEST


def works_below(unit: Unit) -> ColumnElement[bool]:
    """The condition on Person to work in a unit's subtree."""
    return Person.unit_id.in_(select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True)))


def unit_on(session: Session, person_id: int, day: date) -> int | None:
    """Where a person worked on a day; before the first placement that is known, that one, else the present unit."""
    mine = select(Placement).filter_by(person_id=person_id)
    then = mine.where(Placement.valid_from <= day, or_(Placement.valid_to.is_(None), Placement.valid_to >= day))
    found = session.scalar(then.order_by(Placement.id.desc()).limit(1)) or session.scalar(
        mine.where(Placement.valid_from > day).order_by(Placement.valid_from, Placement.id).limit(1)
    )
    return found.unit_id if found else session.get_one(Person, person_id).unit_id


def history_of(session: Session, person: Person) -> Sequence[Placement]:
    """Where a person worked and works, with the units, the latest first; the caller may see the person."""
    mine = select(Placement).filter_by(person_id=person.id).options(joinedload(Placement.unit))
    return session.scalars(mine.order_by(Placement.valid_from.desc(), Placement.id.desc())).all()


def present_of(session: Session, person_ids: Sequence[int]) -> dict[int, Present]:
    """Since when those people who have a place are in it: one statement."""
    wanted = (
        select(Placement.person_id, func.max(Placement.valid_from), func.count())
        .where(Placement.person_id.in_(person_ids))
        .group_by(Placement.person_id)
    )
    return {person_id: Present(since, count == 1) for person_id, since, count in session.execute(wanted)}


def former_names_of(session: Session, person: Person) -> Sequence[FormerName]:
    """What a person was called before, the latest first; the caller may see the person."""
    return session.scalars(select(FormerName).filter_by(person_id=person.id).order_by(FormerName.until.desc())).all()


def roles_of(session: Session, person: Person) -> frozenset[str]:
    """The roles beyond learner that a person holds."""
    return frozenset(session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)))


def usable_code(session: Session, person: Person, code: str, now: datetime) -> AccessCode | None:
    """The living one-time code of this person that was typed."""
    return session.scalar(
        select(AccessCode).where(
            AccessCode.person_id == person.id,
            AccessCode.code_hash == fingerprint(clean_code(code)),
            AccessCode.used_at.is_(None),
            AccessCode.expires_at > now,
        )
    )


def my_sessions(session: Session, actor: Actor, now: datetime) -> Sequence[WebSession]:
    """The actor's living sessions, the newest first."""
    mine = select(WebSession).where(WebSession.person_id == actor.me(), WebSession.expires_at > now)
    return session.scalars(mine.order_by(WebSession.last_seen_at.desc())).all()


def my_tokens(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The actor's tokens that were not revoked."""
    mine = select(ApiToken).filter_by(person_id=actor.me(), revoked_at=None)
    return session.scalars(mine.order_by(ApiToken.created_at.desc())).all()
