"""HTML faces of the import of people: choose a file, match columns, check, run, report."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.jobs.queries import job_for
from elearn.foundation.sheets import MAX_BYTES
from elearn.foundation.storage.current import store
from elearn.foundation.tables import MEDIA_TYPES
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import FormFields
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.uploads import Received, received_or_refused
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.imports import actions
from elearn.people.imports.columns import BY_KEY, FIELDS, ROLE, guessed
from elearn.people.imports.intake import brought_sheet, roll_of
from elearn.people.imports.models import Roster
from elearn.people.imports.queries import LATEST, my_rosters, remembered_mapping, roster_for
from elearn.people.imports.table import refused_table, template

router = APIRouter()

SHOWN = 100
PLACE = "/impor/pegawai"


async def _brought(request: Request, actor: SignedIn) -> Received | Refusal:
    actor.must(Permission.MANAGE_PEOPLE)
    return await received_or_refused(request, store(), limit=MAX_BYTES)


@router.get("/impor")
def imports(actor: SignedIn) -> Response:
    """People are all that can be imported; the shorter address leads there."""
    actor.must(Permission.MANAGE_PEOPLE)
    return redirect(PLACE)


@router.get(PLACE)
def choose(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _choice(request, session, actor)


@router.get(PLACE + "/templat")
def form_to_fill(actor: SignedIn) -> Response:
    actor.must(Permission.MANAGE_PEOPLE)
    return _download(template(), "templat-pegawai.xlsx")


@router.post(PLACE)
def bring(
    request: Request,
    brought: Annotated[Received | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    now: Now,
) -> Response:
    if isinstance(brought, Refusal):
        return _choice(request, session, actor, brought)
    try:
        key, sheet = brought_sheet(brought.key, brought.name)
    except Refusal as refusal:
        return _choice(request, session, actor, refusal)
    roster = actions.bring(session, actor, brought.name, key, sheet.headers, now)
    return redirect(f"{PLACE}/{roster.public_id}/{'periksa' if roster.mapping else 'kolom'}")


@router.get(PLACE + "/{roster}/kolom")
def columns(request: Request, roster: str, session: DbSession, actor: SignedIn) -> Response:
    found = roster_for(session, actor, roster)
    chosen = found.mapping or guessed(found.headers, remembered_mapping(session, actor, found.headers))
    return _columns(request, found, chosen, {})


@router.post(PLACE + "/{roster}/kolom")
def match(request: Request, roster: str, session: DbSession, actor: SignedIn, fields: FormFields) -> Response:
    found = roster_for(session, actor, roster)
    chosen = {key: str(fields.get(key, "")) for key in (*BY_KEY, ROLE)}
    try:
        actions.choose_columns(session, actor, found, chosen)
    except Invalid as refusal:
        return _columns(request, found, chosen, refusal.fields or {"": refusal.message})
    return redirect(f"{PLACE}/{roster}/periksa")


@router.get(PLACE + "/{roster}/periksa")
def look(request: Request, roster: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = roster_for(session, actor, roster)
    if found.mapping is None:
        return redirect(f"{PLACE}/{roster}/kolom")
    if found.state == "applied":
        return redirect(f"{PLACE}/{roster}")
    check = actions.check(session, actor, roll_of(found), now)
    unused = [header for header in found.headers if header not in found.mapping.values()]
    return render(request, "imports/check.html", roster=found, check=check, shown=SHOWN, fields=BY_KEY, unused=unused)


@router.post(PLACE + "/{roster}/jalankan")
def run(roster: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    job = actions.start(session, actor, roster_for(session, actor, roster), now)
    return redirect(f"/pekerjaan/{job}")


@router.get(PLACE + "/{roster}")
def report(request: Request, roster: str, session: DbSession, actor: SignedIn) -> Response:
    found = roster_for(session, actor, roster)
    if found.state == "applying" and found.job_public_id:
        job = job_for(session, found.job_public_id, actor.me())
        return redirect(f"{PLACE}/{roster}/periksa" if job.finished else f"/pekerjaan/{job.public_id}")
    if found.state != "applied":
        return redirect(f"{PLACE}/{roster}/periksa")
    noted = found.report or {"refused": [], "warnings": []}
    return render(request, "imports/report.html", roster=found, report=noted, shown=SHOWN)


@router.get(PLACE + "/{roster}/ditolak")
def refused(roster: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = roster_for(session, actor, roster)
    if found.state == "applied":
        rows = [(line, reasons, cells) for line, reasons, cells in (found.report or {}).get("refused", [])]
    else:
        check = actions.check(session, actor, roll_of(found), now)
        rows = [(row.number, row.reasons, row.cells) for row in check.refused]
    return _download(refused_table(found.headers, rows), f"ditolak-{_stem(found.file_name)}.xlsx")


def _choice(request: Request, session: Session, actor: Actor, refusal: Refusal | None = None) -> Response:
    errors = {"file": next(iter(refusal.fields.values()), refusal.message)} if refusal else {}
    return render(
        request,
        "imports/choose.html",
        status=422 if refusal else 200,
        rosters=my_rosters(session, actor, LATEST).rows,
        errors=errors,
    )


def _columns(request: Request, roster: Roster, chosen: dict[str, Any], errors: dict[str, str]) -> Response:
    return render(
        request,
        "imports/columns.html",
        status=422 if errors else 200,
        roster=roster,
        fields=FIELDS,
        chosen=chosen,
        errors=errors,
    )


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0][:80]


def _download(chunks: Iterator[bytes], name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": content_disposition(name)}
    return StreamingResponse(chunks, media_type=MEDIA_TYPES["xlsx"], headers=headers)
