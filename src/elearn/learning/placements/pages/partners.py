"""Partners and their agreements, as the regency's admin keeps them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.placements import partners as verbs
from elearn.learning.placements.forms import AgreementChange, AgreementWish, Ending, PartnerWish, Resuming
from elearn.learning.placements.queries import agreement_in, file_of, partner_for, partners, under
from elearn.learning.placements.rules import is_over
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.materials.receiving import Brought, brought

router = APIRouter()
PartnerForm = Annotated[Submitted[PartnerWish], Depends(submitted(PartnerWish))]
AgreementForm = Annotated[Submitted[AgreementWish], Depends(submitted(AgreementWish))]
AgreementChangeForm = Annotated[Submitted[AgreementChange], Depends(submitted(AgreementChange))]
EndingForm = Annotated[Submitted[Ending], Depends(submitted(Ending))]
ResumingForm = Annotated[Submitted[Resuming], Depends(submitted(Resuming))]
HERE = "/kelola/mitra/{partner}/perjanjian/{agreement}"
KINDS = ("pdf", "image")
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp"


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
        made = verbs.add_partner(session, actor, form.get(), now)
    if form.errors:
        return render(
            request, "placements/partner.html", status=422, partner=None, errors=form.errors, typed=form.typed
        )
    return redirect(f"/kelola/mitra/{made.public_id}", _("Mitra dicatat. Catat juga perjanjiannya."))


@router.get("/kelola/mitra/{partner}")
def show_partner(request: Request, session: DbSession, actor: SignedIn, partner: str, now: Now) -> Response:
    return _partner(request, session, actor, partner, now)


@router.post("/kelola/mitra/{partner}")
def change_partner(
    request: Request, session: DbSession, actor: SignedIn, partner: str, form: PartnerForm, now: Now
) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    with form.trying(session):
        verbs.change_partner(session, actor, partner, form.get())
    if form.errors:
        return _partner(request, session, actor, partner, now, form)
    return redirect(f"/kelola/mitra/{partner}", _("Tersimpan."))


@router.post("/kelola/mitra/{partner}/perjanjian")
def add_agreement(
    request: Request, session: DbSession, actor: SignedIn, partner: str, form: AgreementForm, now: Now
) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    with form.trying(session):
        verbs.add_agreement(session, actor, partner, form.get())
    if form.errors:
        return _partner(request, session, actor, partner, now, form)
    return redirect(f"/kelola/mitra/{partner}", _("Perjanjian dicatat."))


@router.get(HERE)
def show_agreement(
    request: Request, session: DbSession, actor: SignedIn, partner: str, agreement: str, now: Now
) -> Response:
    return _agreement(request, session, actor, partner, agreement, now)


@router.post(HERE)
def change_agreement(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    partner: str,
    agreement: str,
    form: AgreementChangeForm,
    now: Now,
) -> Response:
    agreement_in(session, actor, partner, agreement)
    with form.trying(session):
        verbs.change_agreement(session, actor, partner, agreement, form.get())
    return _saved(request, session, actor, partner, agreement, now, form, _("Tersimpan."))


@router.post(HERE + "/akhiri")
def end_agreement(
    request: Request, session: DbSession, actor: SignedIn, partner: str, agreement: str, form: EndingForm, now: Now
) -> Response:
    agreement_in(session, actor, partner, agreement)
    with form.trying(session):
        verbs.end_agreement(session, actor, partner, agreement, form.get())
    return _saved(request, session, actor, partner, agreement, now, form, _("Perjanjian diakhiri."))


@router.post(HERE + "/akhiri/batal")
def resume_agreement(
    request: Request, session: DbSession, actor: SignedIn, partner: str, agreement: str, form: ResumingForm, now: Now
) -> Response:
    agreement_in(session, actor, partner, agreement)
    with form.trying(session):
        verbs.resume_agreement(session, actor, partner, agreement, form.get())
    return _saved(request, session, actor, partner, agreement, now, form, _("Perjanjian berlaku lagi."))


async def _brought(request: Request, actor: SignedIn, partner: str, agreement: str) -> Brought | Refusal:
    otherwise = _("Unggah PDF atau gambar perjanjiannya.")
    return await brought(request, lambda session: agreement_in(session, actor, partner, agreement), KINDS, otherwise)


@router.post(HERE + "/berkas")
def add_file(
    request: Request,
    given: Annotated[Brought | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    partner: str,
    agreement: str,
    now: Now,
) -> Response:
    refusal = given if isinstance(given, Refusal) else None
    if isinstance(given, Brought):
        try:
            verbs.add_file(session, actor, partner, agreement, given.upload, now)
        except Refusal as refused:
            store().delete(given.upload.key)
            refusal = refused
    if refusal is None:
        return redirect(f"/kelola/mitra/{partner}/perjanjian/{agreement}", _("Berkas ditambahkan."))
    form: Submitted[Any] = Submitted({}, errors={"file": next(iter(refusal.fields.values()), refusal.message)})
    return _agreement(request, session, actor, partner, agreement, now, form)


@router.get(HERE + "/berkas/{agreement_file}")
def download(
    request: Request, session: DbSession, actor: SignedIn, partner: str, agreement: str, agreement_file: str
) -> Response:
    found = file_of(agreement_in(session, actor, partner, agreement), agreement_file)
    return file_response(
        request,
        store(),
        found.storage_key,
        size=found.size,
        media_type=found.media_type,
        file_name=found.name,
        etag=found.sha256,
    )


def _saved(
    request: Request,
    session: Session,
    actor: Actor,
    partner: str,
    agreement: str,
    now: Now,
    form: Submitted[Any],
    said: str,
) -> Response:
    if form.errors:
        return _agreement(request, session, actor, partner, agreement, now, form)
    return redirect(f"/kelola/mitra/{partner}/perjanjian/{agreement}", said)


def _partner(
    request: Request, session: Session, actor: Actor, partner: str, now: Now, form: Submitted[Any] | None = None
) -> Response:
    actor.must(Permission.MANAGE_PARTNERS)
    found, today = partner_for(session, actor, partner), wib_date(now)
    return render(
        request,
        "placements/partner.html",
        status=422 if form else 200,
        partner=found,
        holding=[each for each in found.agreements if not is_over(each, today)],
        over=[each for each in reversed(found.agreements) if is_over(each, today)],
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _agreement(
    request: Request,
    session: Session,
    actor: Actor,
    partner: str,
    agreement: str,
    now: Now,
    form: Submitted[Any] | None = None,
) -> Response:
    found = agreement_in(session, actor, partner, agreement)
    return render(
        request,
        "placements/agreement.html",
        status=422 if form else 200,
        agreement=found,
        running=under(session, found),
        today=wib_date(now),
        accept=ACCEPT,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
