"""Screen 35: does the regency learn? On the screen, and on one sheet of paper."""

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.attainment.drawn import DRAWN, shares, trend
from elearn.overview.summary.paper import summary_pdf
from elearn.overview.summary.queries import Summary, summary
from elearn.people.accounts.door import SignedIn

router = APIRouter()
HERE = "/ringkasan"


@router.get(HERE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = summary(session, actor, wib_date(now))
    return render(
        request,
        "summary/summary.html",
        found=found,
        moment=_moment(found, now),
        shares=shares([(unit.name if unit else _("Tanpa unit"), tally) for unit, tally in found.units]),
        drawn=DRAWN,
        trend=trend(found.trend),
    )


@router.get(HERE + ".pdf")
def on_paper(session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = summary(session, actor, wib_date(now))
    headers = {
        "Content-Disposition": content_disposition(f"ringkasan-{wib_date(now)}.pdf"),
        "Cache-Control": "no-store",
    }
    return Response(summary_pdf(found, _moment(found, now)), media_type="application/pdf", headers=headers)


def _moment(found: Summary, now: datetime) -> datetime:
    return found.counted_at or now
