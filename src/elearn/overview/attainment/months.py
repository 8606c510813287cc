"""JP recognised month by month, in the units in which people then worked: twelve months up to the present one.

Summed from the account's lines while the page waits, or beforehand where there are many people, as in `queries`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session

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


def jp_by_month(session: Session, actor: Actor, today: date, *, beforehand: bool) -> Sequence[MonthlyJp]:
    """Twelve months, the oldest first; none at all where they are to be counted beforehand and are not yet.

    One statement.
    """
    actor.must(Permission.SEE_REPORTS)
    months = last_months(today)
    if beforehand:
        found = {row.month: row.jp for row in session.execute(_kept(actor, months[0]))}
    else:
        rows = session.execute(_lines(actor, months).with_only_columns(*_MONTH, _JP).group_by(*_MONTH))
        found = {date(year, int(month), 1): jp for year, month, jp in rows}
    return [MonthlyJp(month, int(found.get(month, 0))) for month in months] if found or not beforehand else []


def jp_by_month_and_unit(session: Session, actor: Actor, today: date) -> list[tuple[date, int | None, int]]:
    """The same by the very unit, without what is nothing: to be kept."""
    actor.must(Permission.SEE_REPORTS)
    by = (*_MONTH, LedgerLine.unit_id)
    rows = session.execute(_lines(actor, last_months(today)).with_only_columns(*by, _JP).group_by(*by))
    return [(date(year, int(month), 1), unit_id, int(jp)) for year, month, unit_id, jp in rows if jp]


_MONTH = (LedgerLine.year, extract("month", LedgerLine.ended_on))
_JP = func.sum(LedgerLine.jp_recognised)


def _lines(actor: Actor, months: Sequence[date]) -> Select[*tuple[Any, ...]]:
    # The years lead to the lines by an index that begins with them; the last day alone would read them all.
    years = sorted({months[0].year, months[-1].year})
    lines = select(LedgerLine.id).where(LedgerLine.year.in_(years), LedgerLine.ended_on >= months[0])
    if not actor.everywhere:
        lines = lines.where(LedgerLine.unit_id.in_(select(Unit.id).where(unit_in_scope(actor))))
    return lines


def _kept(actor: Actor, first: date) -> Select[*tuple[date, int]]:
    kept = select(JpMonth.month, func.sum(JpMonth.jp).label("jp")).outerjoin(Unit, Unit.id == JpMonth.unit_id)
    return kept.where(JpMonth.month >= first, unit_in_scope(actor)).group_by(JpMonth.month)
