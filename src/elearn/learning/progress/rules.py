"""When an activity is done, and when a course is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from elearn.foundation.i18n import _
from elearn.teaching.courses.models import Activity

# A browser reports every 15 seconds; a report never earns more than this, whatever it claims.
LONGEST_REPORT = timedelta(minutes=5)

# Without JavaScript nothing reports; pressing "Selesai" after reading counts the time since opening, up to this.
LONGEST_SILENCE = timedelta(minutes=45)


class Outlined(NamedTuple):
    """An activity as a line of its course's outline; the names are those of Activity."""

    id: int
    public_id: str
    module_id: int
    kind: str
    title: str
    minutes: int
    required: bool
    completion: str
    least_seconds: int
    size: int


class Standing(NamedTuple):
    """How far one learner is in an activity, as an outline tells it."""

    place: float
    score: float | None
    completed: bool


@dataclass(frozen=True)
class Evidence:
    """What a kind saw a learner do. Seconds are the browser's claim; the server bounds them by its own clock."""

    seconds: int = 0
    seen_to_end: bool = False
    exercise_saved: bool = False
    handed_in: bool = False
    passed: bool = False
    score: float | None = None
    place: float | None = None


def earned_seconds(claimed: int, last_seen_at: datetime, now: datetime) -> int:
    """Claimed active seconds, at most the time that has really passed: two tabs do not count twice."""
    passed = min(now - last_seen_at, LONGEST_REPORT)
    return max(0, min(claimed, int(passed.total_seconds())))


def silent_seconds(last_seen_at: datetime, now: datetime) -> int:
    """Time since the last report, for a browser that sends none."""
    return max(0, int(min(now - last_seen_at, LONGEST_SILENCE).total_seconds()))


class Known(Protocol):
    """What was kept of a learner's work in an activity: the first time, or of a renewal."""

    @property
    def active_seconds(self) -> int: ...
    @property
    def seen_to_end_at(self) -> datetime | None: ...
    @property
    def exercise_saved_at(self) -> datetime | None: ...


def rule_met(activity: Activity | Outlined, progress: Known, evidence: Evidence) -> bool:
    """Whether the activity's completion rule is met by what is known now."""
    match activity.completion:
        case "exercise":
            return progress.exercise_saved_at is not None
        case "handed_in":
            return evidence.handed_in
        case "passed":
            return evidence.passed
        case _:
            return progress.seen_to_end_at is not None and progress.active_seconds >= activity.least_seconds


def rule_in_words(activity: Activity | Outlined) -> str:
    """The completion rule as a learner reads it."""
    match activity.completion:
        case "exercise":
            return _("Selesai bila jawaban latihan Anda tersimpan.")
        case "handed_in":
            return _("Selesai bila dikumpulkan, berapa pun nilainya.")
        case "passed":
            return _("Selesai bila Anda lulus.")
        case _ if activity.least_seconds >= 60:
            minutes = -(-activity.least_seconds // 60)
            return _("Selesai bila dibuka sampai akhir dan paling sedikit %(n)s menit.", n=minutes)
        case _ if activity.least_seconds:
            n = activity.least_seconds
            return _("Selesai bila dibuka sampai akhir dan paling sedikit %(n)s detik.", n=n)
        case _:
            return _("Selesai bila dibuka sampai akhir.")


def course_done(required: Iterable[Outlined], completed: set[int]) -> bool:
    """Whether every required activity is completed; a course without any is never done."""
    ids = {activity.id for activity in required}
    return bool(ids) and ids <= completed


def final_score(outline: Sequence[Outlined], scores: dict[int, float]) -> float | None:
    """The score of the course: that of the last graded activity in the outline, which is the post-test."""
    graded = [scores[activity.id] for activity in outline if activity.id in scores and activity.completion == "passed"]
    return graded[-1] if graded else None
