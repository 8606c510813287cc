"""Lines of one person counted again, in the order in which they were written. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.recognition.learning_hours.rules import filled, has_cap
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.rules import (
    capped_by_month,
    capped_minutes,
    minutes_a_time,
    most_a_day,
    open_since,
    times_by_month,
)


@dataclass(frozen=True)
class Case:
    """A line as it stands, and what was learned: JP before any cap and minutes of each local day."""

    line_id: int
    rule: FormRule
    minutes_per_jp: int
    jp: int
    days: Mapping[date, int]
    earned: int
    recognised: int
    international: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a case is worth under its rule, and the minutes that then count on each local day."""

    case: Case
    recognised: int
    counted: Mapping[date, int]

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """JP earned and recognised, before and after."""
        return self.case.earned, self.case.jp, self.case.recognised, self.recognised

    @property
    def changes(self) -> bool:
        return (self.case.earned, self.case.recognised) != (self.case.jp, self.recognised)


def counted_again(
    cases: Sequence[Case], taken: Mapping[date, int], times: Mapping[date, int] = MappingProxyType({})
) -> list[Verdict]:
    """Each case under its rule, the earlier lines first, beside the minutes of days and the times of months that the
    person's other lines take."""
    now_taken, now_times, verdicts = Counter(taken), Counter(times), []
    for case in cases:
        a_time = minutes_a_time(case.rule, case.international, case.minutes_per_jp)
        if case.rule.times_a_month is not None:
            limits = capped_by_month(case.days, now_times, case.rule.times_a_month, a_time)
        else:
            limits = capped_minutes(
                case.days, now_taken, most_a_day(case.rule, case.international, case.minutes_per_jp)
            )
        room = sum(limits.values()) // case.minutes_per_jp
        recognised = min(case.jp, room) if has_cap(case.rule) else case.jp
        counted = filled(limits, recognised * case.minutes_per_jp)
        now_taken.update(counted)
        now_times.update(times_by_month(counted, a_time))
        verdicts.append(Verdict(case, recognised, counted))
    return verdicts


def check_year(year: int, today: date) -> None:
    """Refuse a year that is closed, or has not begun."""
    first = open_since(today)
    if year > today.year:
        sentence = _("Tahun %(year)s belum mulai.", year=year)
        raise Invalid(sentence, {"year": sentence})
    if year < first.year:
        closed = _("Tahun %(year)s sudah ditutup, jadi JP-nya tetap.", year=year)
        sentence = f"{closed} {_('Pilih tahun %(year)s.', year=first.year)}"
        raise Invalid(sentence, {"year": sentence})
