"""HTML face of readings for authors: the editor and its preview."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.readings import actions
from elearn.activities.readings.forms import ReadingWish
from elearn.activities.readings.queries import blocks_from, source_of
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.lesson import Practice, parse_body
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.questions.grading import learner_view

router = APIRouter()
Form = Annotated[Submitted[ReadingWish], Depends(submitted(ReadingWish))]
LONGEST = 200_000


@router.get("/ajar/materi/{activity}")
def edit(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    return _editor(request, session, actor, activity)


@router.post("/ajar/materi/{activity}")
def save(
    request: Request, activity: str, session: DbSession, actor: SignedIn, form: Form, fields: FormFields, now: Now
) -> Response:
    found = taught_activity(session, actor, activity, "reading")
    slug = found.course.slug
    if fields.get("lakukan") == "pratinjau":
        return _editor(request, session, actor, activity, form, status=200)
    if form.value is not None:
        with form.trying(session):
            actions.change_reading(session, actor, found, form.value, now)
    if form.errors:
        return _editor(request, session, actor, activity, form)
    return redirect(f"/ajar/{slug}#a-{activity}", _("Materi tersimpan."))


@router.post("/ajar/materi/{activity}/pratinjau")
def preview(request: Request, activity: str, session: DbSession, actor: SignedIn, fields: FormFields) -> Response:
    found = taught_activity(session, actor, activity, "reading")
    return render(request, "readings/preview.html", **_shown(session, found, str(fields.get("source", ""))[:LONGEST]))


def _editor(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    form: Submitted[ReadingWish] | None = None,
    status: int = 422,
) -> Response:
    activity = taught_activity(session, actor, public_id, "reading")
    if form is None:
        check_editable(activity.course)
    saved = source_of(session, activity)
    typed = form.typed if form else {}
    stale = form is not None and str(typed.get("revision", "")) != str(activity.revision)
    return render(
        request,
        "readings/edit.html",
        status=status if form else 200,
        activity=activity,
        source=saved,
        stale=stale,
        errors=form.errors if form and status == 422 else {},
        typed=typed,
        **_shown(session, activity, str(typed.get("source", saved))[:LONGEST]),
    )


def _shown(session: Session, activity: Activity, source: str) -> dict[str, Any]:
    blocks = blocks_from(session, activity, source)
    return {
        "blocks": [(type(block).__name__.lower(), block) for block in blocks],
        "views": {b.key: learner_view(b.draft, b.key, shuffle=False) for b in blocks if isinstance(b, Practice)},
        "problems": parse_body(source)[1],
    }
