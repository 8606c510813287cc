"""Questions about partners and placements."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import fingerprint
from elearn.foundation.settings import settings
from elearn.foundation.web.paging import Page, page_of
from elearn.learning.placements.models import (
    CANCELLED,
    CONFIRMED,
    REPORTED,
    RUNNING,
    SIGNED,
    Agreement,
    AgreementFile,
    Partner,
    Placement,
)
from elearn.learning.placements.rules import check_confirmed, jp_of
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.queries import rule_of, rules_by_form
from elearn.teaching.delivery.rules import in_force


class Proof(NamedTuple):
    """A confirmed placement, whole, and the JP that it was worth."""

    placement: Placement
    jp: int


_WHOLE = (
    joinedload(Placement.person).joinedload(Person.unit),
    joinedload(Placement.partner),
    joinedload(Placement.form),
    joinedload(Placement.confirmer),
    selectinload(Placement.entries),
)


def partners(session: Session, actor: Actor) -> Sequence[Partner]:
    """All partners with their agreements, by name."""
    actor.must(Permission.PLACE_PEOPLE)
    return session.scalars(select(Partner).options(selectinload(Partner.agreements)).order_by(Partner.name)).all()


def partner_for(session: Session, actor: Actor, public_id: str) -> Partner:
    """A partner with its agreements."""
    actor.must(Permission.PLACE_PEOPLE)
    wanted = select(Partner).filter_by(public_id=public_id).options(selectinload(Partner.agreements))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def agreement_in(session: Session, actor: Actor, partner: str, public_id: str) -> Agreement:
    """An agreement of a partner, with the partner and its files; NotFound for all but the regency's admin."""
    wanted = (
        select(Agreement)
        .join(Agreement.partner)
        .where(Agreement.public_id == public_id, Partner.public_id == partner)
        .options(joinedload(Agreement.partner), selectinload(Agreement.files))
    )
    found = session.scalar(wanted) if actor.may(Permission.MANAGE_PARTNERS) else None
    if found is None:
        raise NotFound
    return found


def file_of(agreement: Agreement, public_id: str) -> AgreementFile:
    """One of the files of an agreement that is loaded with them."""
    for each in agreement.files:
        if each.public_id == public_id:
            return each
    raise NotFound


def under(session: Session, agreement: Agreement) -> Sequence[Placement]:
    """What runs, waits or is signed under an agreement and is not confirmed, the earliest first, with people."""
    wanted = select(Placement).where(
        Placement.agreement_id == agreement.id, Placement.state.in_((RUNNING, REPORTED, SIGNED))
    )
    return session.scalars(wanted.options(joinedload(Placement.person)).order_by(Placement.starts_on)).all()


def person_to_place(session: Session, actor: Actor, typed: str) -> Person:
    """An active person of the actor's own subtree, by NIP; Invalid for everybody else, as if unknown."""
    wanted = select(Person).where(Person.nip == nip.clean(typed), Person.status == "active", in_scope(actor))
    found = session.scalar(wanted)
    if found is None:
        sentence = _("NIP ini tidak ditemukan di antara pegawai Anda. Periksa angkanya.")
        raise Invalid(sentence, {"nip": sentence})
    return found


def my_placements(session: Session, actor: Actor) -> Sequence[Placement]:
    """The actor's own placements, the newest first, also those that were cancelled."""
    return session.scalars(_MINE, {"person_id": actor.me()}).all()


# Put together once: the page of one's JP asks for it each time.
_MINE = (
    select(Placement)
    .where(Placement.person_id == bindparam("person_id"))
    .options(joinedload(Placement.partner))
    .order_by(Placement.starts_on.desc())
)


def my_placement(session: Session, actor: Actor, public_id: str) -> Placement:
    """One of the actor's own, whole; NotFound for anybody else's."""
    return _one(session, select(Placement).filter_by(public_id=public_id, person_id=actor.me()))


def placements_in_scope(session: Session, actor: Actor, text: str, number: int) -> Page[Placement]:
    """Placements of the actor's subtree, the newest first; `text` looks into names, NIP, title and partner."""
    actor.must(Permission.PLACE_PEOPLE)
    found = select(Placement).where(Placement.person.has(in_scope(actor)))
    if words := text.strip():
        ways = [
            Placement.title.icontains(words, autoescape=True),
            Placement.person.has(Person.name.icontains(words, autoescape=True)),
            Placement.partner.has(Partner.name.icontains(words, autoescape=True)),
        ]
        if (digits := nip.clean(words)).isdigit():
            ways.append(Placement.person.has(Person.nip == digits))
        found = found.where(or_(*ways))
    shown = (joinedload(Placement.person).joinedload(Person.unit), joinedload(Placement.partner))
    return page_of(session, found.options(*shown).order_by(Placement.starts_on.desc(), Placement.id.desc()), number)


def placement_in_scope(session: Session, actor: Actor, public_id: str) -> Placement:
    """A placement of the actor's subtree, whole."""
    actor.must(Permission.PLACE_PEOPLE)
    wanted = select(Placement).where(Placement.public_id == public_id, Placement.person.has(in_scope(actor)))
    return _one(session, wanted)


def placement_by_link(session: Session, secret: str, now: datetime) -> Placement:
    """What the host's link opens while it waits for a signature; NotFound for a wrong, used or old link."""
    wanted = select(Placement).where(
        Placement.link_hash == fingerprint(secret),
        Placement.link_expires_at > now,
        Placement.state == REPORTED,
    )
    found: Placement | None = session.scalar(wanted.options(*_WHOLE))
    if found is None:
        raise NotFound(_("Tautan ini sudah dipakai atau tidak berlaku lagi. Minta tautan baru kepada pengirimnya."))
    return found


def standing_placements(session: Session, person_id: int) -> Sequence[Placement]:
    """A person's placements that were not cancelled."""
    wanted = select(Placement).where(Placement.person_id == person_id, Placement.state != CANCELLED)
    return session.scalars(wanted.order_by(Placement.starts_on)).all()


def proofs(session: Session, public_ids: Collection[str]) -> dict[str, Proof]:
    """What a proof says of each of these placements that was confirmed, by its public id."""
    wanted = select(Placement).where(Placement.public_id.in_(public_ids), Placement.state == CONFIRMED)
    found = session.scalars(wanted.options(*_WHOLE)).all()
    rules = rules_by_form(session, {each.form_code for each in found}) if found else {}
    return {each.public_id: _proof(each, in_force(rules[each.form_code], each.ends_on)) for each in found}


def proof_of(session: Session, placement: Placement) -> Proof:
    """What a proof says of a placement that is loaded whole. Raises Conflict before it is confirmed."""
    check_confirmed(placement)
    return _proof(placement, rule_of(session, placement.form_code, placement.ends_on))


def _proof(placement: Placement, rule: FormRule) -> Proof:
    minutes = sum(entry.minutes for entry in placement.entries)
    return Proof(placement, jp_of(rule, placement, minutes, settings().jp_rule(placement.ends_on).minutes_per_jp))


def _one(session: Session, wanted: Select[Any]) -> Placement:
    found: Placement | None = session.scalar(wanted.options(*_WHOLE))
    if found is None:
        raise NotFound
    return found
