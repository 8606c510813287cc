"""A programme: whom it means, how far they are by unit with a chart, by name, as a file, and as a text to paste."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.charts import Bar, bars
from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, format_number
from elearn.foundation.settings import settings
from elearn.foundation.tables import chunks_as
from elearn.foundation.web.addresses import one, with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.programmes.models import DRAFT
from elearn.learning.programmes.queries import may_manage, not_renewable, programme_for
from elearn.overview.duties.actions import note_export
from elearn.overview.duties.files import about, duties_table, wished
from elearn.overview.duties.forms import DutiesFileWish, DutiesWish
from elearn.overview.duties.queries import (
    MOST_CHASED,
    DutyFilters,
    duties,
    how_many,
    is_late,
    tallies,
    to_chase,
    years,
)
from elearn.overview.duties.rules import Tally, branches, chase, together
from elearn.overview.exports.actions import Book, have_made
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size, is_long
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_for, units_in_scope
from elearn.people.organisation.rules import lone_top

router = APIRouter()
FileForm = Annotated[Submitted[DutiesFileWish], Depends(submitted(DutiesFileWish))]
FILTERS = tuple(DutiesWish.model_fields)
DRAWN = 12
ONE = f"/kelola/program/{one('programme')}"


@dataclass(frozen=True)
class Line:
    """A unit with its subtree, or `alone` without; `href` leads deeper, or to the names. `at` are its words in an
    address."""

    name: str
    tally: Tally
    href: str
    at: dict[str, str]
    alone: bool = False


@router.get(ONE)
def show(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    programme: str,
    now: Now,
    tampilan: str = "",
    halaman: int = 1,
) -> Response:
    found = programme_for(session, actor, programme)
    asked = {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in FILTERS}
    form = check(DutiesWish, asked)
    wish, today = form.value or DutiesWish(), wib_date(now)
    filters = wished(session, actor, found, wish)
    units = units_in_scope(session, actor, closed=True)
    own = tallies(session, actor, filters, today)
    names = tampilan == "nama" or bool(filters.state) or filters.directly
    asked["tampilan"] = "nama" if names else ""
    here = f"/kelola/program/{programme}"
    top = lone_top(units, filters.unit)
    rows = [] if names else branches(units, own, filters.unit)
    lines = [_line(here, branch, each, asked, top) for branch, each in rows]
    return render(
        request,
        "duties/programme.html",
        status=422 if form.errors else 200,
        programme=found,
        here=here,
        manages=may_manage(actor, found),
        problems=not_renewable(session, found, today),
        draft=found.state == DRAFT,
        units=units,
        years=years(session, actor, found),
        asked=asked,
        address=lambda **words: with_filters(here, {**asked, **words}),
        chase=with_filters(f"{here}/teks", {"unit": asked["unit"], "keadaan": asked["keadaan"]}),
        whole=together(list(own.values())),
        lines=lines,
        drawings=_drawings(lines),
        drawn=DRAWN,
        page=duties(session, actor, filters, today, halaman) if names else None,
        late=lambda duty: is_late(duty, today),
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.get(ONE + "/teks")
def text(
    request: Request, session: DbSession, actor: SignedIn, programme: str, now: Now, unit: str = "", keadaan: str = ""
) -> Response:
    found = programme_for(session, actor, programme)
    only_late = "terlambat" if keadaan == "terlambat" else "belum"
    people = to_chase(session, actor, DutyFilters(found, _unit(session, actor, unit), only_late), wib_date(now))
    written = chase(found.title, people, f"{settings().base_url}/wajib")
    return render(
        request,
        "duties/chase.html",
        programme=found,
        people=people,
        text=written,
        most=MOST_CHASED,
        whatsapp=f"https://wa.me/?text={quote(written)}" if len(written) < 1_500 else "",
        units=units_in_scope(session, actor),
        asked={"unit": unit, "keadaan": keadaan},
        here=f"/kelola/program/{programme}",
    )


@router.post(ONE + "/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, programme: str, form: FileForm, now: Now) -> Response:
    found = programme_for(session, actor, programme)
    wish, database, today = form.get(), request.app.state.database, wib_date(now)
    filters = wished(session, actor, found, wish)
    count = how_many(session, actor, filters, today)
    size, here = Size(count, count), f"/kelola/program/{programme}"
    if not may_leave(request, session, actor, form, size, now):
        kept = {name: str(form.typed.get(name) or "") for name in FILTERS}
        return ask(request, form, size, action=f"{here}/unduh", back=with_filters(here, kept), kept=kept)
    name = "-".join(
        ["program", *([wish.unit] if wish.unit else []), *([str(wish.tahun)] if wish.tahun else []), f"{today}"]
    )
    note = partial(note_export, session, actor, filters, wish.format, size, wish.reason)
    if is_long(wish.format, size):
        kept = wish.model_dump(include=set(FILTERS), exclude_defaults=True)
        asked = {**kept, "program": programme, "hari": f"{today}"}
        book = Book("duties", asked, size.rows, about(filters), f"{name}.xlsx", with_filters(here, kept))
        return redirect(f"/pekerjaan/{have_made(session, actor, book, now, note).public_id}")
    note()
    return as_file(chunks_as(wish.format, *duties_table(database.read, actor, filters, today)), name, wish.format)


def _unit(session: Session, actor: Actor, code: str) -> Unit | None:
    return unit_for(session, actor, code) if code else None


def _line(here: str, unit: Unit | None, tally: Tally, asked: dict[str, str], top: Unit | None) -> Line:
    """Leads to the units below, or to the very people that the row counts."""
    if unit is not None and unit is not top:
        at = {"unit": unit.code, "langsung": ""}
        return Line(unit.name, tally, with_filters(here, {**asked, **at}), at)
    at = {"unit": unit.code if unit else "", "langsung": "1"}
    href = with_filters(here, {**asked, **at, "tampilan": "nama"})
    return Line(unit.name if unit else _("Tanpa unit"), tally, href, at, alone=unit is not None)


def _drawings(lines: Sequence[Line]) -> tuple[Markup, ...]:
    """The share of each unit, wide and narrow."""
    drawn = [
        Bar(line.name, line.tally.share or 0, f"{format_number(line.tally.share or 0)} %", line.tally.share == 100)
        for line in lines[:DRAWN]
    ]
    if not drawn:
        return ()
    told = _("Bagian pegawai yang sudah selesai, menurut unit, dalam persen")
    return tuple(
        bars(drawn, name="selesai", title=told, description=told, limit=100, limit_label=_("semua"), narrow=narrow)
        for narrow in (False, True)
    )
