"""An upload from the request to the course: received without a transaction, kept in a short one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from elearn.foundation.database import Database
from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.rendering import redirect
from elearn.foundation.web.session import short_write
from elearn.foundation.web.uploads import Received, receive_file, received_or_refused
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.materials.actions import store_upload
from elearn.teaching.materials.content import WrongKind
from elearn.teaching.materials.intake import Upload, take_in
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.rules import upload_limit

FindCourse = Callable[[Session], Course]
# What becomes of the file; its answer is handed on.
Use = Callable[[Session, Course, Material, dict[str, str]], Any]
# The form once more, with what is wrong by field.
ShowAgain = Callable[[Session, dict[str, str]], Response]


@dataclass(frozen=True)
class Brought:
    """A file that is stored and not kept yet, with the other fields of its form."""

    upload: Upload
    fields: dict[str, str]


async def brought(
    request: Request, check: Callable[[Session], object], kinds: Collection[str], otherwise: str
) -> Brought | Refusal:
    """Receive the form's file where only some `kinds` will do; else `otherwise` is said on the page shown again.

    `check` finds what the file is for, so that the right to it is known before the first byte is stored. As a
    dependency it reads the file before a database session is opened for the request.
    """
    await run_in_threadpool(_checked, request.app.state.database, check)
    received = await received_or_refused(request, store(), limit=upload_limit())
    if isinstance(received, Refusal):
        return received
    try:
        upload = await run_in_threadpool(take_in, store(), received.key, received.name, received.size, received.sha256)
    except WrongKind as wrong:
        return Invalid(_("Isi berkas ini %(what)s.", what=wrong.what) + " " + otherwise)
    except Invalid as wrong:
        return wrong
    if upload.kind not in kinds:
        await run_in_threadpool(store().delete, upload.key)
        return Invalid(otherwise)
    return Brought(upload, received.fields)


def _checked(database: Database, check: Callable[[Session], object]) -> None:
    with database.read() as session:
        check(session)


async def take_upload(request: Request, actor: Actor, now: datetime, find: FindCourse, use: Use) -> Any:
    """Receive the form's file for the course that `find` gives, keep it, and return what `use` makes of it.

    The right to it is checked before the first byte is stored and once more when it is kept. No transaction is open
    while bytes arrive or are looked into, so nobody waits for a big upload.
    """
    database: Database = request.app.state.database
    await run_in_threadpool(_check, database, find)
    received = await receive_file(request, store(), limit=upload_limit())
    return await run_in_threadpool(_keep, database, actor, now, received, find, use)


async def answer_upload(
    request: Request, actor: Actor, now: datetime, find: FindCourse, use: Use, show: ShowAgain
) -> Response:
    """The answer to an upload whose `use` tells where to go on and what to say there."""
    try:
        path, said = await take_upload(request, actor, now, find, use)
    except Invalid as refused:
        return await answer_refused(request, refused, show)
    return answer_next(request, path, said)


def answer_next(request: Request, path: str, said: str) -> Response:
    """Where an upload leads on, and what is said there; a script opens the address itself."""
    answer = redirect(path, said)
    if not wants_json(request):
        return answer
    told = JSONResponse({"next": path}, status_code=201)
    told.raw_headers += [header for header in answer.raw_headers if header[0] == b"set-cookie"]
    return told


async def answer_refused(request: Request, refused: Invalid, show: ShowAgain) -> Response:
    """Why a file was not taken: to a script as a sentence, else on the form's page."""
    if wants_json(request):
        return JSONResponse({"error": refused.message}, status_code=422)
    return await run_in_threadpool(_shown, request.app.state.database, refused, show)


def _shown(database: Database, refused: Invalid, show: ShowAgain) -> Response:
    with database.read() as session:
        return show(session, refused.fields or {"file": refused.message})


def wants_json(request: Request) -> bool:
    """Whether a script asked, which shows the answer itself."""
    return request.headers.get("accept", "").startswith("application/json")


def _check(database: Database, find: FindCourse) -> None:
    with database.read() as session:
        check_editable(find(session))


def _keep(database: Database, actor: Actor, now: datetime, received: Received, find: FindCourse, use: Use) -> Any:
    upload = take_in(store(), received.key, received.name, received.size, received.sha256)
    kept = ""
    try:
        with short_write(database) as session:
            course = find(session)
            material = store_upload(session, actor, course, upload, now)
            answer = use(session, course, material, received.fields)
            key = material.storage_key
        kept = key
        return answer
    finally:
        _drop_unless(kept, upload)


def _drop_unless(kept: str, upload: Upload) -> None:
    # Refused, or the course has the same file already.
    if kept != upload.key:
        store().delete(upload.key)
