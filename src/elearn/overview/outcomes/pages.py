"""Which classes are my people in, and what became of them? By class with a chart, and by name as a file."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from elearn.foundation.charts import Bar, bars
from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, format_number
from elearn.foundation.tables import chunks_as
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.cohorts.models import STATES, Cohort
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.outcomes.actions import note_export
from elearn.overview.outcomes.forms import OutcomesFileWish, OutcomesWish
from elearn.overview.outcomes.queries import OwnClass, columns, every_outcome, own_classes, size_of
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn

router = APIRouter()
FileForm = Annotated[Submitted[OutcomesFileWish], Depends(submitted(OutcomesFileWish))]
HERE = "/opd/angkatan"
DRAWN = 10
YEARS_SHOWN = 3


@router.get(HERE)
def show(
    request: Request, session: DbSession, actor: SignedIn, now: Now, tahun: str = "", halaman: int = 1
) -> Response:
    actor.must(Permission.SEE_REPORTS)
    form = check(OutcomesWish, {"tahun": tahun})
    this_year = wib_date(now).year
    year = (form.value.tahun if form.value else None) or this_year
    page = own_classes(session, actor, year, halaman)
    return render(
        request,
        "outcomes/outcomes.html",
        status=422 if form.errors else 200,
        year=year,
        years=sorted({year, *range(this_year + 1, this_year - YEARS_SHOWN, -1)}, reverse=True),
        page=page,
        drawings=_drawings(page.rows),
        drawn=DRAWN,
        states=STATES,
        errors=form.errors,
        typed={"tahun": tahun} if form.errors else {},
    )


@router.post(HERE + "/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    wish, database = form.get(), request.app.state.database
    year = wish.tahun or wib_date(now).year
    with database.read() as reading:
        size = size_of(reading, actor, year)
    if not may_leave(request, session, actor, form, size, now):
        kept = {"tahun": str(year)}
        return ask(request, form, size, action=f"{HERE}/unduh", back=with_filters(HERE, kept), kept=kept)
    note_export(session, actor, year, wish.format, size, wish.reason)
    chunks = chunks_as(wish.format, columns(), every_outcome(database.read, actor, year), "Hasil angkatan")
    return as_file(chunks, f"hasil-angkatan-{year}-{wib_date(now)}", wish.format)


def _label(cohort: Cohort, rows: Sequence[OwnClass]) -> str:
    """The course, as many classes are called alike; the class too where several of its classes are on the page."""
    alike = sum(row.cohort.course_id == cohort.course_id for row in rows)
    return cohort.course.title if alike == 1 else f"{cohort.course.title}, {cohort.name}"


def _drawings(rows: Sequence[OwnClass]) -> tuple[Markup, ...]:
    """The share that passed in each class, wide and narrow."""
    drawn = [
        Bar(_label(row.cohort, rows), row.share, f"{format_number(row.share)} %", reached=row.share == 100)
        for row in rows
        if row.share is not None and row.passed + row.failed
    ][:DRAWN]
    if not drawn:
        return ()
    told = _("Bagian peserta Anda yang lulus, menurut angkatan, dalam persen")
    return tuple(
        bars(drawn, name="lulus", title=told, description=told, limit=100, limit_label=_("semua"), narrow=narrow)
        for narrow in (False, True)
    )
