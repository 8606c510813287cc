"""Screen 28: what is stuck today?"""

from calendar import monthrange

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.pressing.queries import completions_by_month, pressing
from elearn.overview.reports.findings import of_months
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/kelola")
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = pressing(session, actor, now)
    months = completions_by_month(session, actor, now)
    return render(
        request,
        "pressing/today.html",
        found=found,
        more_ended=found.ended_total - len(found.ended),
        trend=of_months([(month, each, _report(month)) for month, each in months]) if months else None,
        now=now,
    )


def _report(month: str) -> str:
    """The completions of a month, by name."""
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return with_filters("/laporan", {"dari": f"{month}-01", "sampai": f"{month}-{last}", "tampilan": "daftar"})
