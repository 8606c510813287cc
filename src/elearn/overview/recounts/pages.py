"""The regency admin's pages of recounts: ask for a preview, look at it, have it written."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.tables import Column, chunks_as
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.exports.forms import FileWish
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size
from elearn.overview.recounts.forms import RecountWish
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.audit.actions import record
from elearn.people.organisation.queries import unit_for
from elearn.recognition.recounting import actions
from elearn.recognition.recounting.models import STATES
from elearn.recognition.recounting.queries import (
    COLUMNS,
    at_work,
    changes,
    every_change,
    recount_for,
    recounts,
    sums,
    sums_by_unit,
)
from elearn.teaching.delivery.queries import delivery_form, delivery_forms
from elearn.teaching.delivery.rules import open_since

router = APIRouter()
PLACE = "/kelola/hitung-ulang"
RECOUNT = PLACE + "/" + one("recount")
WishForm = Annotated[Submitted[RecountWish], Depends(submitted(RecountWish))]
FileForm = Annotated[Submitted[FileWish], Depends(submitted(FileWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now, bentuk: str = "") -> Response:
    return _list(request, session, actor, now, bentuk=bentuk)


@router.post(PLACE)
def begin(request: Request, session: DbSession, actor: SignedIn, form: WishForm, now: Now) -> Response:
    actor.must(Permission.SET_JP_RULES)
    with form.trying(session):
        wish = form.get()
        recount = actions.ask(session, actor, delivery_form(session, wish.form), wish.year, now)
        return redirect(f"/pekerjaan/{recount.job_public_id}")
    return _list(request, session, actor, now, form)


@router.get(RECOUNT)
def preview(
    request: Request, session: DbSession, actor: SignedIn, recount: str, unit: str = "", halaman: int = 1
) -> Response:
    found = recount_for(session, actor, recount)
    chosen = unit_for(session, actor, unit) if unit else None
    return render(
        request,
        "recounts/recount.html",
        recount=found,
        at_work=at_work(session, found),
        sums=sums(session, found),
        by_unit=sums_by_unit(session, found),
        unit=chosen,
        page=changes(session, found, chosen, halaman),
        states=STATES,
    )


@router.post(RECOUNT + "/tulis")
def write(session: DbSession, actor: SignedIn, recount: str, now: Now) -> Response:
    found = recount_for(session, actor, recount)
    actions.confirm(session, actor, found, now)
    return redirect(f"/pekerjaan/{found.job_public_id}")


@router.post(RECOUNT + "/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, recount: str, form: FileForm, now: Now) -> Response:
    found, wish = recount_for(session, actor, recount), form.get()
    whole = sums(session, found)
    size, here = Size(whole.lines, whole.people), f"{PLACE}/{recount}"
    if not may_leave(request, session, actor, form, size, now):
        return ask(request, form, size, action=f"{here}/unduh", back=here, kept={})
    told = {"format": wish.format, "rows": size.rows}
    record(session, actor, "recount.exported", found, after=told, reason=wish.reason)
    columns = [Column(each.key, _(each.label), each.kind) for each in COLUMNS]
    chunks = chunks_as(wish.format, columns, every_change(request.app.state.database.read, found.id), "Hitung ulang")
    return as_file(chunks, f"hitung-ulang-{found.form_code}-{found.year}-{wib_date(now)}", wish.format)


def _list(
    request: Request,
    session: Session,
    actor: Actor,
    now: Now,
    form: Submitted[RecountWish] | None = None,
    bentuk: str = "",
) -> Response:
    today = wib_date(now)
    return render(
        request,
        "recounts/recounts.html",
        status=422 if form else 200,
        recounts=recounts(session, actor),
        forms=[(each.code, each.name) for each in delivery_forms(session)],
        chosen=bentuk,
        years=[(str(year), str(year)) for year in range(today.year, open_since(today).year - 1, -1)],
        states=STATES,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
