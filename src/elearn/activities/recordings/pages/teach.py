"""HTML face of recordings for instructors: the editor."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from elearn.activities.recordings import actions
from elearn.activities.recordings.forms import RecordingWish
from elearn.activities.recordings.queries import recording_of
from elearn.activities.recordings.rules import missing_words
from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.receiving import take_upload, wants_json
from elearn.teaching.materials.rules import upload_limit

router = APIRouter()
Form = Annotated[Submitted[RecordingWish], Depends(submitted(RecordingWish))]
ACCEPT = ".mp4,.m4v,.webm,.mp3,.m4a,.ogg,.oga,.opus,.vtt,.srt"


@router.get("/ajar/rekaman/{activity}")
def edit(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    return _editor(request, session, actor, activity)


@router.post("/ajar/rekaman/{activity}")
def save(request: Request, activity: str, session: DbSession, actor: SignedIn, form: Form, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "recording")
    if form.value is None:
        return _editor(request, session, actor, activity, form)
    actions.change_recording(session, actor, found, form.value, now)
    return redirect(f"/ajar/{found.course.slug}", _("Materi tersimpan."))


@router.post("/ajar/rekaman/{activity}/berkas")
async def change_file(request: Request, activity: str, actor: SignedIn, now: Now) -> Response:
    path = f"/ajar/rekaman/{activity}"
    try:
        use = partial(_use, actor=actor, activity=activity, now=now)
        await take_upload(request, actor, now, partial(_course, actor=actor, activity=activity), use)
    except Invalid as refused:
        return await run_in_threadpool(_refused, request, actor, activity, refused)
    return (
        JSONResponse({"next": path}, status_code=201) if wants_json(request) else redirect(path, _("Berkas tersimpan."))
    )


@router.post("/ajar/rekaman/{activity}/takarir/hapus")
def drop_captions(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.drop_captions(session, actor, taught_activity(session, actor, activity, "recording"), now)
    return redirect(f"/ajar/rekaman/{activity}", _("Takarir dilepas."))


def _course(session: Session, *, actor: Actor, activity: str) -> Course:
    return taught_activity(session, actor, activity, "recording").course


def _use(
    session: Session,
    _course: Course,
    material: Material,
    _fields: dict[str, str],
    *,
    actor: Actor,
    activity: str,
    now: datetime,
) -> None:
    actions.use_file(session, actor, taught_activity(session, actor, activity, "recording"), material, now)


def _refused(request: Request, actor: Actor, activity: str, refused: Refusal) -> Response:
    if wants_json(request):
        return JSONResponse({"error": refused.message}, status_code=422)
    with request.app.state.database.read() as session:
        errors = refused.fields or {"file": refused.message}
        return _editor(request, session, actor, activity, Submitted({}, None, errors))


def _editor(
    request: Request, session: Session, actor: Actor, public_id: str, form: Submitted[RecordingWish] | None = None
) -> Response:
    activity = taught_activity(session, actor, public_id, "recording")
    recording = recording_of(session, activity)
    return render(
        request,
        "recordings/edit.html",
        status=422 if form else 200,
        activity=activity,
        recording=recording,
        missing=missing_words(recording),
        accept=ACCEPT,
        limit=upload_limit(),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
