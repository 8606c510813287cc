"""Since when a person serves, and that he or she leaves: forms behind the card of screen 26."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import history_of
from elearn.people.accounts.rules import LEAVING_REASONS
from elearn.people.directory import leaving
from elearn.people.directory.forms import LeavingWish, StartWish
from elearn.people.directory.queries import person_to_manage

router = APIRouter()

LeavingForm = Annotated[Submitted[LeavingWish], Depends(submitted(LeavingWish))]
StartForm = Annotated[Submitted[StartWish], Depends(submitted(StartWish))]


@router.get("/opd/pegawai/{person}/keluar")
def show_leaving(request: Request, session: DbSession, actor: SignedIn, person: str) -> Response:
    return _leaving(request, person_to_manage(session, actor, person))


@router.post("/opd/pegawai/{person}/keluar")
def let_go(request: Request, session: DbSession, actor: SignedIn, person: str, form: LeavingForm, now: Now) -> Response:
    found = person_to_manage(session, actor, person)
    with form.trying(session):
        leaving.let_go(session, actor, found, form.get(), now)
    if form.errors:
        return _leaving(request, person_to_manage(session, actor, person), form)
    return redirect(f"/opd/pegawai/{person}", _("Dicatat keluar. Akunnya ditutup, riwayat JP dan sertifikatnya tetap."))


@router.post("/opd/pegawai/{person}/keluar/batal")
def take_back(session: DbSession, actor: SignedIn, person: str, now: Now) -> Response:
    leaving.take_back_leaving(session, actor, person_to_manage(session, actor, person), now)
    return redirect(f"/opd/pegawai/{person}", _("Catatan keluar dibatalkan. Orang ini dapat masuk lagi."))


@router.get("/opd/pegawai/{person}/tmt")
def show_start(request: Request, session: DbSession, actor: SignedIn, person: str) -> Response:
    return _start(request, session, person_to_manage(session, actor, person))


@router.post("/opd/pegawai/{person}/tmt")
def move_start(
    request: Request, session: DbSession, actor: SignedIn, person: str, form: StartForm, now: Now
) -> Response:
    found = person_to_manage(session, actor, person)
    with form.trying(session):
        leaving.move_start(session, actor, found, form.get(), now)
    if form.errors:
        return _start(request, session, person_to_manage(session, actor, person), form)
    return redirect(f"/opd/pegawai/{person}#riwayat", _("TMT disimpan. JP yang sudah tercatat tetap di unit lama."))


def _leaving(request: Request, person: Person, form: Submitted[LeavingWish] | None = None) -> Response:
    return render(
        request,
        "directory/leaving.html",
        status=422 if form else 200,
        person=person,
        reasons=LEAVING_REASONS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _start(request: Request, session: Session, person: Person, form: Submitted[StartWish] | None = None) -> Response:
    return render(
        request,
        "directory/start.html",
        status=422 if form else 200,
        person=person,
        history=history_of(session, person),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
