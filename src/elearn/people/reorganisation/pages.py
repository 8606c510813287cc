"""HTML faces of the import of units: choose a file, check, apply."""

from datetime import date
from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.sheets import MAX_BYTES, read_rows
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile
from elearn.foundation.tables import MEDIA_TYPES, Column, xlsx_chunks
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.uploads import Received, received_or_refused
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.reorganisation import actions
from elearn.people.reorganisation.queries import file_for
from elearn.people.reorganisation.roll import LABELS, Roll, read_roll

router = APIRouter()
PLACE = "/impor/unit"
SHOWN = 100
MOST_UNITS = 5_000
_EXAMPLE = ("DIK.SD9", "DIK", "SDN 9 Contoh", "SDN 9", "sekolah", "", "01-01-2026", "")


async def _brought(request: Request, actor: SignedIn) -> Received | Refusal:
    actor.must(Permission.MANAGE_UNITS)
    return await received_or_refused(request, store(), limit=MAX_BYTES)


@router.get(PLACE)
def choose(request: Request, actor: SignedIn) -> Response:
    actor.must(Permission.MANAGE_UNITS)
    return _choice(request)


@router.get(PLACE + "/templat")
def form_to_fill(actor: SignedIn) -> Response:
    actor.must(Permission.MANAGE_UNITS)
    columns = [Column(key, _(label)) for key, label in LABELS.items()]
    headers = {"Cache-Control": "no-store", "Content-Disposition": content_disposition("templat-unit.xlsx")}
    chunks = xlsx_chunks(columns, [_EXAMPLE], sheet="Unit")
    return StreamingResponse(chunks, media_type=MEDIA_TYPES["xlsx"], headers=headers)


@router.post(PLACE)
def bring(
    request: Request,
    brought: Annotated[Received | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    now: Now,
) -> Response:
    if isinstance(brought, Refusal):
        return _choice(request, brought)
    try:
        _roll(brought.key, brought.name, wib_date(now))
    except Refusal as refusal:
        store().delete(brought.key)
        return _choice(request, refusal)
    file = actions.bring(session, actor, brought.name, brought.key, now)
    return redirect(f"{PLACE}/{file.public_id}")


@router.get(PLACE + "/{unit_file}")
def look(request: Request, unit_file: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    file = file_for(session, actor, unit_file)
    plan = None
    if file.applied_at is None:
        plan = actions.check(session, actor, _roll(file.storage_key, file.file_name, wib_date(now)))
    return render(request, "reorganisation/plan.html", file=file, plan=plan, labels=LABELS, shown=SHOWN)


@router.post(PLACE + "/{unit_file}/jalankan")
def run(unit_file: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    file = file_for(session, actor, unit_file)
    roll = _roll(file.storage_key, file.file_name, wib_date(now))
    actions.apply_file(session, actor, file, roll, now)
    return redirect(f"{PLACE}/{unit_file}", _("Susunan unit disimpan."))


def _roll(key: str, name: str, today: date) -> Roll:
    try:
        sheet = read_rows(BytesIO(store().read(key)), name, max_rows=MOST_UNITS)
    except MissingFile as gone:
        raise Invalid(_("Berkas ini sudah dihapus. Unggah lagi.")) from gone
    if not sheet.rows:
        raise Invalid(_("Berkas ini hanya berisi judul kolom. Isi paling sedikit satu baris."))
    return read_roll(sheet, today)


def _choice(request: Request, refusal: Refusal | None = None) -> Response:
    errors = {"file": next(iter(refusal.fields.values()), refusal.message)} if refusal else {}
    return render(request, "reorganisation/choose.html", status=422 if refusal else 200, errors=errors)
