"""Handing attainment out as a file, which leaves a line in the audit each time; counting it beforehand."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.overview.attainment.models import AttainmentCount, JpMonth
from elearn.overview.attainment.months import jp_by_month_and_unit
from elearn.overview.attainment.queries import MANY, AttainmentFilters, how_many, tallies
from elearn.overview.exports.rules import Format, Size, check_fits, check_reason
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.recognition.learning_hours.rules import closing_day


def note_export(
    session: Session, actor: Actor, filters: AttainmentFilters, form: Format, size: Size, reason: str = ""
) -> None:
    """Write down who takes what, before the first byte leaves."""
    actor.must(Permission.SEE_REPORTS)
    check_fits(form, size.rows)
    check_reason(size.people, reason)
    unit = filters.unit.code if filters.unit else None
    taken = {"format": form, "year": filters.year, "unit": unit, "state": filters.state or None, **size._asdict()}
    record(session, actor, "attainment.exported", "attainment", after=taken, reason=reason)


def count_beforehand(session: Session, actor: Actor, year: int, now: datetime) -> None:
    """Keep how every unit stands in a year, where there are more people than a page counts; else nothing is kept."""
    actor.must(Permission.SEE_REPORTS)
    filters = AttainmentFilters(year, stood_on=closing_day(year, wib_date(now)))
    many = how_many(session, actor, filters, most=MANY + 1) > MANY
    found = tallies(session, actor, filters) if many else {}
    session.execute(delete(AttainmentCount).where(AttainmentCount.year == year))
    session.add_all(
        AttainmentCount(year=year, unit_id=unit_id, counted_at=now, **tally._asdict())
        for unit_id, tally in found.items()
    )
    session.flush()


def count_months_beforehand(session: Session, actor: Actor, now: datetime) -> None:
    """Keep the JP of the last twelve months of every unit, where there are more people than a page counts."""
    actor.must(Permission.SEE_REPORTS)
    today = wib_date(now)
    many = how_many(session, actor, AttainmentFilters(today.year), most=MANY + 1) > MANY
    found = jp_by_month_and_unit(session, actor, today) if many else {}
    session.execute(delete(JpMonth))
    session.add_all(JpMonth(month=month, unit_id=unit_id, jp=jp) for (month, unit_id), jp in found.items())
    session.flush()
