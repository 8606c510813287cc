"""What the verbs of placements share: one that is held, and what a stay must be."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.learning.placements.forms import StayWish
from elearn.learning.placements.models import PLACEMENT_FORMS, Agreement, Partner, Placement
from elearn.learning.placements.queries import placement_in_scope, standing_placements
from elearn.learning.placements.rules import agreement_for, check_free, check_period, holds_on_all
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.rules import is_address

_COLUMNS = tuple(Placement.__table__.columns.keys())


def held(session: Session, placement: Placement) -> Placement:
    """The placement, locked, with all that somebody else wrote meanwhile."""
    session.execute(select(Placement.id).where(Placement.id == placement.id).with_for_update())
    session.refresh(placement, [*_COLUMNS, "partner", "entries"])
    return placement


def others_held(session: Session, actor: Actor, public_id: str) -> Placement:
    """A placement that the actor looks after and that is not his or her own, locked."""
    placement = placement_in_scope(session, actor, public_id)
    if placement.person_id == actor.person_id:
        raise Conflict(_("Penempatan Anda sendiri diurus oleh admin lain."))
    return held(session, placement)


def check_stay(session: Session, person_id: int, wish: StayWish, own: int = 0) -> None:
    """Refuse days that cannot be or that another placement of the person takes, a wrong form, half an address.

    Of two placements of one person at once the second sees the first one's days. `own` is the one that is changed.
    """
    session.get_one(Person, person_id, with_for_update={"key_share": True})
    check_period(wish.starts_on, wish.ends_on)
    others = [each for each in standing_placements(session, person_id) if each.id != own]
    check_free(others, wish.starts_on, wish.ends_on)
    if wish.form_code not in PLACEMENT_FORMS:
        sentence = _("Pilih bentuk dari daftar.")
        raise Invalid(sentence, {"form_code": sentence})
    if wish.host_email and not is_address(wish.host_email.lower()):
        sentence = _("Surel ini tidak lengkap. Contoh: nama@lembaga.go.id.")
        raise Invalid(sentence, {"host_email": sentence})


def standing_agreement(session: Session, partner: Partner, starts_on: date, ends_on: date) -> Agreement:
    """The newest agreement that holds on all these days, locked: whoever ends it meanwhile has come first or waits."""
    found = agreement_for(partner.agreements, starts_on, ends_on)
    if found is not None:
        session.refresh(found, [*Agreement.__table__.columns.keys()], with_for_update=True)
    if found is None or not holds_on_all(found, starts_on, ends_on):
        sentence = _(
            "Tidak ada perjanjian dengan mitra ini yang berlaku pada semua hari itu. Catat dahulu, atau ubah tanggal."
        )
        raise Invalid(sentence, {"partner": sentence})
    return found
