"""The database session of a request: one transaction, committed at the edge before the response leaves."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


# Whoever has a writing connection finishes in a thread of these. In the threads of the handlers it would wait behind
# those who wait for its connection: with more writers at once than threads nothing would ever go on.
_finishing = CapacityLimiter(20)


async def request_session(request: Request) -> AsyncIterator[Session]:
    """A reading session for GET and HEAD, a writing one for the rest. Only this function commits for the web."""
    database: Database = request.app.state.database
    reading = request.method in SAFE_METHODS
    session = database.read() if reading else database.write()
    try:
        yield session
        if not reading:
            await to_thread.run_sync(session.commit, limiter=_finishing)
    finally:
        # A reading session has nothing to roll back, and a rollback on SQLite does no I/O.
        if reading or database.sqlite or not session.in_transaction():
            session.close()
        else:
            await to_thread.run_sync(session.close, limiter=_finishing)


async def writing_session(request: Request) -> AsyncIterator[Session]:
    """For pages that note something while they are shown, such as a lesson's first opening.

    It costs nothing until it is used; what was noted is committed before the response leaves.
    """
    database: Database = request.app.state.database
    session = database.write()
    try:
        yield session
        if session.in_transaction():
            await to_thread.run_sync(session.commit, limiter=_finishing)
    finally:
        session.close()


@contextmanager
def short_write(database: Database) -> Iterator[Session]:
    """One small transaction of its own, for what must be kept although the request only reads or is refused."""
    with database.write() as session:
        yield session
        session.commit()


async def request_time() -> datetime:
    """The moment that counts for the whole request."""
    return utc_now()


# "function" commits before the response leaves; FastAPI's default commits after it.
DbSession = Annotated[Session, Depends(request_session, scope="function")]
NotingSession = Annotated[Session, Depends(writing_session, scope="function")]
Now = Annotated[datetime, Depends(request_time)]
