"""The host's page: read logbook and report, sign or send back, by a one-time link and without an account."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.errors import NotFound
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.placements import actions
from elearn.learning.placements.forms import SendingBack, Signing
from elearn.learning.placements.models import Placement
from elearn.learning.placements.queries import placement_by_link
from elearn.learning.placements.rules import hours
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import MaybeSignedIn
from elearn.people.accounts.gate import GUESSES_AN_ADDRESS, count_guess, refuse_too_many

router = APIRouter()
SigningForm = Annotated[Submitted[Signing], Depends(submitted(Signing))]
SendingBackForm = Annotated[Submitted[SendingBack], Depends(submitted(SendingBack))]
HOME = "/tanda-tangan-mitra"


@router.get(f"{HOME}/{{link}}")
def show(request: Request, noting: NotingSession, visitor: MaybeSignedIn, link: str, now: Now) -> Response:
    return _opened(request, noting, link, now, lambda placement: _page(request, placement, link))


@router.post(f"{HOME}/{{link}}/setuju")
def sign(
    request: Request, session: DbSession, visitor: MaybeSignedIn, link: str, form: SigningForm, now: Now
) -> Response:
    def act(placement: Placement) -> Response:
        with form.trying(session):
            actions.sign(session, _host(placement), link, form.get(), now)
        return _page(request, placement, link, form) if form.errors else _thanks(request, placement, signed=True)

    return _opened(request, session, link, now, act)


@router.post(f"{HOME}/{{link}}/kembalikan")
def send_back(
    request: Request, session: DbSession, visitor: MaybeSignedIn, link: str, form: SendingBackForm, now: Now
) -> Response:
    def act(placement: Placement) -> Response:
        with form.trying(session):
            actions.send_back(session, _host(placement), link, form.get(), now)
        return _page(request, placement, link, form) if form.errors else _thanks(request, placement, signed=False)

    return _opened(request, session, link, now, act)


def _host(placement: Placement) -> Actor:
    return Actor.system(f"pembimbing di tempat mitra: {placement.host_name}")


def _opened(
    request: Request, session: Session, link: str, now: Now, answer: Callable[[Placement], Response]
) -> Response:
    """The answer for what the link opens. Wrong ones are counted for the address, so that nobody tries many."""
    key = f"m:{request.client.host if request.client else ''}"
    refuse_too_many(session, [(key, GUESSES_AN_ADDRESS)], now)
    try:
        placement = placement_by_link(session, link, now)
    except NotFound as gone:
        count_guess(session, (key,), now)
        return render(request, "placements/gone.html", status=404, said=gone.message)
    return answer(placement)


def _page(request: Request, placement: Placement, link: str, form: Submitted[Any] | None = None) -> Response:
    return render(
        request,
        "placements/host.html",
        status=422 if form else 200,
        placement=placement,
        link=link,
        hours=hours,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _thanks(request: Request, placement: Placement, *, signed: bool) -> Response:
    return render(request, "placements/thanks.html", placement=placement, signed=signed)
