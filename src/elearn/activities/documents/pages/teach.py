"""HTML face of documents for instructors: the editor."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.documents import actions
from elearn.activities.documents.forms import DocumentWish
from elearn.activities.documents.queries import document_of, page_pictures
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
from elearn.teaching.materials.rules import problem_in_words, upload_limit

router = APIRouter()
Form = Annotated[Submitted[DocumentWish], Depends(submitted(DocumentWish))]
ACCEPT = ".pdf,.docx,.pptx,.xlsx"


@router.get("/ajar/dokumen/{activity}")
def edit(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    return _editor(request, session, actor, activity)


@router.post("/ajar/dokumen/{activity}")
def save(request: Request, activity: str, session: DbSession, actor: SignedIn, form: Form, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "document")
    if form.value is None:
        return _editor(request, session, actor, activity, form)
    actions.change_document(session, actor, found, form.value, now)
    return redirect(f"/ajar/{found.course.slug}", _("Materi tersimpan."))


@router.post("/ajar/dokumen/{activity}/berkas")
async def change_file(request: Request, activity: str, actor: SignedIn, now: Now) -> Response:
    def find(session: Session) -> Course:
        return taught_activity(session, actor, activity, "document").course

    def use(session: Session, _course: Course, material: Material, _fields: dict[str, str]) -> tuple[str, str]:
        actions.show_file(session, actor, taught_activity(session, actor, activity, "document"), material, now)
        return f"/ajar/dokumen/{activity}", _("Berkas diganti.")

    def show(session: Session, errors: dict[str, str]) -> Response:
        return _editor(request, session, actor, activity, Submitted({}, None, errors))

    return await answer_upload(request, actor, now, find, use, show)


def _editor(
    request: Request, session: Session, actor: Actor, public_id: str, form: Submitted[DocumentWish] | None = None
) -> Response:
    activity = taught_activity(session, actor, public_id, "document")
    document = document_of(session, activity)
    return render(
        request,
        "documents/edit.html",
        status=422 if form else 200,
        activity=activity,
        document=document,
        pages=page_pictures(session, document.material)[:1] if document.material else [],
        accept=ACCEPT,
        limit=upload_limit(),
        problem_in_words=problem_in_words,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
