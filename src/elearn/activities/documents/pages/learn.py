"""HTML face of documents for learners: the pages as pictures or as text, and the original."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from elearn.activities.documents.queries import document_of, page_pictures, page_texts
from elearn.activities.documents.rules import reflowed
from elearn.foundation.markdown import render as markdown
from elearn.foundation.turns import quick
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.learning.player.actions import finish as finish_activity
from elearn.learning.player.actions import report
from elearn.learning.player.forms import Ping
from elearn.learning.player.queries import desk
from elearn.learning.player.steps import go_on
from elearn.learning.progress.actions import note_opened
from elearn.people.accounts.door import SignedIn

router = APIRouter()

# Texts are long; a page of them stays small enough for a phone.
TEXTS_AT_ONCE = 20


@router.get("/belajar/{activity}/dokumen")
@quick
def show(request: Request, activity: str, session: DbSession, actor: SignedIn, now: Now, teks: int = 0) -> Response:
    here = desk(session, actor, activity, "document")
    if here.here.progress is None or here.enrolment.last_activity_id != here.activity.id:
        with short_write(request.app.state.database) as noting:
            note_opened(noting, actor, here.enrolment, here.activity, now)
    document = document_of(session, here.activity)
    material = document.material
    first = max(1, min(teks, 100_000))
    texts = page_texts(session, material, first, TEXTS_AT_ONCE) if material and teks else []
    return render(
        request,
        "documents/document.html",
        desk=here,
        material=material,
        introduction=markdown(document.introduction, image_url=lambda _name: None),
        pages=page_pictures(session, material) if material and not teks else [],
        texts=[(number, reflowed(text)) for number, text in texts],
        first=first if teks else 0,
        step=TEXTS_AT_ONCE,
    )


@router.post("/belajar/{activity}/dokumen/waktu")
@quick
def ping(activity: str, session: DbSession, actor: SignedIn, told: Ping, now: Now) -> Response:
    progress = report(session, actor, desk(session, actor, activity, "document"), told, now)
    return JSONResponse({"done": progress.completed})


@router.post("/belajar/{activity}/dokumen/selesai")
@quick
def finish(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "document")
    return go_on(here, finish_activity(session, actor, here, now))
