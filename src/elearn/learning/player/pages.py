"""HTML face of the player: from an activity's address to its kind's page."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from elearn.foundation.web.session import DbSession
from elearn.learning.player.queries import desk
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/belajar/{activity}")
def open_activity(activity: str, session: DbSession, actor: SignedIn) -> RedirectResponse:
    return RedirectResponse(desk(session, actor, activity).here.path, status_code=303)
