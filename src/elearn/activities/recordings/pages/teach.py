"""HTML face of recordings for instructors: the editor."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.recordings import actions
from elearn.activities.recordings.forms import RecordingWish
from elearn.activities.recordings.queries import recording_of
from elearn.activities.recordings.rules import missing_words
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.receiving import answer_upload
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
    def find(session: Session) -> Course:
        return taught_activity(session, actor, activity, "recording").course

    def use(session: Session, _course: Course, material: Material, _fields: dict[str, str]) -> tuple[str, str]:
        actions.use_file(session, actor, taught_activity(session, actor, activity, "recording"), material, now)
        return f"/ajar/rekaman/{activity}", _("Berkas tersimpan.")

    def show(session: Session, errors: dict[str, str]) -> Response:
        return _editor(request, session, actor, activity, Submitted({}, None, errors))

    return await answer_upload(request, actor, now, find, use, show)


@router.post("/ajar/rekaman/{activity}/takarir/hapus")
def drop_captions(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.drop_captions(session, actor, taught_activity(session, actor, activity, "recording"), now)
    return redirect(f"/ajar/rekaman/{activity}", _("Takarir dilepas."))


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
