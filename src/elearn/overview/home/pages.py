"""HTML face of home: what to do now; and help with the privacy notice."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.menu import desk_of
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.enrolment.queries import my_enrolments
from elearn.overview.home.queries import home as home_of
from elearn.people.accounts.door import MaybeSignedIn, SignedIn
from elearn.people.directory.queries import admins_for

router = APIRouter()


@router.get("/")
@quick
def home(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return render(
        request,
        "home/home.html",
        home=home_of(session, actor, now),
        now=now,
        today=wib_date(now),
        greeting=_greeting(now.astimezone(WIB).hour),
    )


@router.get("/mulai")
def begin(session: DbSession, actor: SignedIn) -> Response:
    """The first page after signing in.

    Who looks after others, or signs, begins with them, as that is what he or she came for; whoever teaches begins with
    an own course that is not completed, and without one at the own desk.
    """
    learning = not actor.guarded and any(not enrolment.completed for enrolment in my_enrolments(session, actor))
    return redirect("/" if learning else desk_of(actor))


@router.get("/bantuan")
def help_page(request: Request, session: DbSession, actor: MaybeSignedIn) -> Response:
    return render(request, "home/help.html", admins=admins_for(session, actor) if actor else [])


@router.get("/privasi")
def privacy(request: Request, actor: MaybeSignedIn) -> Response:
    return render(request, "home/privacy.html")


def _greeting(hour: int) -> str:
    if hour < 11:
        return _("Selamat pagi")
    if hour < 15:
        return _("Selamat siang")
    return _("Selamat sore") if hour < 18 else _("Selamat malam")
