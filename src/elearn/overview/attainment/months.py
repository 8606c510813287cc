"""JP recognised month by month, in the units in which people then worked: twelve months up to the present one.

Summed from the account's lines while the page waits, or beforehand where there are many people, as in `queries`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from elearn.overview.attainment.models import JpMonth
from elearn.overview.attainment.rules import last_months
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_in_scope
from elearn.recognition.learning_hours.models import LedgerLine


class MonthlyJp(NamedTuple):
    """JP of one month; `month` is its first day."""

    month: date
    jp: int


def jp_by_month(
    session: Session, actor: Actor, months: Sequence[date], unit: Unit | None = None, *, beforehand: bool
) -> Sequence[MonthlyJp]:
    """Months, given by their first days, of a unit's subtree or of all that the actor looks after.

    None at all where they are to be counted beforehand and are not yet. One statement.
    """
    actor.must(Permission.SEE_REPORTS)
    if beforehand:
        found = {row.month: row.jp for row in session.execute(_kept(actor, months[0], unit))}
    else:
        found = _by_month(session.execute(_lines(actor, months[0], LedgerLine.ended_on, unit=unit)))
    return [MonthlyJp(month, int(found.get(month, 0))) for month in months] if found or not beforehand else []


def jp_by_month_and_unit(session: Session, actor: Actor, today: date) -> dict[tuple[date, int | None], int]:
    """The same by the first day of the month and the very unit: to be kept."""
    actor.must(Permission.SEE_REPORTS)
    rows = session.execute(_lines(actor, last_months(today)[0], LedgerLine.unit_id, LedgerLine.ended_on))
    by_unit: dict[int | None, list[tuple[date, int]]] = {}
    for unit_id, day, jp in rows:
        by_unit.setdefault(unit_id, []).append((day, jp))
    return {(month, unit): jp for unit, days in by_unit.items() for month, jp in _by_month(days).items()}


def _by_month(days: Iterable[Any]) -> dict[date, int]:
    found: dict[date, int] = {}
    for day, jp in days:
        month = day.replace(day=1)
        found[month] = found.get(month, 0) + int(jp)
    return found


def _lines(
    actor: Actor, first: date, *by: InstrumentedAttribute[Any], unit: Unit | None = None
) -> Select[*tuple[Any, ...]]:
    """Sums by day: an index alone has all that they need, and a few hundred days are soon put together."""
    lines = select(*by, func.sum(LedgerLine.jp_recognised)).where(LedgerLine.ended_on >= first).group_by(*by)
    if unit or not actor.everywhere:
        lines = lines.where(LedgerLine.unit_id.in_(select(Unit.id).where(*_places(actor, unit))))
    return lines


def _kept(actor: Actor, first: date, unit: Unit | None) -> Select[*tuple[date, int]]:
    kept = select(JpMonth.month, func.sum(JpMonth.jp).label("jp")).outerjoin(Unit, Unit.id == JpMonth.unit_id)
    return kept.where(JpMonth.month >= first, *_places(actor, unit)).group_by(JpMonth.month)


def _places(actor: Actor, unit: Unit | None) -> Sequence[ColumnElement[bool]]:
    """The conditions on Unit to be within the actor's reach, and below the unit that is asked for."""
    below = [Unit.path.startswith(unit.path, autoescape=True)] if unit else []
    return [unit_in_scope(actor), *below]
