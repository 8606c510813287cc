"""Screen 33: completions by course, unit and month, as a list, and as files."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.exports.actions import Book, have_made
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size, is_long
from elearn.overview.reports import findings
from elearn.overview.reports.actions import note_export
from elearn.overview.reports.files import about, pieces, wished
from elearn.overview.reports.filters import CompletionFilters, reported_courses
from elearn.overview.reports.findings import Finding, Line
from elearn.overview.reports.forms import ExportWish, ReportWish
from elearn.overview.reports.queries import (
    completions,
    sums_by_course,
    sums_by_month,
    sums_by_unit,
    totals,
)
from elearn.overview.reports.rules import of_branches, without_gaps
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import units_in_scope
from elearn.teaching.courses.models import Course

router = APIRouter()
ExportForm = Annotated[Submitted[ExportWish], Depends(submitted(ExportWish))]
Place = Annotated[str, Query(max_length=16)]
VIEWS = ("pelatihan", "unit", "bulan", "daftar")
FILTERS = tuple(ReportWish.model_fields)


@router.get("/laporan")
def show(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    tampilan: str = "",
    setelah: Place = "",
    sebelum: Place = "",
) -> Response:
    actor.must(Permission.SEE_REPORTS)
    asked = {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in FILTERS}
    form = check(ReportWish, asked)
    units, courses = units_in_scope(session, actor, closed=True), reported_courses(session, actor)
    page: dict[str, Any] = {"units": units, "courses": courses, "sums": None, "finding": None, "list": None}
    view = tampilan if tampilan in VIEWS else VIEWS[0]
    if form.value is not None:
        filters = wished(session, actor, form.value)
        page["sums"] = sums = totals(session, actor, filters)
        if view == "daftar":
            page["list"] = completions(session, actor, filters, after=setelah, before=sebelum)
        elif sums.completions:
            page["finding"] = _finding(session, actor, filters, view, asked, units, courses)
    return render(
        request,
        "reports/report.html",
        status=422 if form.errors else 200,
        asked=asked,
        view=view,
        address=lambda **words: _address({**asked, "tampilan": view, **words}),
        periods=_periods(wib_date(now)),
        now=now,
        errors=form.errors,
        typed=asked if form.errors else {},
        **page,
    )


@router.post("/laporan/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, form: ExportForm, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    wish, database = form.get(), request.app.state.database
    with database.read() as reading:
        filters = wished(reading, actor, wish)
        sums = totals(reading, actor, filters)
    size = Size(sums.completions, sums.people)
    if not may_leave(request, session, actor, form, size, now):
        asked = {name: form.typed.get(name, "") for name in FILTERS}
        return ask(request, form, size, action="/laporan/unduh", back=_address(asked), kept=asked)
    name = "-".join(["penyelesaian", *(part for part in (wish.pelatihan, wish.unit) if part), f"{wib_date(now)}"])
    note = partial(note_export, session, actor, filters, wish.format, sums, wish.reason)
    if is_long(wish.format, size):
        asked = wish.model_dump(mode="json", include=set(FILTERS), exclude_defaults=True)
        book = Book("completions", asked, size.rows, about(filters), f"{name}.xlsx", _address(asked))
        return redirect(f"/pekerjaan/{have_made(session, actor, book, now, note).public_id}")
    note()
    return as_file(pieces(database.read, actor, filters, wish.format), name, wish.format)


def _finding(
    session: Session,
    actor: Actor,
    filters: CompletionFilters,
    view: str,
    asked: dict[str, str],
    units: Sequence[Unit],
    courses: Sequence[Course],
) -> Finding:
    """The chart and table of a view; each line leads to what it is made of."""
    if view == "pelatihan":
        titles = {course.id: course for course in courses}
        by_course = sorted(sums_by_course(session, actor, filters).items(), key=lambda row: (-row[1].completions, row))
        return findings.of_courses(
            [
                Line(titles[key].title, each, _address({**asked, "pelatihan": titles[key].slug, "tampilan": "daftar"}))
                for key, each in by_course
            ]
        )
    if view == "unit":
        rows = of_branches(units, sums_by_unit(session, actor, filters), filters.unit)
        return findings.of_units([_branch(unit, each, asked) for unit, each in rows])
    months = without_gaps(sums_by_month(session, actor, filters))
    return findings.of_months([(month, each, _address({**asked, **_month(month)})) for month, each in months])


def _branch(unit: Unit | None, each: Any, asked: dict[str, str]) -> Line:
    if unit is None:
        return Line(_("Tanpa unit"), each)
    deeper = "daftar" if unit.code == asked["unit"] else "unit"
    return Line(unit.name, each, _address({**asked, "unit": unit.code, "tampilan": deeper}))


def _month(month: str) -> dict[str, str]:
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return {"dari": f"{month}-01", "sampai": f"{month}-{last}", "tampilan": "daftar"}


def _periods(today: date) -> list[tuple[str, str, str]]:
    """Names, first and last days of the periods that are asked for most."""
    year = today.year
    this_month = _month(f"{today:%Y-%m}")
    return [
        (_("Bulan ini"), this_month["dari"], this_month["sampai"]),
        (_("Tahun %(year)s", year=year), f"{year}-01-01", f"{year}-12-31"),
        (_("Tahun %(year)s", year=year - 1), f"{year - 1}-01-01", f"{year - 1}-12-31"),
    ]


def _address(words: dict[str, str]) -> str:
    """The page with these filters; the default view is not spelled out."""
    told = {name: word for name, word in words.items() if (name, word) != ("tampilan", VIEWS[0])}
    return with_filters("/laporan", told)
