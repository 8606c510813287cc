"""Placements as admins look after them."""

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
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.placements import actions, correcting
from elearn.learning.placements.forms import Cancelling, PlacementChange, PlacementWish, TakingBack
from elearn.learning.placements.models import PLACEMENT_FORMS
from elearn.learning.placements.pages.host import HOME
from elearn.learning.placements.proof import file_name_of, placement_pdf
from elearn.learning.placements.queries import (
    partners,
    placement_in_scope,
    placements_in_scope,
    proof_of,
)
from elearn.learning.placements.rules import LINK_DAYS, check_changeable, hours
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.delivery.queries import rules_on
from elearn.teaching.delivery.rules import closed_year, in_words

router = APIRouter()
PlacementForm = Annotated[Submitted[PlacementWish], Depends(submitted(PlacementWish))]
ChangeForm = Annotated[Submitted[PlacementChange], Depends(submitted(PlacementChange))]
CancellingForm = Annotated[Submitted[Cancelling], Depends(submitted(Cancelling))]
TakingBackForm = Annotated[Submitted[TakingBack], Depends(submitted(TakingBack))]


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
def proof(session: DbSession, noting: NotingSession, actor: SignedIn, placement: str) -> Response:
    found = proof_of(session, placement_in_scope(session, actor, placement))
    actions.note_proof(noting, actor, found.placement)
    return pdf_response(placement_pdf(found), file_name_of(found))


@router.post("/kelola/magang/{placement}/tautan")
def make_link(request: Request, session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    return _linked(request, session, actor, placement, now, actions.make_link(session, actor, placement, now))


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
        actions.cancel(session, actor, placement, form.get(), now)
    if form.errors:
        return _one(request, session, actor, placement, now, form=form)
    return redirect(f"/kelola/magang/{placement}", _("Penempatan dibatalkan. Pegawai melihat alasannya."))


@router.post("/kelola/magang/{placement}/tarik")
def take_back(
    request: Request, session: DbSession, actor: SignedIn, placement: str, form: TakingBackForm, now: Now
) -> Response:
    placement_in_scope(session, actor, placement)
    with form.trying(session):
        correcting.take_back(session, actor, placement, form.get(), now)
    if form.errors:
        return _one(request, session, actor, placement, now, form=form)
    return redirect(f"/kelola/magang/{placement}", _("Pengesahan dibatalkan. JP-nya tidak dihitung lagi."))


@router.get("/kelola/magang/{placement}/ubah")
def edit(request: Request, session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    return _edit(request, session, actor, placement, now)


@router.post("/kelola/magang/{placement}/ubah")
def change(
    request: Request, session: DbSession, actor: SignedIn, placement: str, form: ChangeForm, now: Now
) -> Response:
    placement_in_scope(session, actor, placement)
    secret = ""
    with form.trying(session):
        secret = correcting.change(session, actor, placement, form.get(), now)
    if form.errors:
        return _edit(request, session, actor, placement, now, form)
    if secret:
        return _linked(request, session, actor, placement, now, secret)
    return redirect(f"/kelola/magang/{placement}", _("Tersimpan."))


def _new(
    request: Request,
    session: Session,
    actor: Actor,
    now: Now,
    form: Submitted[PlacementWish] | None = None,
    nip: str = "",
) -> Response:
    return render(
        request,
        "placements/new.html",
        status=422 if form else 200,
        nip=nip,
        **_choices(session, actor, now),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _edit(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    form: Submitted[PlacementChange] | None = None,
) -> Response:
    found = placement_in_scope(session, actor, public_id)
    check_changeable(found)
    return render(
        request,
        "placements/edit.html",
        status=422 if form else 200,
        placement=found,
        **_choices(session, actor, now),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _choices(session: Session, actor: Actor, now: Now) -> dict[str, Any]:
    """What a placement may choose from: partners, forms with what they are worth, kinds of competency."""
    table = [(each, rule) for each, rule in rules_on(session, wib_date(now)) if each.code in PLACEMENT_FORMS]
    return {
        "partners": [(each.public_id, each.name) for each in partners(session, actor)],
        "forms": [(each.code, f"{each.name} ({in_words(rule)})") for each, rule in table],
        "competencies": [(key, _(name)) for key, name in COMPETENCIES.items()],
    }


def _linked(request: Request, session: Session, actor: Actor, public_id: str, now: Now, secret: str) -> Response:
    return _one(request, session, actor, public_id, now, link=f"{settings().base_url}{HOME}/{secret}")


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    link: str = "",
    form: Submitted[Any] | None = None,
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
