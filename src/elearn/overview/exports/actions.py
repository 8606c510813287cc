"""Having a long workbook made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.i18n import _
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import jobs_of
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person

JOB = "exports.workbook"


@dataclass(frozen=True)
class Book:
    """A workbook that somebody asks for.

    `report` is a name in the registry, `asked` the words of the address, as JSON holds them. `about` tells what it is
    about; `back` is where it was asked for.
    """

    report: str
    asked: dict[str, Any]
    rows: int
    about: str
    name: str
    back: str


def have_made(session: Session, actor: Actor, book: Book, now: datetime, note: Callable[[], None]) -> Job:
    """Have it made; asked again while it is being made, the same job.

    `note` writes down what leaves, in the same transaction, unless that was done when the job was first asked for.
    """
    # Two clicks at once come one after the other.
    session.execute(select(Person.id).where(Person.id == actor.me()).with_for_update(key_share=True))
    for job in jobs_of(session, actor.me(), JOB):
        if not job.finished and (job.arguments["report"], job.arguments["asked"]) == (book.report, book.asked):
            return job
    note()
    return enqueue(
        session,
        kind=JOB,
        title=_("Berkas Excel %(what)s", what=book.about)[:200],
        owner_id=actor.me(),
        arguments={
            "report": book.report,
            "asked": book.asked,
            "rows": book.rows,
            "name": book.name,
            "back": book.back,
        },
        now=now,
        unit=_("baris"),
    )
