"""Time as input: the present moment in UTC, days and years as they are counted in western Indonesia."""

from datetime import UTC, date, datetime, time, timedelta, timezone

# Western Indonesia has had one offset and no summer time since 1988; a fixed zone needs no zone database on the host.
WIB = timezone(timedelta(hours=7), "WIB")
# Whoever types the year 1 or 9999 means "ever"; the very first and last day have no moment in UTC before and after.
_FIRST, _LAST = date.min + timedelta(days=1), date.max - timedelta(days=1)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def wib_date(moment: datetime) -> date:
    """The calendar day in WIB on which a moment falls."""
    return moment.astimezone(WIB).date()


def start_of(day: date) -> datetime:
    """The first moment of a WIB day, in UTC."""
    return datetime.combine(max(day, _FIRST), time.min, WIB).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a WIB day, in UTC."""
    return start_of(min(day, _LAST) + timedelta(days=1))


def year_bounds(year: int) -> tuple[datetime, datetime]:
    """First moment of a WIB calendar year and first moment after it, in UTC."""
    return start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))
