"""A learner's own placements: logbook and report."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.files import pdf_response
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.placements import actions
from elearn.learning.placements.forms import LogRemoval, LogWish, ReportWish
from elearn.learning.placements.proof import file_name_of, placement_pdf
from elearn.learning.placements.queries import my_placement, my_placements, proof_of
from elearn.learning.placements.rules import hours
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn

router = APIRouter()
LogForm = Annotated[Submitted[LogWish], Depends(submitted(LogWish))]
RemovalForm = Annotated[Submitted[LogRemoval], Depends(submitted(LogRemoval))]
ReportForm = Annotated[Submitted[ReportWish], Depends(submitted(ReportWish))]


@router.get("/magang")
def mine(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return render(request, "placements/mine.html", placements=my_placements(session, actor))


@router.get("/magang/{placement}")
def show(request: Request, session: DbSession, actor: SignedIn, placement: str, now: Now) -> Response:
    return _one(request, session, actor, placement, now)


@router.get("/magang/{placement}/bukti.pdf")
def proof(session: DbSession, actor: SignedIn, placement: str) -> Response:
    found = proof_of(session, my_placement(session, actor, placement))
    return pdf_response(placement_pdf(found), file_name_of(found))


@router.post("/magang/{placement}/catatan")
def log(request: Request, session: DbSession, actor: SignedIn, placement: str, form: LogForm, now: Now) -> Response:
    my_placement(session, actor, placement)
    with form.trying(session):
        actions.log(session, actor, placement, form.get(), now)
    if form.errors:
        return _one(request, session, actor, placement, now, form)
    return redirect(f"/magang/{placement}#catatan", _("Catatan tersimpan."))


@router.post("/magang/{placement}/catatan/hapus")
def unlog(
    request: Request, session: DbSession, actor: SignedIn, placement: str, form: RemovalForm, now: Now
) -> Response:
    my_placement(session, actor, placement)
    with form.trying(session):
        actions.unlog(session, actor, placement, form.get())
    if form.errors:
        return _one(request, session, actor, placement, now, form)
    return redirect(f"/magang/{placement}#catatan", _("Catatan dihapus."))


@router.post("/magang/{placement}/laporan")
def report(
    request: Request, session: DbSession, actor: SignedIn, placement: str, form: ReportForm, now: Now
) -> Response:
    my_placement(session, actor, placement)
    with form.trying(session):
        actions.report(session, actor, placement, form.get(), now)
    if form.errors:
        return _one(request, session, actor, placement, now, form)
    return redirect(f"/magang/{placement}", _("Laporan terkirim. Pembimbing di tempat mitra akan menandatanganinya."))


def _one(
    request: Request, session: Session, actor: Actor, public_id: str, now: Now, form: Submitted[Any] | None = None
) -> Response:
    placement = my_placement(session, actor, public_id)
    return render(
        request,
        "placements/own.html",
        status=422 if form else 200,
        placement=placement,
        hours=hours,
        day=min(max(wib_date(now), placement.starts_on), placement.ends_on),
        over=wib_date(now) >= placement.ends_on,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
