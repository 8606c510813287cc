"""HTML face of recordings for learners: the browser's own player, captions and transcript."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from elearn.activities.recordings.queries import recording_of
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


@router.get("/belajar/{activity}/rekaman")
@quick
def show(request: Request, activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "recording")
    if here.here.progress is None or here.enrolment.last_activity_id != here.activity.id:
        with short_write(request.app.state.database) as noting:
            note_opened(noting, actor, here.enrolment, here.activity, now)
    recording = recording_of(session, here.activity)
    return render(
        request,
        "recordings/recording.html",
        desk=here,
        recording=recording,
        place=int(here.here.progress.place) if here.here.progress else 0,
        introduction=markdown(recording.introduction, image_url=lambda _name: None),
        transcript=markdown(recording.transcript, image_url=lambda _name: None),
    )


@router.post("/belajar/{activity}/rekaman/waktu")
@quick
def ping(activity: str, session: DbSession, actor: SignedIn, told: Ping, now: Now) -> Response:
    progress = report(session, actor, desk(session, actor, activity, "recording"), told, now)
    return JSONResponse({"done": progress.completed})


@router.post("/belajar/{activity}/rekaman/selesai")
@quick
def finish(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "recording")
    return go_on(here, finish_activity(session, actor, here, now))
