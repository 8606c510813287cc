"""Screen 35: does the regency learn? On the screen, on one sheet of paper, and the months as a file."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.tables import Column, chunks_as
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.attainment.drawn import DRAWN, shares, trend
from elearn.overview.attainment.files import wished
from elearn.overview.exports.guard import as_file
from elearn.overview.summary.actions import note_export
from elearn.overview.summary.forms import SummaryFileWish, SummaryWish
from elearn.overview.summary.paper import summary_pdf
from elearn.overview.summary.queries import Summary, summary
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn

router = APIRouter()
HERE = "/ringkasan"
FILTERS = tuple(SummaryWish.model_fields)
YEARS_SHOWN = 3
COLUMNS = (Column("bulan", "bulan", "date"), Column("jp_diakui", "jp_diakui", "int"))
FileForm = Annotated[Submitted[SummaryFileWish], Depends(submitted(SummaryFileWish))]


@router.get(HERE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    form, asked, today = _asked(request), _words(request), wib_date(now)
    wish = form.value or SummaryWish()
    found = summary(session, actor, wished(session, actor, wish.for_attainment, today), today)
    here = {"tahun": found.year if found.past else "", "unit": wish.unit}
    return render(
        request,
        "summary/summary.html",
        status=422 if form.errors else 200,
        found=found,
        moment=_moment(found, now),
        shares=shares([(unit.name if unit else _("Tanpa unit"), tally) for unit, tally in found.units]),
        drawn=DRAWN,
        trend=trend(found.trend),
        years=sorted({found.year, *range(today.year, today.year - YEARS_SHOWN, -1)}, reverse=True),
        asked=asked,
        address=lambda path, **words: with_filters(path, {**here, **words}),
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.get(HERE + ".pdf")
def on_paper(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    wish, today = _asked(request).get(), wib_date(now)
    found = summary(session, actor, wished(session, actor, wish.for_attainment, today), today)
    name = "-".join(["ringkasan", *([str(found.year)] if found.past else []), *filter(None, [wish.unit]), f"{today}"])
    headers = {"Content-Disposition": content_disposition(f"{name}.pdf"), "Cache-Control": "no-store"}
    return Response(summary_pdf(found, _moment(found, now)), media_type="application/pdf", headers=headers)


@router.post(HERE + "/unduh")
def export(session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    """The months of the page; the table of units has a file of its own at /opd."""
    actor.must(Permission.SEE_REPORTS)
    wish, today = form.get(), wib_date(now)
    filters = wished(session, actor, wish.for_attainment, today)
    found = summary(session, actor, filters, today)
    note_export(session, actor, filters, wish.format, len(found.trend))
    name = "-".join(["jp-per-bulan", str(found.year), *filter(None, [wish.unit]), f"{today}"])
    return as_file(chunks_as(wish.format, COLUMNS, found.trend, _("JP per bulan")), name, wish.format)


def _words(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in FILTERS}


def _asked(request: Request) -> Submitted[SummaryWish]:
    return check(SummaryWish, _words(request))


def _moment(found: Summary, now: datetime) -> datetime:
    return found.counted_at or now
