"""Screen 28: what is stuck today?"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.attainment import drawn
from elearn.overview.pressing.queries import pressing, trend
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/kelola")
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = pressing(session, actor, now)
    months = trend(session, actor, now)
    return render(
        request,
        "pressing/today.html",
        found=found,
        more_ended=found.ended_total - len(found.ended),
        more_running=found.running_total - len(found.running),
        months=months,
        trend=drawn.trend(months),
        now=now,
    )
