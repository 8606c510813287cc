"""Attainment as a file; a long workbook by a job."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.database import SessionMaker
from elearn.foundation.i18n import _
from elearn.foundation.tables import Column
from elearn.overview.attainment.forms import AttainmentWish
from elearn.overview.attainment.queries import COLUMNS, AttainmentFilters, attainment, every_standing
from elearn.overview.attainment.rules import Tally, branches
from elearn.overview.exports.registry import Table
from elearn.people.access.actor import Actor
from elearn.people.organisation.queries import unit_for, units_in_scope
from elearn.recognition.learning_hours.rules import closing_day

UNITS = (
    Column("unit_kode", "unit_kode"),
    Column("unit", "unit"),
    Column("tahun", "tahun", "int"),
    Column("wajib", "wajib", "int"),
    Column("sudah_cukup", "sudah_cukup", "int"),
    Column("di_bawah_separuh", "di_bawah_separuh", "int"),
    Column("bagian_persen", "bagian_persen", "int"),
    Column("pppk", "pppk", "int"),
)


def units_table(session: Session, actor: Actor, filters: AttainmentFilters) -> Table:
    """The units of the page with the same numbers; nobody is named."""
    own, _counted_at = attainment(session, actor, filters)
    rows = [
        (unit.code if unit else None, unit.name if unit else _("Tanpa unit"), filters.year, *_numbers(tally))
        for unit, tally in branches(units_in_scope(session, actor, closed=True), own, filters.unit)
    ]
    return Table(UNITS, rows, "Unit")


def _numbers(tally: Tally) -> tuple[int | None, ...]:
    return tally.owing, tally.reached, tally.behind, tally.share, tally.others


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
    return AttainmentFilters(year, unit, wish.keadaan, closing_day(year, today), bool(wish.langsung))


def about(filters: AttainmentFilters) -> str:
    """What a file is about: `Capaian JP 2026, Dinas Pendidikan`."""
    year = _("Capaian JP %(year)s", year=filters.year)
    return f"{year}, {filters.unit.name}" if filters.unit else year
