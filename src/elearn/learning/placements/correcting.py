"""Verbs that put a placement right: change it, take its confirmation back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.events import announce
from elearn.foundation.ids import fingerprint, new_secret
from elearn.learning.placements.events import ConfirmationTakenBack
from elearn.learning.placements.forms import PlacementChange, TakingBack
from elearn.learning.placements.holding import check_stay, others_held, standing_agreement
from elearn.learning.placements.models import REPORTED, RUNNING, SIGNED, Placement
from elearn.learning.placements.notices import tell_owner
from elearn.learning.placements.queries import partner_for
from elearn.learning.placements.rules import (
    check_changeable,
    check_logged,
    check_taken_back,
    check_voiding,
    holds_on_all,
    link_ends,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record

# What the host reads and signs; the rest is between the offices.
_READ_BY_HOST = {
    "partner",
    "agreed_number",
    "form_code",
    "title",
    "starts_on",
    "ends_on",
    "letter",
    "host_name",
    "host_position",
}


def change(session: Session, actor: Actor, public_id: str, wish: PlacementChange, now: datetime) -> str:
    """Put right what a placement says until it is confirmed; gives the secret of a new link, where one takes the place
    of an old one.

    What the host reads changes for the host as well: a link that was out opens nothing from now on, and a signature is
    void and asked for again, which needs a reason. Raises Invalid for days that cannot be, that leave out what the
    logbook tells, that another placement takes, or on which no agreement holds.
    """
    actor.must(Permission.PLACE_PEOPLE)
    placement = others_held(session, actor, public_id)
    check_changeable(placement)
    check_stay(session, placement.person_id, wish, own=placement.id)
    check_logged(placement, wish.starts_on, wish.ends_on)
    before, linked, signed = _facts(placement), placement.link_hash is not None, placement.state == SIGNED
    _agree(session, actor, placement, wish)
    for name, value in wish.model_dump(exclude={"partner", "why", "sure"}).items():
        setattr(placement, name, value)
    after = _facts(placement)
    changed = {name for name in after if after[name] != before[name]}
    if not changed:
        return ""
    read = bool(changed & _READ_BY_HOST)
    if read:
        check_voiding(placement, wish.why, wish.sure)
    secret = _ask_again(placement, now) if read or (linked and "host_email" in changed) else ""
    if not (linked or signed):
        # Nobody was asked yet, so nobody is asked anew.
        secret, placement.link_hash, placement.link_expires_at = "", None, None
    if read and signed:
        placement.office_remark = wish.why
    session.flush()
    told = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    record(session, actor, "placement.changed", placement, **told, reason=wish.why)
    if read:
        tell_owner(session, "unsigned" if signed else "changed", placement, wish.why, now)
    # Whoever shows it now loads what it names anew.
    session.expire(placement, ["partner", "form"])
    return secret


def take_back(session: Session, actor: Actor, public_id: str, wish: TakingBack, now: datetime) -> Placement:
    """Let a confirmed placement count no longer. Announces ConfirmationTakenBack. Never one's own.

    The host's signature stands, so it may be confirmed again as it is, or changed first.
    """
    actor.must(Permission.PLACE_PEOPLE)
    placement = others_held(session, actor, public_id)
    check_taken_back(placement)
    announce(session, ConfirmationTakenBack(placement.id, wish.reason))
    # Confirmed once more, it is counted as something new.
    placement.rounds += 1
    placement.state, placement.confirmed_at, placement.confirmed_by = SIGNED, None, None
    placement.office_remark = wish.reason
    session.flush()
    record(session, actor, "placement.confirmation_taken_back", placement, reason=wish.reason)
    tell_owner(session, "taken_back", placement, wish.reason, now)
    return placement


def _agree(session: Session, actor: Actor, placement: Placement, wish: PlacementChange) -> None:
    """Keep the agreement under which the placement was made as long as it covers the days, else find another."""
    partner = partner_for(session, actor, wish.partner)
    days = (wish.starts_on, wish.ends_on)
    if partner.id == placement.partner_id and days == (placement.starts_on, placement.ends_on):
        return
    own = next((each for each in partner.agreements if each.id == placement.agreement_id), None)
    placement.partner_id, placement.partner = partner.id, partner
    if own is None or not holds_on_all(own, *days):
        found = standing_agreement(session, partner, *days)
        placement.agreement_id, placement.agreed_number, placement.agreed_title = found.id, found.number, found.title


def _ask_again(placement: Placement, now: datetime) -> str:
    """The secret of the link by which the host is asked for a signature of what stands now; "" before the report.

    A report that was sent before the new last day is handed in again.
    """
    if placement.state == RUNNING:
        return ""
    if placement.state == SIGNED:
        placement.signed_at, placement.signed_name, placement.remark = None, "", ""
    placement.link_hash, placement.link_expires_at = None, None
    if placement.ends_on > wib_date(now):
        placement.state, placement.reported_at = RUNNING, None
        return ""
    secret, placement.state = new_secret(), REPORTED
    placement.link_hash, placement.link_expires_at = fingerprint(secret), link_ends(now)
    return secret


def _facts(placement: Placement) -> dict[str, Any]:
    names = {*_READ_BY_HOST, "competency", "international", "host_email"} - {"partner"}
    facts = {"partner": placement.partner.name} | {name: getattr(placement, name) for name in sorted(names)}
    return {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}
