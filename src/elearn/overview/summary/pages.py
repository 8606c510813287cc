"""Screen 35: does the regency learn? On the screen, and on one sheet of paper."""

from datetime import datetime

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from elearn.foundation.charts import Month, months
from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, format_date, format_number
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.attainment.drawn import DRAWN, shares
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
        trend=_trend(found),
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


def _trend(found: Summary) -> tuple[Markup, ...]:
    """The trend, wide and narrow; a phone has no room for the years."""
    told = _("JP diakui menurut bulan")
    return tuple(
        months(
            [Month(format_date(month, form), jp, format_number(jp)) for month, jp in found.trend],
            name="tren",
            title=told,
            description=told,
            narrow=narrow,
        )
        for narrow, form in ((False, "MMM yy"), (True, "MMM"))
        if found.trend
    )
