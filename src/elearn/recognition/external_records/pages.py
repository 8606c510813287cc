"""HTML face for the owner: file a certificate from elsewhere with the phone, and see what became of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.database import Database
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.foundation.web.uploads import Received, receive_file
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.recognition.external_records import actions
from elearn.recognition.external_records.forms import REASONS, RecordWish
from elearn.recognition.external_records.intake import ACCEPT, Evidence, look_into
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.external_records.queries import (
    evidence_file,
    evidence_page,
    my_record,
    my_records,
    twins_of,
)
from elearn.recognition.external_records.rules import LARGEST_FILE, MOST_FILES
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.delivery.models import DeliveryForm, FormRule
from elearn.teaching.delivery.queries import rules_on
from elearn.teaching.delivery.rules import in_words
from elearn.teaching.materials.receiving import answer_next, answer_refused

router = APIRouter()
WishForm = Annotated[Submitted[RecordWish], Depends(submitted(RecordWish))]
# What most certificates are of, so that nobody has to look through the whole table.
OFTEN = ("KL06", "KL07", "KL10", "KL11", "KL03", "NKL03")
HOME = "/capaian/luar"


@router.get(HOME)
def mine(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return render(request, "external_records/mine.html", records=my_records(session, actor))


@router.get(f"{HOME}/baru")
def new(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _new(request, session)


@router.post(HOME)
async def begin(request: Request, actor: SignedIn, now: Now) -> Response:
    use = partial(_begin, actor=actor, now=now)
    return await _with_file(request, lambda session: None, use, partial(_new, request))


@router.get(f"{HOME}/{{record}}")
def show(request: Request, session: DbSession, actor: SignedIn, record: str, now: Now) -> Response:
    found = my_record(session, actor, record)
    return _edit(request, session, actor, found, now) if found.owner_may_change else _told(request, found)


@router.post(f"{HOME}/{{record}}")
def file(request: Request, session: DbSession, actor: SignedIn, record: str, form: WishForm, now: Now) -> Response:
    my_record(session, actor, record)
    with form.trying(session):
        actions.describe(session, actor, record, form.get(), now)
    if not form.errors:
        # What was written down stays, also where it cannot be sent yet.
        with form.trying(session):
            actions.file(session, actor, record, form.get(), now)
    if form.errors:
        return _edit(request, session, actor, my_record(session, actor, record), now, form)
    return redirect(f"{HOME}/{record}", _("Terkirim. Keputusan petugas tampak di halaman ini."))


@router.post(f"{HOME}/{{record}}/berkas")
async def add_file(request: Request, actor: SignedIn, record: str, now: Now) -> Response:
    def check(session: Session) -> None:
        my_record(session, actor, record)

    def use(session: Session, evidence: Evidence) -> tuple[str, str]:
        actions.add_file(session, actor, record, evidence)
        return f"{HOME}/{record}", _("Berkas ditambahkan.")

    def again(session: Session, errors: dict[str, str]) -> Response:
        return _edit(request, session, actor, my_record(session, actor, record), now, errors=errors)

    return await _with_file(request, check, use, again)


@router.post(f"{HOME}/{{record}}/berkas/{{file_id}}/hapus")
def remove_file(request: Request, actor: SignedIn, record: str, file_id: str) -> Response:
    _forget(request, lambda session: actions.remove_file(session, actor, record, file_id))
    return redirect(f"{HOME}/{record}", _("Berkas dihapus."))


@router.post(f"{HOME}/{{record}}/tarik")
def withdraw(session: DbSession, actor: SignedIn, record: str, now: Now) -> Response:
    actions.withdraw(session, actor, record, now)
    return redirect(f"{HOME}/{record}", _("Ditarik. Perbaiki, lalu kirim lagi."))


@router.post(f"{HOME}/{{record}}/hapus")
def discard(request: Request, actor: SignedIn, record: str) -> Response:
    _forget(request, lambda session: actions.discard(session, actor, record))
    return redirect(HOME, _("Konsep dihapus."))


@router.get("/bukti/{evidence}")
def download(request: Request, session: DbSession, actor: SignedIn, evidence: str) -> Response:
    found = evidence_file(session, actor, evidence)
    return file_response(
        request,
        store(),
        found.storage_key,
        size=found.size,
        media_type=found.media_type,
        file_name=found.name,
        inline=True,
        etag=found.public_id,
    )


@router.get("/bukti/{evidence}/{number}")
def picture(request: Request, session: DbSession, actor: SignedIn, evidence: str, number: int) -> Response:
    page = evidence_page(session, actor, evidence, number)
    return file_response(
        request,
        store(),
        page.storage_key,
        size=store().size(page.storage_key),
        media_type="image/webp",
        file_name=f"{number}.webp",
        inline=True,
        etag=f"{evidence}-{number}",
    )


def _begin(session: Session, evidence: Evidence, *, actor: Actor, now: datetime) -> tuple[str, str]:
    draft = actions.begin(session, actor, evidence, now)
    return f"{HOME}/{draft.public_id}", _("Berkas tersimpan. Sekarang isi yang tertulis di sertifikat.")


async def _with_file(
    request: Request,
    check: Callable[[Session], None],
    use: Callable[[Session, Evidence], tuple[str, str]],
    again: Callable[[Session, dict[str, str]], Response],
) -> Response:
    """Receive the form's file without a transaction, look into it, and keep it in a short one."""
    database: Database = request.app.state.database
    await run_in_threadpool(_checked, database, check)
    try:
        received = await receive_file(request, store(), limit=LARGEST_FILE)
        path, said = await run_in_threadpool(_used, database, received, use)
    except Invalid as refused:
        return await answer_refused(request, refused, again)
    return answer_next(request, path, said)


