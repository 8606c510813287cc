"""Rules of attempts: may one start, until when, does a late answer count, may the key be seen. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from elearn.activities.quizzes.models import Attempt, Quiz, QuizAllowance
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _, format_date
from elearn.teaching.questions.drafts import topic_within

ABBREVIATIONS = {"asn", "aupb", "opd", "plh", "plt", "ptun", "sop"}


class NoAttemptsLeft(Conflict):
    """All attempts are used."""


class QuizClosed(Conflict):
    """The attempt takes no more answers."""


class StillOpen(Conflict):
    """The attempt has no result yet."""


def check_may_start(quiz: Quiz, allowance: QuizAllowance | None, used: int) -> None:
    """Refuse when every attempt is used; 0 allowed attempts mean no limit."""
    allowed = attempts_allowed(quiz, allowance)
    if allowed and used >= allowed:
        raise NoAttemptsLeft(_("Semua percobaan sudah dipakai (%(n)s kali).", n=allowed))


def closed_words(closes_on: date | None, today: date) -> str:
    """Why nobody may start any more: the course's closing day has passed. Empty while it is open."""
    if closes_on is None or today <= closes_on:
        return ""
    return _("Pelatihan ditutup pada %(day)s. Kuis tidak dapat dimulai lagi.", day=format_date(closes_on))


def check_course_open(closes_on: date | None, today: date) -> None:
    """Refuse a start after the course's closing day; a running attempt goes on."""
    if words := closed_words(closes_on, today):
        raise QuizClosed(words)


def attempts_allowed(quiz: Quiz, allowance: QuizAllowance | None) -> int:
    """How often one may try; 0 = no limit."""
    extra = allowance.extra_attempts if allowance else 0
    return quiz.attempts_allowed + extra if quiz.attempts_allowed else 0


def deadline_of(quiz: Quiz, allowance: QuizAllowance | None, start: datetime) -> datetime | None:
    """The moment by which answers are due; None without a time limit."""
    if not quiz.time_limit:
        return None
    return start + timedelta(minutes=quiz.time_limit + (allowance.extra_minutes if allowance else 0))


def extended(quiz: Quiz, allowance: QuizAllowance, attempt: Attempt) -> datetime | None:
    """The deadline of a running attempt whose learner was given more time: never earlier; none stays none."""
    deadline = deadline_of(quiz, allowance, attempt.started_at)
    if attempt.deadline_at is None or deadline is None:
        return attempt.deadline_at
    return max(attempt.deadline_at, deadline)


def late_seconds(attempt: Attempt, now: datetime) -> int:
    """How late an answer is: 0 in time. Refuses one that comes after the grace for lost signals."""
    if not attempt.open:
        raise QuizClosed(_("Kuis ini sudah dikumpulkan. Jawaban yang tersimpan sudah dinilai."))
    if attempt.deadline_at is None or now <= attempt.deadline_at:
        return 0
    late = int((now - attempt.deadline_at).total_seconds())
    if late > attempt.grace_seconds:
        raise QuizClosed(_("Waktu kuis sudah habis. Jawaban yang tersimpan tetap dinilai."))
    return max(1, late)


def time_is_up(attempt: Attempt, now: datetime) -> bool:
    """Whether deadline and grace are both over, so that the clock may close the attempt."""
    if attempt.deadline_at is None:
        return False
    return now > attempt.deadline_at + timedelta(seconds=attempt.grace_seconds)


def released(attempt: Attempt, closes_passed: bool) -> bool:
    """Whether this learner may see keys and explanations of this attempt now."""
    if attempt.graded_at is None:
        return False
    match attempt.release:
        case "after_submit":
            return True
        case "after_pass":
            return bool(attempt.passed)
        case "after_close":
            return closes_passed
        case _:
            return False


def percent(points: Iterable[tuple[float, float]]) -> float:
    """Score from (points 0..1, weight) of every question; two decimals."""
    pairs = list(points)
    total = sum(weight for _points, weight in pairs)
    return round(100 * sum(earned * weight for earned, weight in pairs) / total, 2) if total else 0.0


def seed_of(attempt: Attempt, position: int) -> str:
    """The secret of one question in one attempt."""
    return f"{attempt.seed}:{position}"


def unsaved_quiz(activity_id: int) -> Quiz:
    """The rules of a quiz whose author has not saved any yet."""
    return Quiz(
        activity_id=activity_id,
        assessment="quiz",
        time_limit=0,
        attempts_allowed=0,
        pass_mark=70,
        release="after_submit",
        shuffle_questions=True,
        shuffle_options=True,
        grace_seconds=600,
        draws=[],
    )


def completion_of(assessment: str) -> str:
    """When a quiz counts as done: a pre-test when it is handed in, any other when it is passed."""
    return "handed_in" if assessment == "pretest" else "passed"


@dataclass(frozen=True)
class Draw:
    """So many questions at random from a bank (by row id); the topic takes in those below it."""

    bank: int
    topic: str
    count: int


def own_bank_id(draws: Sequence[Mapping[str, Any]]) -> int | None:
    """The bank that the quiz asks whole: its own, which the editor fills."""
    return next((int(draw["bank"]) for draw in draws if draw.get("all")), None)


def random_draws(draws: Sequence[Mapping[str, Any]]) -> list[Draw]:
    """What the quiz takes at random."""
    return [Draw(draw["bank"], draw.get("topic", ""), draw["count"]) for draw in draws if not draw.get("all")]


def standing_within(counts: Mapping[tuple[int, str], int], bank: int, topic: str) -> int:
    """How many questions of a bank stand in a topic and below it."""
    return sum(n for (place, name), n in counts.items() if place == bank and topic_within(name, topic))


def shortage(draws: Sequence[Draw], counts: Mapping[tuple[int, str], int]) -> int:
    """How many questions the draws miss. All draws from a topic and below it must find different ones."""
    missing = 0
    for draw in draws:
        below = (d.count for d in draws if d.bank == draw.bank and topic_within(d.topic, draw.topic))
        missing = max(missing, sum(below) - standing_within(counts, draw.bank, draw.topic))
    return missing


def topic_in_words(topic: str) -> str:
    """The first part of a topic as a heading: "upaya-administratif/banding" is "Upaya administratif"."""
    words = [word.upper() if word in ABBREVIATIONS else word for word in topic.split("/")[0].split("-")]
    heading = " ".join(words)
    return heading[:1].upper() + heading[1:]
