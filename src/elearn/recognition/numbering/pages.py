"""The regency admin's page of numbers: which schemes there are, a new one, a change, each with a look ahead."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.recognition.numbering import actions
from elearn.recognition.numbering.forms import SchemeWish
from elearn.recognition.numbering.models import NumberScheme
from elearn.recognition.numbering.queries import courses_and_organisers, last_number, scheme_for, schemes
from elearn.recognition.numbering.rules import FIELDS, Stands, check_pattern, number, prefix_pattern

router = APIRouter()
PLACE = "/kelola/sertifikat/penomoran"
SchemeForm = Annotated[Submitted[SchemeWish], Depends(submitted(SchemeWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    day = wib_date(now)
    rows = [(scheme, _ahead(session, scheme, now)[0]) for scheme in schemes(session, actor)]
    prefix = settings().certificate_prefix
    upcoming = last_number(session, prefix, day.year) + 1
    return render(
        request,
        "numbering/schemes.html",
        rows=rows,
        prefix=prefix,
        standard=number(prefix_pattern(prefix), Stands(upcoming, day)),
    )


@router.get(PLACE + "/baru")
def blank(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor)


@router.post(PLACE + "/baru")
def make(request: Request, session: DbSession, actor: SignedIn, form: SchemeForm, now: Now) -> Response:
    return _saved(request, session, actor, form, now)


@router.get(PLACE + "/" + one("scheme"))
def edit(request: Request, scheme: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = scheme_for(session, actor, scheme)
    return _form(request, session, actor, scheme=found, ahead=_ahead(session, found, now))


@router.post(PLACE + "/" + one("scheme"))
def change(request: Request, scheme: str, session: DbSession, actor: SignedIn, form: SchemeForm, now: Now) -> Response:
    return _saved(request, session, actor, form, now, scheme_for(session, actor, scheme))


def _saved(
    request: Request,
    session: Session,
    actor: Actor,
    form: Submitted[SchemeWish],
    now: Now,
    scheme: NumberScheme | None = None,
) -> Response:
    courses_and_organisers(session, actor)
    ahead: list[str] = []
    with form.trying(session):
        wish = form.get()
        if form.typed.get("look"):
            check_pattern(wish.pattern, wish.organiser_code)
            ahead = _ahead(session, _tried(wish, scheme), now)
        else:
            actions.save_scheme(session, actor, wish, now, scheme)
            return redirect(PLACE, _("Pola nomor disimpan. Nomor yang sudah terbit tidak berubah."))
    return _form(request, session, actor, form, scheme, ahead)


def _tried(wish: SchemeWish, scheme: NumberScheme | None) -> NumberScheme:
    return NumberScheme(
        public_id=scheme.public_id if scheme else "",
        pattern=wish.pattern,
        start=wish.start,
        organiser_code=wish.organiser_code,
    )


def _ahead(session: Session, scheme: NumberScheme, now: Now) -> list[str]:
    """The next three numbers, of courses of the commonest form."""
    day = wib_date(now)
    following = max(last_number(session, scheme.public_id, day.year) + 1, scheme.start)
    stands = [Stands(following + n, day, scheme.organiser_code, "NKL03") for n in range(3)]
    return [number(scheme.pattern, each) for each in stands]


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    form: Submitted[SchemeWish] | None = None,
    scheme: NumberScheme | None = None,
    ahead: list[str] | None = None,
) -> Response:
    courses, organisers = courses_and_organisers(session, actor)
    return render(
        request,
        "numbering/scheme.html",
        status=422 if form and form.errors else 200,
        scheme=scheme,
        courses=[("", _("Semua pelatihan")), *((course.slug, course.title) for course in courses)],
        organisers=[("", _("Semua penyelenggara")), *((each, each) for each in organisers)],
        ahead=ahead or [],
        known=[(f"{{{name}}}", _(meaning)) for name, meaning in FIELDS.items()],
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