def _checked(database: Database, check: Callable[[Session], None]) -> None:
    with database.read() as session:
        check(session)


def _used(
    database: Database, received: Received, use: Callable[[Session, Evidence], tuple[str, str]]
) -> tuple[str, str]:
    evidence = look_into(store(), received.key, received.name, received.size, received.sha256)
    try:
        with short_write(database) as session:
            return use(session, evidence)
    except BaseException:
        for key in evidence.keys:
            store().delete(key)
        raise


def _forget(request: Request, take_out: Callable[[Session], list[str]]) -> None:
    # A transaction of its own: the stored bytes go only after it was committed.
    with short_write(request.app.state.database) as session:
        keys = take_out(session)
    for key in keys:
        store().delete(key)


def _new(request: Request, session: Session, errors: dict[str, str] | None = None) -> Response:
    return render(
        request,
        "external_records/new.html",
        status=422 if errors else 200,
        accept=ACCEPT,
        limit=LARGEST_FILE,
        errors=errors or {},
    )


def _edit(
    request: Request,
    session: Session,
    actor: Actor,
    record: ExternalRecord,
    now: datetime,
    form: Submitted[RecordWish] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    table = rules_on(session, wib_date(now))
    found = form.errors if form else errors or {}
    return render(
        request,
        "external_records/edit.html",
        status=422 if found else 200,
        record=record,
        reasons=REASONS,
        forms=_grouped(table),
        worths=[(each.name, in_words(rule)) for each, rule in table],
        competencies=[(key, _(name)) for key, name in COMPETENCIES.items()],
        twins=twins_of(session, actor, record) if form or record.title else [],
        today=wib_date(now),
        accept=ACCEPT,
        limit=LARGEST_FILE,
        most_files=MOST_FILES,
        errors=found,
        typed=form.typed if form else {},
    )


def _told(request: Request, record: ExternalRecord) -> Response:
    return render(request, "external_records/told.html", record=record, reasons=REASONS)


def _grouped(table: list[tuple[DeliveryForm, FormRule]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The forms as a select shows them: the frequent ones first, then all."""
    named = {form.code: (form.code, form.name) for form, _rule in table}
    classical = [named[form.code] for form, _rule in table if form.classical]
    others = [named[form.code] for form, _rule in table if not form.classical]
    often = [named[code] for code in OFTEN if code in named]
    rest = [(_("Klasikal"), classical), (_("Nonklasikal"), others)]
    return [
        (_("Yang sering"), often),
        *((title, [pair for pair in pairs if pair not in often]) for title, pairs in rest),
    ]
