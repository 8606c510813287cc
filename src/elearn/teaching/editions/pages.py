"""HTML face of editions: what comes along, what stays behind, and what the new one is called."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.queries import taught_course
from elearn.teaching.editions import actions
from elearn.teaching.editions.forms import EditionWish
from elearn.teaching.editions.queries import titles
from elearn.teaching.editions.rules import next_title

router = APIRouter()
EditionForm = Annotated[Submitted[EditionWish], Depends(submitted(EditionWish))]


@router.get("/ajar/{slug}/edisi")
def new(request: Request, slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return _form(request, session, actor, slug, now)


@router.post("/ajar/{slug}/edisi")
def copy(request: Request, slug: str, session: DbSession, actor: SignedIn, form: EditionForm, now: Now) -> Response:
    source = taught_course(session, actor, slug)
    with form.trying(session):
        course = actions.copy_course(session, actor, source, form.get(), now)
    if form.errors:
        return _form(request, session, actor, slug, now, form)
    return redirect(f"/ajar/{course.slug}", _("Edisi baru dibuat sebagai konsep. Periksa isinya, lalu terbitkan."))


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    slug: str,
    now: Now,
    form: Submitted[EditionWish] | None = None,
) -> Response:
    course = taught_course(session, actor, slug)
    return render(
        request,
        "editions/new.html",
        status=422 if form else 200,
        course=course,
        suggested=next_title(course.title, wib_date(now).year, titles(session).values()),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
