"""Rules of reviews: when a question comes back, how many a day. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from elearn.foundation.clock import start_of
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _

# Days. UX.md §4 asks for 2, 7 and 30; two more keep what has been remembered three times from fading within a year.
GAPS: Sequence[int] = (2, 7, 30, 90, 180)
A_DAY = 3
MINUTES = 2


class NotAskedNow(Conflict):
    """The question is not to be answered now."""


def first_day(completed_on: date) -> date:
    """The day on which the questions of a course are asked again for the first time."""
    return completed_on + timedelta(days=GAPS[0])


def ready_before(today: date) -> datetime:
    """The moment (UTC) before which a course must have been completed for its questions to be asked today."""
    return start_of(today - timedelta(days=GAPS[0] - 1))


def next_day(gap: int, right: bool, today: date) -> tuple[int, date | None]:
    """The gap before the next time, and the day of it; no day when the question is done.

    `gap` is the one that has just passed. A right answer leads to the next longer gap, which counts from the day of
    the answer, not from the day on which it was due: who comes late has remembered longer. A wrong one leads back to
    the first gap, so it always comes back sooner than a right one. Right over all gaps, and it is asked no more.

    Source: retrieval spread over days beats the same retrieval at once (Latimier, Peyre and Ramus 2021, g = 0.74);
    whether gaps grow or stay equal makes no difference (0.03). They grow here so that two minutes suffice for
    everything somebody has learned.
    """
    if not right:
        return 0, today + timedelta(days=GAPS[0])
    following = gap + 1
    if following >= len(GAPS):
        return gap, None
    return following, today + timedelta(days=GAPS[following])


def left_today(waiting: int, given: int) -> int:
    """How many questions are still asked today: at most three a day, whatever waits."""
    return max(0, min(waiting, A_DAY - given))


def check_day(given: int) -> None:
    """Refuse a fourth answer on one day."""
    if given >= A_DAY:
        raise NotAskedNow(_("Latihan hari ini sudah selesai. Kembali besok."))
