"""An upload from the request to the course: received without a transaction, kept in a short one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from elearn.foundation.database import Database
from elearn.foundation.storage.current import store
from elearn.foundation.web.session import short_write
from elearn.foundation.web.uploads import Received, receive_file
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.materials.actions import store_upload
from elearn.teaching.materials.intake import Upload, take_in
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.rules import upload_limit

FindCourse = Callable[[Session], Course]
# What becomes of the file; its answer is handed on.
Use = Callable[[Session, Course, Material, dict[str, str]], Any]


async def take_upload(request: Request, actor: Actor, now: datetime, find: FindCourse, use: Use) -> Any:
    """Receive the form's file for the course that `find` gives, keep it, and return what `use` makes of it.

    The right to it is checked before the first byte is stored and once more when it is kept. No transaction is open
    while bytes arrive or are looked into, so nobody waits for a big upload.
    """
    database: Database = request.app.state.database
    await run_in_threadpool(_check, database, find)
    received = await receive_file(request, store(), limit=upload_limit())
    return await run_in_threadpool(_keep, database, actor, now, received, find, use)


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
