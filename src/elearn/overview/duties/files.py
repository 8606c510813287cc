"""Duties as a file; a long workbook by a job."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.database import SessionMaker
from elearn.learning.programmes.models import Programme
from elearn.learning.programmes.queries import programme_for
from elearn.overview.duties.forms import DutiesBook, DutiesWish
from elearn.overview.duties.queries import COLUMNS, DutyFilters, every_duty
from elearn.overview.exports.registry import Table
from elearn.people.access.actor import Actor
from elearn.people.organisation.queries import unit_for


def duties_table(sessions: SessionMaker, actor: Actor, filters: DutyFilters, today: date) -> Table:
    """The rows of a file; `today` decides who is late."""
    return Table(COLUMNS, every_duty(sessions, actor, filters, today), "Program")


def duties_book(sessions: SessionMaker, actor: Actor, asked: dict[str, Any]) -> Table:
    """The same for a job, by the words of a DutiesBook."""
    book = DutiesBook.model_validate(asked)
    with sessions() as session:
        filters = wished(session, actor, programme_for(session, actor, book.program), book)
    return duties_table(sessions, actor, filters, book.hari)


def wished(session: Session, actor: Actor, programme: Programme, wish: DutiesWish) -> DutyFilters:
    """The filters; NotFound for a unit that the actor does not look after."""
    unit = unit_for(session, actor, wish.unit) if wish.unit else None
    return DutyFilters(programme, unit, wish.keadaan, wish.tahun, bool(wish.langsung))


def about(filters: DutyFilters) -> str:
    """What a file is about: `Program Wajib 2026, Dinas Pendidikan`."""
    title = " ".join([filters.programme.title, *([str(filters.year)] if filters.year else [])])
    return f"{title}, {filters.unit.name}" if filters.unit else title
