"""Rules of sessions and attendance. Pure."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date, format_time
from elearn.foundation.ids import clean_code, code_from
from elearn.learning.attendance.forms import SessionWish
from elearn.learning.attendance.models import ClassSession
from elearn.learning.cohorts.models import Cohort

OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(minutes=30)
STEP = timedelta(seconds=30)
# A projector's clock, or that of who types the code, may be wrong by so much.
DRIFT = timedelta(minutes=5)


class NotNow(Conflict):
    """Nobody can check in at this moment."""


def moment(day: date, at: time) -> datetime:
    """A local time (WIB) of a day, in UTC."""
    return datetime.combine(day, at, WIB).astimezone(UTC)


def check_session(cohort: Cohort, wish: SessionWish) -> None:
    """Refuse a session that ends before it starts or lies outside the class's days, each at its field."""
    wrong: dict[str, str] = {}
    if wish.ends <= wish.starts:
        wrong["ends"] = _("Selesai sebelum mulai. Isi jam sesudahnya.")
    if not cohort.starts_on <= wish.day <= cohort.ends_on:
        wrong["day"] = _(
            "Di luar tanggal angkatan, %(first)s sampai %(last)s. Ubah tanggalnya.",
            first=format_date(cohort.starts_on),
            last=format_date(cohort.ends_on),
        )
    if wish.link and not wish.link.startswith(("https://", "http://")):
        wrong["link"] = _("Tautan dimulai dengan https://.")
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)


def outside(cohort: Cohort, sessions: Iterable[ClassSession]) -> list[ClassSession]:
    """Sessions that are not within the class's days."""
    return [each for each in sessions if not cohort.starts_on <= wib_date(each.starts_at) <= cohort.ends_on]


def opens_at(meeting: ClassSession) -> datetime:
    """From when on people check in."""
    return meeting.starts_at - OPENS_BEFORE


def closes_at(meeting: ClassSession) -> datetime:
    """Until when people check in."""
    return meeting.ends_at + CLOSES_AFTER


def is_open(meeting: ClassSession, now: datetime) -> bool:
    """Whether people may check in by themselves."""
    return opens_at(meeting) <= now <= closes_at(meeting)


def check_now(meeting: ClassSession, now: datetime) -> None:
    """Refuse to check in too early or too late, and say when it is possible."""
    if now < opens_at(meeting):
        raise NotNow(
            _(
                "Presensi dibuka 15 menit sebelum sesi: %(day)s pukul %(time)s WIB.",
                day=format_date(opens_at(meeting)),
                time=format_time(opens_at(meeting)),
            )
        )
    if now > closes_at(meeting):
        raise NotNow(
            _(
                "Presensi sudah ditutup pukul %(time)s WIB. Minta penyelenggara mencatat Anda.",
                time=format_time(closes_at(meeting)),
            )
        )


def check_day_came(meeting: ClassSession, now: datetime) -> None:
    """Refuse to note who was at a session of a day (WIB) that is still to come: such days count for nobody."""
    if wib_date(meeting.starts_at) > wib_date(now):
        day = format_date(meeting.starts_at)
        raise NotNow(_("Sesi ini baru berlangsung pada %(day)s. Catat kehadiran pada hari itu.", day=day))


def step_of(now: datetime) -> int:
    """The half minute in which a moment lies."""
    return int(now.timestamp()) // int(STEP.total_seconds())


def code_at(key: str, meeting: ClassSession, step: int) -> str:
    """The code that is shown in a step, such as `7F3K-9Q`: 30 bits of an HMAC, too many to guess in half an hour."""
    said = f"attendance:{meeting.nonce}:{step}".encode()
    digest = hmac.new(key.encode(), said, hashlib.sha256).digest()
    return code_from(int.from_bytes(digest[:4]), 2, 3)


def code_fits(key: str, meeting: ClassSession, typed: str, now: datetime) -> bool:
    """Whether a code is one that is shown now, or was or will be within five minutes."""
    given = clean_code(typed).encode()
    drift = int(DRIFT / STEP)
    here = step_of(now)
    fits = False
    for step in range(here - drift, here + drift + 1):
        # All are compared, so that the time taken tells nothing.
        fits |= hmac.compare_digest(clean_code(code_at(key, meeting, step)).encode(), given)
    return fits


class Attended(NamedTuple):
    """A session somebody was at, as it counts."""

    starts_at: datetime
    ends_at: datetime


def by_day(attended: Iterable[Attended]) -> dict[date, tuple[int, int]]:
    """Minutes and number of sessions on each local day (WIB); time that two sessions share counts once."""
    days: dict[date, tuple[int, int]] = {}
    until: datetime | None = None
    for each in sorted(attended):
        starts = each.starts_at if until is None else max(each.starts_at, until)
        minutes = max(0, int((each.ends_at - starts).total_seconds()) // 60)
        until = each.ends_at if until is None else max(until, each.ends_at)
        day = wib_date(each.starts_at)
        had, n = days.get(day, (0, 0))
        days[day] = (had + minutes, n + 1)
    return days
