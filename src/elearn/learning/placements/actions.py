"""Verbs of partners and placements."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import fingerprint, new_id, new_secret
from elearn.learning.placements.events import PlacementConfirmed
from elearn.learning.placements.forms import (
    AgreementWish,
    Cancelling,
    LogWish,
    PartnerWish,
    PlacementWish,
    ReportWish,
    SendingBack,
    Signing,
)
from elearn.learning.placements.models import (
    CANCELLED,
    CONFIRMED,
    PLACEMENT_FORMS,
    REPORTED,
    RUNNING,
    SIGNED,
    Agreement,
    LogEntry,
    Partner,
    Placement,
)
from elearn.learning.placements.queries import (
    my_placement,
    partner_for,
    person_to_place,
    placement_by_link,
    placement_in_scope,
    standing_placements,
)
from elearn.learning.placements.rules import (
    agreement_for,
    check_confirmable,
    check_day,
    check_free,
    check_order,
    check_period,
    check_reportable,
    check_running,
    link_ends,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record


def add_partner(session: Session, actor: Actor, wish: PartnerWish, now: datetime) -> Partner:
    """A new partner. Raises Invalid for a name that is there already. Regency admin only."""
    actor.must(Permission.MANAGE_PARTNERS)
    _check_name(session, wish.name, 0)
    partner = Partner(public_id=new_id(), created_at=now, **wish.model_dump())
    session.add(partner)
    session.flush()
    record(session, actor, "partner.added", partner, after=wish.model_dump())
    return partner


def change_partner(session: Session, actor: Actor, public_id: str, wish: PartnerWish) -> Partner:
    """Other particulars of a partner. Regency admin only."""
    actor.must(Permission.MANAGE_PARTNERS)
    partner = partner_for(session, actor, public_id)
    _check_name(session, wish.name, partner.id)
    before = {name: getattr(partner, name) for name in PartnerWish.model_fields}
    for name, value in wish.model_dump().items():
        setattr(partner, name, value)
    session.flush()
    record(session, actor, "partner.changed", partner, before=before, after=wish.model_dump())
    return partner


def add_agreement(session: Session, actor: Actor, public_id: str, wish: AgreementWish) -> Agreement:
    """What was agreed with a partner. Regency admin only."""
    actor.must(Permission.MANAGE_PARTNERS)
    partner = partner_for(session, actor, public_id)
    if wish.ends_on is not None:
        check_order(wish.starts_on, wish.ends_on)
    agreement = Agreement(
        public_id=new_id(),
        partner_id=partner.id,
        number=wish.agreement_number,
        title=wish.title,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
    )
    session.add(agreement)
    session.flush()
    record(session, actor, "agreement.added", agreement, after={"number": agreement.number, "partner": partner.name})
    return agreement


def place(session: Session, actor: Actor, wish: PlacementWish, now: datetime) -> Placement:
    """Send a person of the actor's own subtree to a partner.

    Raises Invalid for an unknown person or partner, a wrong form, days that cannot be or that another placement of the
    person takes, and where no agreement with the partner holds on all of them.
    """
    actor.must(Permission.PLACE_PEOPLE)
    person = person_to_place(session, actor, wish.nip)
    # Of two placements at once the second sees the first one's days.
    session.get_one(Person, person.id, with_for_update={"key_share": True})
    check_period(wish.starts_on, wish.ends_on)
    check_free(standing_placements(session, person.id), wish.starts_on, wish.ends_on)
    if wish.form_code not in PLACEMENT_FORMS:
        sentence = _("Pilih bentuk dari daftar.")
        raise Invalid(sentence, {"form_code": sentence})
    partner = partner_for(session, actor, wish.partner)
    agreement = agreement_for(partner.agreements, wish.starts_on, wish.ends_on)
    if agreement is None:
        sentence = _(
            "Tidak ada perjanjian dengan mitra ini yang berlaku pada semua hari itu. Catat dahulu, atau ubah tanggal."
        )
        raise Invalid(sentence, {"partner": sentence})
    placement = Placement(
        public_id=new_id(),
        person_id=person.id,
        partner_id=partner.id,
        agreement_id=agreement.id,
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
    placement = _held(session, my_placement(session, actor, public_id))
    check_running(placement)
    check_day(placement, wish.day, wib_date(now))
    entry = session.scalar(select(LogEntry).filter_by(placement_id=placement.id, day=wish.day))
    if entry is None:
        entry = LogEntry(placement_id=placement.id, day=wish.day)
        session.add(entry)
    entry.minutes, entry.text, entry.written_at = int(wish.hours * 60), wish.text, now
    session.flush()
    return entry


def report(session: Session, actor: Actor, public_id: str, wish: ReportWish, now: datetime) -> Placement:
    """Hand in the report of one's own placement; from now on it waits for the host's signature."""
    placement = _held(session, my_placement(session, actor, public_id))
    check_reportable(placement, len(placement.entries), wib_date(now))
    placement.report, placement.reported_at, placement.state = wish.report, now, REPORTED
    session.flush()
    record(session, actor, "placement.reported", placement)
    return placement


def make_link(session: Session, actor: Actor, public_id: str, now: datetime) -> str:
    """The secret of a new link for the host, told once; an earlier link ends. Never for one's own placement."""
    placement = _held(session, _others(session, actor, public_id))
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
    placement = _held(session, _others(session, actor, public_id))
    check_confirmable(placement)
    placement.state, placement.confirmed_at, placement.confirmed_by = CONFIRMED, now, actor.person_id
    session.flush()
    record(session, actor, "placement.confirmed", placement)
    announce(session, PlacementConfirmed(placement.id))
    return placement


def cancel(session: Session, actor: Actor, public_id: str, wish: Cancelling) -> Placement:
    """End a placement without counting it; what was written is kept. Raises Conflict once it counts."""
    placement = _held(session, _others(session, actor, public_id))
    if placement.state in (CONFIRMED, CANCELLED):
        raise Conflict(_("Penempatan ini sudah ditutup."))
    placement.state, placement.link_hash, placement.link_expires_at = CANCELLED, None, None
    session.flush()
    record(session, actor, "placement.cancelled", placement, reason=wish.reason)
    return placement


def _check_name(session: Session, name: str, own: int) -> None:
    if session.scalar(select(Partner.id).where(Partner.name == name, Partner.id != own)) is not None:
        sentence = _("Mitra dengan nama ini sudah ada.")
        raise Invalid(sentence, {"name": sentence})


def _others(session: Session, actor: Actor, public_id: str) -> Placement:
    """A placement that the actor looks after and that is not his or her own."""
    placement = placement_in_scope(session, actor, public_id)
    if placement.person_id == actor.person_id:
        raise Conflict(_("Penempatan Anda sendiri diurus oleh admin lain."))
    return placement


def _opened(session: Session, secret: str, now: datetime) -> Placement:
    placement = placement_by_link(session, secret, now)
    _held(session, placement)
    # Whoever used the same link meanwhile has used it up.
    return placement_by_link(session, secret, now)


def _held(session: Session, placement: Placement) -> Placement:
    """The placement, locked and as it is now."""
    session.execute(select(Placement.id).where(Placement.id == placement.id).with_for_update())
    session.refresh(placement, ["state", "link_hash", "link_expires_at", "report", "entries"])
    return placement
