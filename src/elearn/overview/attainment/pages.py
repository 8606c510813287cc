"""Screen 25: do my people have their JP? By unit with a chart, and by name."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.tables import chunks_as
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.paging import Page
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.attainment.actions import note_export
from elearn.overview.attainment.drawn import DRAWN, shares
from elearn.overview.attainment.files import about, standings_table, units_table, wished
from elearn.overview.attainment.forms import AttainmentFileWish, AttainmentWish
from elearn.overview.attainment.queries import (
    MANY,
    AttainmentFilters,
    Standing,
    attainment,
    how_many,
    standings,
    standings_by_name,
)
from elearn.overview.attainment.rules import Tally, branches, together
from elearn.overview.exports.actions import Book, have_made
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size, is_long
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import units_in_scope
from elearn.people.organisation.rules import lone_top

router = APIRouter()
FileForm = Annotated[Submitted[AttainmentFileWish], Depends(submitted(AttainmentFileWish))]
FILTERS = tuple(AttainmentWish.model_fields)
YEARS_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """A unit with its subtree, or `alone` without; `href` leads deeper, or to the names. `at` are its words in an
    address."""

    name: str
    tally: Tally
    href: str
    at: dict[str, str]
    alone: bool = False


@router.get("/opd")
def show(
    request: Request, session: DbSession, actor: SignedIn, now: Now, tampilan: str = "", halaman: int = 1
) -> Response:
    actor.must(Permission.SEE_REPORTS)
    asked = {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in FILTERS}
    form = check(AttainmentWish, asked)
    wish = form.value or AttainmentWish()
    this_year = wib_date(now).year
    filters = wished(session, actor, wish, wib_date(now))
    units = units_in_scope(session, actor, closed=True)
    own, counted_at = attainment(session, actor, filters)
    whole = together(list(own.values()))
    names = tampilan == "nama" or bool(filters.state) or filters.directly
    asked["tampilan"] = "nama" if names else ""
    top = lone_top(units, filters.unit)
    lines = [] if names else [_line(branch, each, asked, top) for branch, each in branches(units, own, filters.unit)]
    return render(
        request,
        "attainment/attainment.html",
        status=422 if form.errors else 200,
        year=filters.year,
        years=sorted({filters.year, *range(this_year, this_year - YEARS_SHOWN, -1)}, reverse=True),
        units=units,
        asked=asked,
        address=lambda **words: with_filters("/opd", {**asked, **words}),
        whole=whole,
        lines=lines,
        drawings=shares([(line.name, line.tally) for line in lines]),
        drawn=DRAWN,
        page=_page(session, actor, filters, halaman, whole if counted_at else None) if names else None,
        counted_at=counted_at,
        past=filters.stood_on is not None,
        most=MANY,
        now=now,
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.post("/opd/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    actor.must(Permission.SEE_REPORTS)
    wish, database = form.get(), request.app.state.database
    with database.read() as reading:
        filters = wished(reading, actor, wish, wib_date(now))
        count = how_many(reading, actor, filters)
    size = Size(count, count)
    if not may_leave(request, session, actor, form, size, now):
        kept = {name: form.typed.get(name, "") for name in FILTERS}
        return ask(request, form, size, action="/opd/unduh", back=with_filters("/opd", kept), kept=kept)
    name = "-".join(["capaian-jp", str(filters.year), *([wish.unit] if wish.unit else []), f"{wib_date(now)}"])
    note = partial(note_export, session, actor, filters, wish.format, size, wish.reason)
    if is_long(wish.format, size):
        asked = {
            "tahun": filters.year,
            **wish.model_dump(include={"unit", "keadaan", "langsung"}, exclude_defaults=True),
        }
        book = Book("attainment", asked, size.rows, about(filters), f"{name}.xlsx", with_filters("/opd", asked))
        return redirect(f"/pekerjaan/{have_made(session, actor, book, now, note).public_id}")
    note()
    return as_file(chunks_as(wish.format, *standings_table(database.read, actor, filters)), name, wish.format)


@router.post("/opd/unduh/unit")
def export_units(session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    """The table by unit. It names nobody, so it asks for no reason."""
    actor.must(Permission.SEE_REPORTS)
    wish = form.get()
    filters = wished(session, actor, wish, wib_date(now))
    table = units_table(session, actor, filters)
    note_export(session, actor, filters, wish.format, Size(len(list(table.rows)), 0))
    name = "-".join(["capaian-jp-unit", str(filters.year), *([wish.unit] if wish.unit else []), f"{wib_date(now)}"])
    return as_file(chunks_as(wish.format, *table), name, wish.format)


def _page(
    session: Session, actor: Actor, filters: AttainmentFilters, number: int, beforehand: Tally | None
) -> Page[Standing]:
    if beforehand is None:
        return standings(session, actor, filters, number)
    return standings_by_name(session, actor, filters, number, beforehand.in_state(filters.state))


def _line(unit: Unit | None, tally: Tally, asked: dict[str, str], top: Unit | None) -> Line:
    """Leads to the units below, or to the very people that the row counts."""
    if unit is not None and unit is not top:
        at = {"unit": unit.code, "langsung": ""}
        return Line(unit.name, tally, with_filters("/opd", {**asked, **at}), at)
    at = {"unit": unit.code if unit else "", "langsung": "1"}
    href = with_filters("/opd", {**asked, **at, "tampilan": "nama"})
    return Line(unit.name if unit else _("Tanpa unit"), tally, href, at, alone=unit is not None)
