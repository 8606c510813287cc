"""The page of SIASN: what is ready, what would be refused and why, the bundles that were made."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.jobs.queries import jobs_named
from elearn.foundation.settings import settings
from elearn.foundation.tables import chunks_as
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size
from elearn.overview.handover.actions import note_refused_export
from elearn.overview.handover.forms import HandoverFileWish, HandoverWish
from elearn.overview.handover.queries import MOST_JUDGED, SHOWN, summary
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.queries import unit_for, units_in_scope
from elearn.standards.siasn import actions
from elearn.standards.siasn.files import CHANGES, told_columns, told_rows
from elearn.standards.siasn.queries import MOST_BY_HAND, Wanted, bundle_for, bundles, by_hand, entries, how_many
from elearn.standards.siasn.rules import check_office, judged

router = APIRouter()
PLACE = "/kelola/siasn"
YEARS_SHOWN = 3
FILTERS = tuple(HandoverWish.model_fields)
FileForm = Annotated[Submitted[HandoverFileWish], Depends(submitted(HandoverFileWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actor.must(Permission.EXCHANGE_RECORDS)
    asked = {name: request.query_params.get(name, "").replace("\x00", "").strip() for name in FILTERS}
    form = check(HandoverWish, asked)
    wanted = _wanted(session, actor, form.value or HandoverWish(), now)
    today, lines = wib_date(now), how_many(session, actor, wanted, most=MOST_JUDGED + 1)
    return render(
        request,
        "handover/handover.html",
        status=422 if form.errors else 200,
        found=summary(request.app.state.database.read, actor, wanted, today) if lines <= MOST_JUDGED else None,
        most=MOST_JUDGED,
        lines=lines,
        year=wanted.year,
        years=sorted({wanted.year, *range(today.year, today.year - YEARS_SHOWN, -1)}, reverse=True),
        units=units_in_scope(session, actor, closed=True),
        asked=asked,
        bundles=bundles(session, actor),
        changes=CHANGES,
        shown=SHOWN,
        missing=_missing_settings(),
        now=now,
        errors=form.errors,
        typed=asked if form.errors else {},
    )


@router.post(PLACE + "/paket")
def bundle(request: Request, session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    actor.must(Permission.EXCHANGE_RECORDS)
    wish, database = form.get(), request.app.state.database
    with database.read() as reading:
        wanted = _wanted(reading, actor, wish, now)
        lines = how_many(reading, actor, wanted)
    # Of a bundle that no page has judged the size is the most that it can be.
    size = Size(lines, lines)
    if lines <= MOST_JUDGED:
        size = summary(database.read, actor, wanted, wib_date(now)).leaving
    if not may_leave(request, session, actor, form, size, now):
        kept = {name: form.typed.get(name, "") for name in FILTERS}
        return ask(request, form, size, action=f"{PLACE}/paket", back=with_filters(PLACE, kept), kept=kept)
    job = actions.start_bundle(session, actor, wanted, now, wish.reason)
    return redirect(f"/pekerjaan/{job.public_id}")


@router.post(PLACE + "/ditolak")
def refused(request: Request, session: DbSession, actor: SignedIn, form: FileForm, now: Now) -> Response:
    actor.must(Permission.EXCHANGE_RECORDS)
    wish, database, today = form.get(), request.app.state.database, wib_date(now)
    with database.read() as reading:
        wanted = _wanted(reading, actor, wish, now)
        lines = how_many(reading, actor, wanted)
    size = summary(database.read, actor, wanted, today).waiting if lines <= MOST_JUDGED else Size(lines, lines)
    if not may_leave(request, session, actor, form, size, now):
        kept = {name: form.typed.get(name, "") for name in FILTERS}
        return ask(request, form, size, action=f"{PLACE}/ditolak", back=with_filters(PLACE, kept), kept=kept)
    note_refused_export(session, actor, wanted, wish.format, size, wish.reason)
    rows = told_rows(judged(entries(database.read, actor, wanted), today), "refused")
    chunks = chunks_as(wish.format, told_columns(), rows, _("Belum dapat dikirim"))
    return as_file(chunks, f"siasn-ditolak-{wanted.year}-{today}", wish.format)


@router.get(PLACE + "/paket/{bundle}")
def show_bundle(request: Request, session: DbSession, actor: SignedIn, bundle: str) -> Response:
    found = bundle_for(session, actor, bundle)
    job = jobs_named(session, [found.job_public_id], actor.me()).get(found.job_public_id)
    ready = job is not None and bool((job.result or {}).get("file"))
    rows = by_hand(session, actor, found)
    return render(request, "handover/bundle.html", bundle=found, job=job, ready=ready, rows=rows, most=MOST_BY_HAND)


@router.post(PLACE + "/paket/{bundle}/batal")
def withdraw(session: DbSession, actor: SignedIn, bundle: str) -> Response:
    actions.withdraw_bundle(session, actor, bundle)
    return redirect(f"{PLACE}/paket/{bundle}", _("Paket dibatalkan. Barisnya ikut lagi dalam paket berikutnya."))


@router.post(PLACE + "/paket/{bundle}/ulang")
def again(session: DbSession, actor: SignedIn, bundle: str) -> Response:
    count = actions.try_again(session, actor, bundle)
    said = _("%(n)s baris ikut lagi dalam pengiriman berikutnya.", n=count)
    return redirect(f"{PLACE}/paket/{bundle}", said)


def _wanted(session: Session, actor: Actor, wish: HandoverWish, now: datetime) -> Wanted:
    unit = unit_for(session, actor, wish.unit) if wish.unit else None
    return Wanted(wish.tahun or wib_date(now).year, unit)


def _missing_settings() -> str:
    """What stands in the way of every record, in words."""
    try:
        check_office(settings().siasn_instansi_id, settings().siasn_lokasi_id)
    except Refusal as refusal:
        return refusal.message
    return ""
