"""Verbs of placements from the first day to the account."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import fingerprint, new_id, new_secret
from elearn.learning.placements.events import PlacementConfirmed
from elearn.learning.placements.forms import (
    Cancelling,
    LogRemoval,
    LogWish,
    PlacementWish,
    ReportWish,
    SendingBack,
    Signing,
)
from elearn.learning.placements.holding import check_stay, held, others_held, standing_agreement
from elearn.learning.placements.models import CANCELLED, CONFIRMED, REPORTED, RUNNING, SIGNED, LogEntry, Placement
from elearn.learning.placements.notices import tell_owner
from elearn.learning.placements.queries import my_placement, partner_for, person_to_place, placement_by_link
from elearn.learning.placements.rules import (
    check_confirmable,
    check_day,
    check_reportable,
    check_running,
    link_ends,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record


def place(session: Session, actor: Actor, wish: PlacementWish, now: datetime) -> Placement:
    """Send a person of the actor's own subtree to a partner.

    Raises Invalid for an unknown person or partner, a wrong form, days that cannot be or that another placement of the
    person takes, and where no agreement with the partner holds on all of them.
    """
    actor.must(Permission.PLACE_PEOPLE)
    person = person_to_place(session, actor, wish.nip)
    check_stay(session, person.id, wish)
    partner = partner_for(session, actor, wish.partner)
    agreement = standing_agreement(session, partner, wish.starts_on, wish.ends_on)
    placement = Placement(
        public_id=new_id(),
        person_id=person.id,
        partner_id=partner.id,
        agreement_id=agreement.id,
        agreed_number=agreement.number,
        agreed_title=agreement.title,
        state=RUNNING,
        made_by=actor.me(),
        created_at=now,
        **wish.model_dump(exclude={"nip", "partner"}),
    )
    session.add(placement)
    session.flush()
    after = {"person": person.public_id, "partner": partner.name, "days": f"{wish.starts_on} {wish.ends_on}"}
    record(session, actor, "placement.made", placement, after=after)
    return placement


def log(session: Session, actor: Actor, public_id: str, wish: LogWish, now: datetime) -> LogEntry:
    """Write a day into one's own logbook, in place of what stood there for it."""
    placement = held(session, my_placement(session, actor, public_id))
    check_running(placement)
    check_day(placement, wish.day, wib_date(now))
    entry = session.scalar(select(LogEntry).filter_by(placement_id=placement.id, day=wish.day))
    if entry is None:
        entry = LogEntry(placement_id=placement.id, day=wish.day)
        session.add(entry)
    entry.minutes, entry.text, entry.written_at = int(wish.hours * 60), wish.text, now
    session.flush()
    return entry


def unlog(session: Session, actor: Actor, public_id: str, wish: LogRemoval) -> None:
    """Take a day that was written by mistake out of one's own logbook; a day that is not there is none."""
    placement = held(session, my_placement(session, actor, public_id))
    check_running(placement)
    session.execute(delete(LogEntry).where(LogEntry.placement_id == placement.id, LogEntry.day == wish.day))
    session.expire(placement, ["entries"])


def report(session: Session, actor: Actor, public_id: str, wish: ReportWish, now: datetime) -> Placement:
    """Hand in the report of one's own placement; from now on it waits for the host's signature."""
    placement = held(session, my_placement(session, actor, public_id))
    check_reportable(placement, len(placement.entries), wib_date(now))
    placement.report, placement.reported_at, placement.state = wish.report, now, REPORTED
    session.flush()
    record(session, actor, "placement.reported", placement)
    return placement


def make_link(session: Session, actor: Actor, public_id: str, now: datetime) -> str:
    """The secret of a new link for the host, told once; an earlier link ends. Never for one's own placement."""
    placement = others_held(session, actor, public_id)
    if placement.state != REPORTED:
        raise Conflict(_("Tautan dibuat setelah pegawai mengirim laporannya."))
    secret = new_secret()
    placement.link_hash, placement.link_expires_at = fingerprint(secret), link_ends(now)
    session.flush()
    record(session, actor, "placement.link_made", placement, after={"host": placement.host_name})
    return secret


def sign(session: Session, actor: Actor, secret: str, wish: Signing, now: datetime) -> Placement:
    """The host's signature; the link is used up by it. Raises NotFound for a link that does not hold."""
    placement = _opened(session, secret, now)
    if not wish.agreed:
        sentence = _("Centang pernyataan ini untuk menandatangani.")
        raise Invalid(sentence, {"agreed": sentence})
    placement.state, placement.signed_at, placement.signed_name = SIGNED, now, wish.name
    placement.remark, placement.link_hash, placement.link_expires_at = wish.remark, None, None
    placement.office_remark = ""
    session.flush()
    record(session, actor, "placement.signed", placement, after={"name": wish.name}, reason=wish.remark)
    return placement


def send_back(session: Session, actor: Actor, secret: str, wish: SendingBack, now: datetime) -> Placement:
    """The host asks for something to be mended; logbook and report are open again, the link is used up."""
    placement = _opened(session, secret, now)
    placement.state, placement.remark = RUNNING, wish.remark
    placement.link_hash, placement.link_expires_at = None, None
    session.flush()
    record(session, actor, "placement.sent_back", placement, reason=wish.remark)
    return placement


def confirm(session: Session, actor: Actor, public_id: str, now: datetime) -> Placement:
    """Let a signed placement count. Announces PlacementConfirmed. Never one's own."""
    placement = others_held(session, actor, public_id)
    check_confirmable(placement)
    placement.state, placement.confirmed_at, placement.confirmed_by = CONFIRMED, now, actor.person_id
    placement.office_remark = ""
    session.flush()
    record(session, actor, "placement.confirmed", placement)
    announce(session, PlacementConfirmed(placement.id))
    return placement


def cancel(session: Session, actor: Actor, public_id: str, wish: Cancelling, now: datetime) -> Placement:
    """End a placement without counting it; what was written is kept, and its owner is told why. Raises Conflict once it
    counts."""
    placement = others_held(session, actor, public_id)
    if placement.state in (CONFIRMED, CANCELLED):
        raise Conflict(_("Penempatan ini sudah ditutup."))
    placement.state, placement.link_hash, placement.link_expires_at = CANCELLED, None, None
    placement.office_remark = wish.reason
    session.flush()
    record(session, actor, "placement.cancelled", placement, reason=wish.reason)
    tell_owner(session, "cancelled", placement, wish.reason, now)
    return placement


def note_proof(session: Session, actor: Actor, placement: Placement) -> None:
    """Write down who takes the proof of another person's placement; the caller found it through the actor."""
    if placement.person_id != actor.person_id:
        record(session, actor, "placement.proof_taken", placement, after={"people": 1})


def _opened(session: Session, secret: str, now: datetime) -> Placement:
    placement = placement_by_link(session, secret, now)
    held(session, placement)
    # Whoever used the same link meanwhile has used it up.
    return placement_by_link(session, secret, now)
