"""Which classes are my people in, and what became of them? By class with a chart, and by name as a file."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.charts import Bar, bars
from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, format_number
from elearn.foundation.tables import chunks_as
from elearn.foundation.web.addresses import one, with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.shapes import Form
from elearn.learning.cohorts.models import RESULTS, STATES, STATUSES, Cohort
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.outcomes.actions import note_export
from elearn.overview.outcomes.forms import ClassWish, OutcomesFileWish, OutcomesWish
from elearn.overview.outcomes.queries import (
    OwnClass,
    columns,
    every_outcome,
    outcomes_in,
    own_class,
    own_classes,
    size_of,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_for, units_in_scope

router = APIRouter()
FileForm = Annotated[Submitted[OutcomesFileWish], Depends(submitted(OutcomesFileWish))]
HERE = "/opd/angkatan"
DRAWN = 10
YEARS_SHOWN = 3


@router.get(HERE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now, halaman: int = 1) -> Response:
    actor.must(Permission.SEE_REPORTS)
    asked = _words(request, OutcomesWish)
    form = check(OutcomesWish, asked)
    wish, this_year = form.value or OutcomesWish(), wib_date(now).year
    year = wish.tahun or this_year
    page = own_classes(session, actor, year, halaman, _unit(session, actor, wish.unit))
    return render(
        request,
        "outcomes/outcomes.html",
        status=422 if form.errors else 200,
        year=year,
        years=sorted({year, *range(this_year + 1, this_year - YEARS_SHOWN, -1)}, reverse=True),
        units=units_in_scope(session, actor, closed=True),
        asked=asked,
        address=lambda cohort, state="": with_filters(f"{HERE}/{cohort}", {"unit": wish.unit, "keadaan": state}),
        page=page,
        drawings=_drawings(page.rows),
        drawn=DRAWN,
        states=STATES,
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.get(HERE + "/" + one("cohort"))
def show_class(request: Request, session: DbSession, actor: SignedIn, cohort: str, halaman: int = 1) -> Response:
    """The people behind the numbers of one class."""
    asked = _words(request, ClassWish)
    form = check(ClassWish, asked)
    wish = form.value or ClassWish()
    unit = _unit(session, actor, wish.unit)
    found = own_class(session, actor, cohort, unit)
    return render(
        request,
        "outcomes/class.html",
        status=422 if form.errors else 200,
        row=found,
        page=outcomes_in(session, actor, found.cohort, unit, wish.keadaan, halaman),
        asked=asked,
        address=lambda state: with_filters(f"{HERE}/{cohort}", {"unit": wish.unit, "keadaan": state}),
        back=with_filters(HERE, {"tahun": found.cohort.starts_on.year, "unit": wish.unit}),
        unit=unit,
        states=STATES,
        statuses=STATUSES,
        results=RESULTS,
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.post(HERE + "/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    wish, database = form.get(), request.app.state.database
    year = wish.tahun or wib_date(now).year
    with database.read() as reading:
        unit = _unit(reading, actor, wish.unit)
        size = size_of(reading, actor, year, unit)
    if not may_leave(request, session, actor, form, size, now):
        kept = {"tahun": str(year), "unit": wish.unit}
        return ask(request, form, size, action=f"{HERE}/unduh", back=with_filters(HERE, kept), kept=kept)
    note_export(session, actor, year, unit, wish.format, size, wish.reason)
    chunks = chunks_as(wish.format, columns(), every_outcome(database.read, actor, year, unit), "Hasil angkatan")
    name = "-".join(["hasil-angkatan", str(year), *([wish.unit] if wish.unit else []), f"{wib_date(now)}"])
    return as_file(chunks, name, wish.format)


def _words(request: Request, shape: type[Form]) -> dict[str, str]:
    return {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in shape.model_fields}


def _unit(session: Session, actor: Actor, code: str) -> Unit | None:
    return unit_for(session, actor, code) if code else None


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
