"""Placements and partners as admins look after them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.web.files import pdf_response
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.placements import actions
from elearn.learning.placements.forms import AgreementWish, Cancelling, PartnerWish, PlacementWish
from elearn.learning.placements.models import PLACEMENT_FORMS
from elearn.learning.placements.pages.host import HOME
from elearn.learning.placements.proof import file_name_of, placement_pdf
from elearn.learning.placements.queries import (
    partner_for,
    partners,
    placement_in_scope,
    placements_in_scope,
    proof_of,
)
from elearn.learning.placements.rules import LINK_DAYS, hours
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.delivery.queries import rules_on
from elearn.teaching.delivery.rules import closed_year, in_words

router = APIRouter()
PartnerForm = Annotated[Submitted[PartnerWish], Depends(submitted(PartnerWish))]
AgreementForm = Annotated[Submitted[AgreementWish], Depends(submitted(AgreementWish))]
PlacementForm = Annotated[Submitted[PlacementWish], Depends(submitted(PlacementWish))]
CancellingForm = Annotated[Submitted[Cancelling], Depends(submitted(Cancelling))]


@router.get("/kelola/magang")
def every(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    q: Annotated[str, Query(max_length=200)] = "",
    halaman: int = 1,
) -> Response:
    page = placements_in_scope(session, actor, q, halaman)
    return render(request, "placements/every.html", page=page, q=q, today=wib_date(now))


@router.get("/kelola/magang/baru")
def new(request: Request, session: DbSession, actor: SignedIn, now: Now, nip: str = "") -> Response:
    return _new(request, session, actor, now, nip=nip)


@router.post("/kelola/magang/baru")
def place(request: Request, session: DbSession, actor: SignedIn, form: PlacementForm, now: Now) -> Response:
    actor.must(Permission.PLACE_PEOPLE)
    with form.trying(session):
        made = actions.place(session, actor, form.get(), now)
    if form.errors:
        return _new(request, session, actor, now, form)
    return redirect(
        f"/kelola/magang/{made.public_id}", _("Penempatan dibuat. Pegawai mengisi buku catatan di halaman Magang.")
    )


@router.get("/kelola/magang/{placement}")
def show(request: Request, session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    return _one(request, session, actor, placement, now)


@router.get("/kelola/magang/{placement}/bukti.pdf")
def proof(session: DbSession, actor: SignedIn, placement: str) -> Response:
    found = proof_of(session, placement_in_scope(session, actor, placement))
    return pdf_response(placement_pdf(found), file_name_of(found))


@router.post("/kelola/magang/{placement}/tautan")
def make_link(request: Request, session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    secret = actions.make_link(session, actor, placement, now)
    return _one(request, session, actor, placement, now, link=f"{settings().base_url}{HOME}/{secret}")


@router.post("/kelola/magang/{placement}/sah")
def confirm(session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    actions.confirm(session, actor, placement, now)
    return redirect(f"/kelola/magang/{placement}", _("Disahkan. JP-nya sudah dihitung."))


@router.post("/kelola/magang/{placement}/batal")
def cancel(
    request: Request, session: DbSession, actor: SignedIn, placement: str, form: CancellingForm, now: Now
) -> Response:
    placement_in_scope(session, actor, placement)
    with form.trying(session):
        actions.cancel(session, actor, placement, form.get())
    if form.errors:
        return _one(request, session, actor, placement, now, form=form)
    return redirect(f"/kelola/magang/{placement}", _("Penempatan dibatalkan."))


@router.get("/kelola/mitra")
def all_partners(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return render(request, "placements/partners.html", partners=partners(session, actor), today=wib_date(now))


@router.get("/kelola/mitra/baru")
def new_partner(request: Request, session: DbSession, actor: SignedIn) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    return render(request, "placements/partner.html", partner=None)


@router.post("/kelola/mitra/baru")
def add_partner(request: Request, session: DbSession, actor: SignedIn, form: PartnerForm, now: Now) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    with form.trying(session):
        made = actions.add_partner(session, actor, form.get(), now)
    if form.errors:
        return render(
            request, "placements/partner.html", status=422, partner=None, errors=form.errors, typed=form.typed
        )
    return redirect(f"/kelola/mitra/{made.public_id}", _("Mitra dicatat. Catat juga perjanjiannya."))


@router.get("/kelola/mitra/{partner}")
def show_partner(request: Request, session: DbSession, actor: SignedIn, partner: str) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    return render(request, "placements/partner.html", partner=partner_for(session, actor, partner))


@router.post("/kelola/mitra/{partner}")
def change_partner(request: Request, session: DbSession, actor: SignedIn, partner: str, form: PartnerForm) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    with form.trying(session):
        actions.change_partner(session, actor, partner, form.get())
    return _partner_again(request, session, actor, partner, form, _("Tersimpan."))


@router.post("/kelola/mitra/{partner}/perjanjian")
def add_agreement(request: Request, session: DbSession, actor: SignedIn, partner: str, form: AgreementForm) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    with form.trying(session):
        actions.add_agreement(session, actor, partner, form.get())
    return _partner_again(request, session, actor, partner, form, _("Perjanjian dicatat."))


def _partner_again(
    request: Request, session: Session, actor: Actor, partner: str, form: Submitted[Any], said: str
) -> Response:
    found = partner_for(session, actor, partner)
    if form.errors:
        return render(
            request, "placements/partner.html", status=422, partner=found, errors=form.errors, typed=form.typed
        )
    return redirect(f"/kelola/mitra/{partner}", said)


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    now: Now,
    form: Submitted[PlacementWish] | None = None,
    nip: str = "",
) -> Response:
    found = partners(session, actor)
    table = [(each, rule) for each, rule in rules_on(session, wib_date(now)) if each.code in PLACEMENT_FORMS]
    return render(
        request,
        "placements/new.html",
        status=422 if form else 200,
        nip=nip,
        partners=[(each.public_id, each.name) for each in found],
        forms=[(each.code, f"{each.name} ({in_words(rule)})") for each, rule in table],
        competencies=[(key, _(name)) for key, name in COMPETENCIES.items()],
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    link: str = "",
    form: Submitted[Cancelling] | None = None,
) -> Response:
    found = placement_in_scope(session, actor, public_id)
    return render(
        request,
        "placements/one.html",
        status=422 if form else 200,
        placement=found,
        closed=closed_year(found.ends_on, wib_date(now)),
        hours=hours,
        link=link,
        link_days=LINK_DAYS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
