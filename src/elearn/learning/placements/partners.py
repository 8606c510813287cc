"""Verbs of partners and agreements. Regency admin only."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.placements.forms import AgreementChange, AgreementWish, Ending, PartnerWish, Resuming
from elearn.learning.placements.models import Agreement, AgreementFile, Partner
from elearn.learning.placements.queries import agreement_in, partner_for, under
from elearn.learning.placements.rules import (
    check_ended,
    check_ending,
    check_not_ended,
    check_order,
    check_sure,
    holds_on_all,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.materials.intake import Upload

MOST_FILES = 10


def add_partner(session: Session, actor: Actor, wish: PartnerWish, now: datetime) -> Partner:
    """A new partner. Raises Invalid for a name that is there already."""
    actor.must(Permission.MANAGE_PARTNERS)
    _check_name(session, wish.name, 0)
    partner = Partner(public_id=new_id(), created_at=now, **wish.model_dump())
    session.add(partner)
    session.flush()
    record(session, actor, "partner.added", partner, after=wish.model_dump())
    return partner


def change_partner(session: Session, actor: Actor, public_id: str, wish: PartnerWish) -> Partner:
    """Other particulars of a partner."""
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
    """What was agreed with a partner."""
    actor.must(Permission.MANAGE_PARTNERS)
    partner = partner_for(session, actor, public_id)
    agreement = Agreement(public_id=new_id(), partner_id=partner.id)
    _describe(agreement, wish)
    session.add(agreement)
    session.flush()
    record(session, actor, "agreement.added", agreement, after={**_facts(agreement), "partner": partner.name})
    return agreement


def change_agreement(session: Session, actor: Actor, partner: str, public_id: str, wish: AgreementChange) -> Agreement:
    """Other facts of an agreement; placements keep what it said when they were made.

    Raises Conflict once it was ended, and asks once more where a placement under it lies outside of the new days.
    """
    agreement = _held(session, actor, partner, public_id)
    check_not_ended(agreement)
    before, days = _facts(agreement), (agreement.starts_on, agreement.last_day)
    _describe(agreement, wish)
    if (agreement.starts_on, agreement.last_day) != days:
        running = [
            each for each in under(session, agreement) if not holds_on_all(agreement, each.starts_on, each.ends_on)
        ]
        check_sure(running, wish.sure)
    session.flush()
    record(session, actor, "agreement.changed", agreement, before=before, after=_facts(agreement))
    return agreement


def end_agreement(session: Session, actor: Actor, partner: str, public_id: str, wish: Ending) -> Agreement:
    """Let an agreement hold no longer after a day; asks once more where placements still run under it then.

    They go on as they were agreed; nobody is placed under it for a later day.
    """
    agreement = _held(session, actor, partner, public_id)
    check_ending(agreement, wish.last_day)
    running = [each for each in under(session, agreement) if each.ends_on > wish.last_day]
    check_sure(running, wish.sure)
    agreement.ended_on, agreement.ended_reason = wish.last_day, wish.reason
    session.flush()
    after = {"number": agreement.number, "last_day": str(wish.last_day), "running": len(running)}
    record(session, actor, "agreement.ended", agreement, after=after, reason=wish.reason)
    return agreement


def resume_agreement(session: Session, actor: Actor, partner: str, public_id: str, wish: Resuming) -> Agreement:
    """Undo an early end: the agreement holds again as it was agreed. Raises Conflict where it was not ended.

    Placements that found another agreement meanwhile keep that one.
    """
    agreement = _held(session, actor, partner, public_id)
    check_ended(agreement)
    before = {"last_day": str(agreement.ended_on), "reason": agreement.ended_reason}
    agreement.ended_on, agreement.ended_reason = None, ""
    session.flush()
    after = {"number": agreement.number, "last_day": str(agreement.ends_on) if agreement.ends_on else ""}
    record(session, actor, "agreement.resumed", agreement, before=before, after=after, reason=wish.reason)
    return agreement


def add_file(
    session: Session, actor: Actor, partner: str, public_id: str, upload: Upload, now: datetime
) -> AgreementFile:
    """Put a stored file to an agreement; older ones stay beside it. Raises Invalid for one that is there already."""
    agreement = _held(session, actor, partner, public_id)
    if len(agreement.files) >= MOST_FILES:
        raise Conflict(_("Satu perjanjian paling banyak %(n)s berkas.", n=MOST_FILES))
    if any(each.sha256 == upload.sha256 for each in agreement.files):
        sentence = _("Berkas ini sudah ada.")
        raise Invalid(sentence, {"file": sentence})
    file = AgreementFile(
        public_id=new_id(),
        agreement_id=agreement.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        storage_key=upload.key,
        brought_by=actor.me(),
        created_at=now,
    )
    session.add(file)
    session.flush()
    after = {"file": file.public_id, "name": file.name, "sha256": file.sha256}
    record(session, actor, "agreement.file_added", agreement, after=after)
    return file


def _held(session: Session, actor: Actor, partner: str, public_id: str) -> Agreement:
    """The agreement, locked: whoever places somebody under it meanwhile waits, or is seen."""
    agreement = agreement_in(session, actor, partner, public_id)
    session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())
    session.refresh(agreement, [*Agreement.__table__.columns.keys(), "files"])
    return agreement


def _describe(agreement: Agreement, wish: AgreementWish) -> None:
    if wish.ends_on is not None:
        check_order(wish.starts_on, wish.ends_on)
    agreement.number, agreement.title, agreement.notes = wish.agreement_number, wish.title, wish.notes
    agreement.starts_on, agreement.ends_on = wish.starts_on, wish.ends_on


def _facts(agreement: Agreement) -> dict[str, object]:
    facts = {name: getattr(agreement, name) for name in ("number", "title", "starts_on", "ends_on", "notes")}
    return {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}


def _check_name(session: Session, name: str, own: int) -> None:
    if session.scalar(select(Partner.id).where(Partner.name == name, Partner.id != own)) is not None:
        sentence = _("Mitra dengan nama ini sudah ada.")
        raise Invalid(sentence, {"name": sentence})
