"""Codes for a unit: choose, see how many, make, then hand out as a table, as slips or as text."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from elearn.foundation.i18n import _
from elearn.foundation.jobs.queries import job_for
from elearn.foundation.settings import settings
from elearn.foundation.tables import MEDIA_TYPES, Column, xlsx_chunks
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.paging import Page
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.directory import actions
from elearn.people.directory.forms import CodesWish
from elearn.people.directory.queries import (
    count_without_code,
    lines_of,
    made_so_far,
    my_sheets,
    sheet_for,
    ticked_people,
    units_for_form,
    units_on,
)
from elearn.people.directory.texts import CodeLine, message_for, message_for_unit
from elearn.people.organisation.queries import unit_for

router = APIRouter()

CodesForm = Annotated[Submitted[CodesWish], Depends(submitted(CodesWish))]
Text = Annotated[str, Query(max_length=40)]
SHOWN = 200


@router.get("/opd/kode")
def choose(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    unit: Text = "",
    orang: Annotated[Sequence[str], Query(max_length=SHOWN)] = (),
) -> Response:
    return _choice(request, session, actor, now, unit, orang)


@router.post("/opd/kode")
def make(request: Request, session: DbSession, actor: SignedIn, form: CodesForm, now: Now) -> Response:
    units_for_form(session, actor, Permission.ISSUE_ACCESS)
    with form.trying(session):
        wish = form.get()
        unit = None if wish.person else unit_for(session, actor, wish.unit)
        people = ticked_people(session, actor, wish.person) if wish.person else []
        sheet = actions.start_sheet(session, actor, unit, people, now)
    if form.errors:
        return _choice(request, session, actor, now, errors=form.errors)
    return redirect(f"/opd/kode/{sheet.public_id}")


def _choice(
    request: Request,
    session: Session,
    actor: Actor,
    now: Now,
    unit: str = "",
    ticked: Sequence[str] = (),
    errors: dict[str, str] | None = None,
) -> Response:
    chosen = unit_for(session, actor, unit) if unit else None
    return render(
        request,
        "directory/codes.html",
        status=422 if errors else 200,
        errors=errors or {},
        units=units_for_form(session, actor, Permission.ISSUE_ACCESS),
        chosen=chosen,
        count=count_without_code(session, actor, chosen) if chosen else 0,
        ticked=ticked_people(session, actor, ticked) if ticked else [],
        sheets=my_sheets(session, actor, now),
        days=settings().activation_days,
    )


@router.get("/opd/kode/{sheet}")
def show(
    request: Request, session: DbSession, actor: SignedIn, sheet: str, now: Now, unit: Text = "", halaman: int = 1
) -> Response:
    found = sheet_for(session, actor, sheet, now)
    units = units_on(session, actor, found, now)
    chosen = next((each for each in units if each[0] == unit), None) if unit else units[0] if len(units) == 1 else None
    page: Page[CodeLine] | None = (
        Page((), min(max(halaman, 1), -(-chosen[2] // SHOWN)), SHOWN, chosen[2]) if chosen else None
    )
    first = page.first_row - 1 if page else 0
    here = lines_of(session, actor, found, now, unit or None, first=first, most=SHOWN) if page else []
    address = f"{settings().base_url}/aktivasi"
    return render(
        request,
        "directory/sheet.html",
        sheet=found,
        job=job_for(session, found.job_id, actor.person_id) if found.job_id else None,
        made=made_so_far(session, actor, found),
        units=units,
        lines=[(line, message_for(line, address)) for line in here],
        text=message_for_unit(here[0].unit, here, address) if here else "",
        page=page,
        unit=unit,
    )


@router.get("/opd/kode/{sheet}/slip")
def slips(request: Request, session: DbSession, actor: SignedIn, sheet: str, now: Now, unit: Text = "") -> Response:
    found = sheet_for(session, actor, sheet, now)
    lines = lines_of(session, actor, found, now, unit or None)
    address = f"{settings().base_url}/aktivasi"
    return render(request, "directory/slips.html", sheet=found, lines=lines, address=address)


@router.get("/opd/kode/{sheet}/xlsx")
def table(session: DbSession, actor: SignedIn, sheet: str, now: Now, unit: Text = "") -> Response:
    found = sheet_for(session, actor, sheet, now)
    lines = lines_of(session, actor, found, now, unit or None)
    columns = [
        Column("nip", "NIP", "nip"),
        Column("name", _("Nama")),
        Column("unit", _("Unit kerja")),
        Column("code", _("Kode")),
        Column("until", _("Berlaku sampai"), "date"),
    ]
    rows = [(line.nip, line.name, line.unit, line.code, line.until) for line in lines]
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="kode-masuk.xlsx"'}
    return StreamingResponse(xlsx_chunks(columns, rows), media_type=MEDIA_TYPES["xlsx"], headers=headers)
