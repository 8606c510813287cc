"""Attainment as a file; a long workbook by a job."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.database import SessionMaker
from elearn.foundation.i18n import _
from elearn.overview.attainment.forms import AttainmentWish
from elearn.overview.attainment.queries import COLUMNS, AttainmentFilters, every_standing
from elearn.overview.exports.registry import Table
from elearn.people.access.actor import Actor
from elearn.people.organisation.queries import unit_for
from elearn.recognition.learning_hours.rules import closing_day


def standings_table(sessions: SessionMaker, actor: Actor, filters: AttainmentFilters) -> Table:
    """The rows of a file."""
    return Table(COLUMNS, every_standing(sessions, actor, filters), "Capaian JP")


def attainment_book(sessions: SessionMaker, actor: Actor, asked: dict[str, Any]) -> Table:
    """The same for a job, by the words of an AttainmentWish that names its year."""
    with sessions() as session:
        filters = wished(session, actor, AttainmentWish.model_validate(asked), wib_date(utc_now()))
    return standings_table(sessions, actor, filters)


def wished(session: Session, actor: Actor, wish: AttainmentWish, today: date) -> AttainmentFilters:
    """The filters, of the present year where none is asked for. NotFound for a unit that the actor cannot see."""
    unit = unit_for(session, actor, wish.unit) if wish.unit else None
    year = wish.tahun or today.year
    return AttainmentFilters(year, unit, wish.keadaan, closing_day(year, today))


def about(filters: AttainmentFilters) -> str:
    """What a file is about: `Capaian JP 2026, Dinas Pendidikan`."""
    year = _("Capaian JP %(year)s", year=filters.year)
    return f"{year}, {filters.unit.name}" if filters.unit else year
