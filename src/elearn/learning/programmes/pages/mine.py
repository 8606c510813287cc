"""What a learner owes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.programmes.models import DONE, MISSED, OPEN
from elearn.learning.programmes.queries import anew_in, classes_in, my_duties
from elearn.learning.programmes.rules import until
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/wajib")
def mine(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    every = my_duties(session, actor)
    waiting = [each for each in every if each.duty.state == OPEN]
    return render(
        request,
        "programmes/mine.html",
        owed=[each for each in waiting if each.programme.mandatory],
        offered=[each for each in waiting if not each.programme.mandatory],
        done=[each for each in every if each.duty.state == DONE],
        missed=[each for each in every if each.duty.state == MISSED],
        anew=anew_in(session, every),
        classes=classes_in(session, actor, every, wib_date(now)),
        today=wib_date(now),
        until=until,
    )
