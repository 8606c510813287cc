"""The database session of a request: one transaction, committed at the edge before the response leaves."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def request_session(request: Request) -> AsyncIterator[Session]:
    """A reading session for GET and HEAD, a writing one for the rest. Only this function commits for the web."""
    database: Database = request.app.state.database
    reading = request.method in SAFE_METHODS
    session = database.read() if reading else database.write()
    try:
        yield session
        if not reading:
            await run_in_threadpool(session.commit)
    finally:
        # Nothing happens here without an open transaction; a rollback on SQLite does no I/O.
        if session.in_transaction() and not database.sqlite:
            await run_in_threadpool(session.close)
        else:
            session.close()


async def request_time() -> datetime:
    """The moment that counts for the whole request."""
    return utc_now()


# "function" commits before the response leaves; FastAPI's default commits after it.
DbSession = Annotated[Session, Depends(request_session, scope="function")]
Now = Annotated[datetime, Depends(request_time)]
