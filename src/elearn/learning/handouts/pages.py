"""Pages of handouts: the organiser's, with the upload, and the participant's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.queries import cohort_run
from elearn.learning.handouts import actions
from elearn.learning.handouts.queries import cohort_with_files, handout_in, handouts_of
from elearn.people.accounts.door import SignedIn
from elearn.teaching.materials.receiving import Brought, brought

router = APIRouter()
KINDS = ("pdf", "office", "image")
ACCEPT = ".pdf,.docx,.pptx,.xlsx,.png,.jpg,.jpeg,.webp"


async def _brought(request: Request, actor: SignedIn, cohort: str) -> Brought | Refusal:
    otherwise = _("Unggah PDF, gambar, atau berkas Word, Excel, dan PowerPoint.")
    return await brought(request, lambda session: cohort_run(session, actor, cohort), KINDS, otherwise)


@router.get("/kelola/angkatan/{cohort}/berkas")
def manage(request: Request, session: DbSession, actor: SignedIn, cohort: str) -> Response:
    return _managed(request, session, cohort_run(session, actor, cohort))


@router.post("/kelola/angkatan/{cohort}/berkas")
def give(
    request: Request,
    given: Annotated[Brought | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    cohort: str,
    now: Now,
) -> Response:
    found = cohort_run(session, actor, cohort)
    if isinstance(given, Refusal):
        return _managed(request, session, found, given)
    title = given.fields.get("title", "").replace("\x00", "").strip()
    try:
        actions.give(session, actor, found, title, given.upload, now)
    except Refusal as refusal:
        store().delete(given.upload.key)
        return _managed(request, session, found, refusal)
    return redirect(f"/kelola/angkatan/{cohort}/berkas", _("Berkas dibagikan kepada peserta."))


@router.post("/kelola/angkatan/{cohort}/berkas/{handout}/hapus")
def take_back(request: Request, actor: SignedIn, cohort: str, handout: str) -> Response:
    # A transaction of its own: the stored bytes go only after it was committed.
    with short_write(request.app.state.database) as session:
        found = cohort_run(session, actor, cohort)
        key = actions.take_back(session, actor, found, handout_in(session, found, handout))
    store().delete(key)
    return redirect(f"/kelola/angkatan/{cohort}/berkas", _("Berkas dihapus."))


@router.get("/angkatan/{cohort}/berkas")
def listed(request: Request, session: DbSession, actor: SignedIn, cohort: str) -> Response:
    found = cohort_with_files(session, actor, cohort)
    return render(request, "handouts/handouts.html", cohort=found, handouts=handouts_of(session, found))


@router.get("/angkatan/{cohort}/berkas/{handout}")
def download(request: Request, session: DbSession, actor: SignedIn, cohort: str, handout: str) -> Response:
    found = handout_in(session, cohort_with_files(session, actor, cohort), handout)
    return file_response(
        request,
        store(),
        found.storage_key,
        size=found.size,
        media_type=found.media_type,
        file_name=found.name,
        etag=found.sha256,
    )


def _managed(request: Request, session: Session, cohort: Cohort, refusal: Refusal | None = None) -> Response:
    return render(
        request,
        "handouts/manage.html",
        status=422 if refusal else 200,
        cohort=cohort,
        handouts=handouts_of(session, cohort),
        accept=ACCEPT,
        errors={"file": next(iter(refusal.fields.values()), refusal.message)} if refusal else {},
        typed={},
    )
