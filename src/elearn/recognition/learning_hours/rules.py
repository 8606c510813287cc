"""What a year's account comes to, and what a line is worth. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.settings import JpRule
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.delivery.models import FormRule

# Days of a year after which its pace says something.
EARLIEST_FORECAST = 60


@dataclass(frozen=True)
class YearlyJp:
    """One person's account of a calendar year (WIB), against what the year's rule says.

    A PNS owes at least so many JP (PP 11/2017 article 203 paragraph 4); for PPPK at most so many are recognised
    (PP 49/2018 article 40 paragraph 1), and no least is set. `counted` is the sum of the lines' recognised JP,
    `a_day` the most that a day of e-learning gives at the year's end.
    """

    year: int
    earned: int
    counted: int
    asn_kind: str
    rule: JpRule
    a_day: int | None = None

    @property
    def owes(self) -> bool:
        return not self.asn_kind.startswith("PPPK")

    @property
    def target(self) -> int:
        """JP of a full ring: the least of a PNS, the most of a PPPK."""
        return self.rule.least_jp_pns if self.owes else self.rule.most_jp_pppk

    @property
    def missing(self) -> int:
        return max(0, self.target - self.recognised) if self.owes else 0

    @property
    def recognised(self) -> int:
        return self.counted if self.owes else min(self.counted, self.target)

    @property
    def days_at_least(self) -> int:
        """Days of e-learning that the missing JP take at best."""
        return -(-self.missing // self.a_day) if self.a_day else 0

    @property
    def lost(self) -> int:
        """JP that were earned and are not recognised."""
        return max(0, self.earned - self.recognised)


class AccountLine(NamedTuple):
    """A line as an account shows it: `form` is its form's name, `basis` and `most` are of its rule."""

    id: int
    public_id: str
    corrects_id: int | None
    title: str
    organiser: str
    evidence: str
    reason: str
    ended_on: date
    competency: str
    jp_earned: int
    jp_recognised: int
    form: str
    basis: str
    most: int | None

    @property
    def lost_to_a_day(self) -> bool:
        """Whether the most that counts on a day took JP; a correction tells its own reason."""
        return self.basis == "daily" and self.corrects_id is None and self.jp_recognised < self.jp_earned


def closing_day(year: int, today: date) -> date | None:
    """The last day of a past year, on which everybody stands where he or she worked then; None for the others."""
    return date(year, 12, 31) if year < today.year else None


def forecast(jp: YearlyJp, today: date) -> int | None:
    """JP at the year's end if learning goes on as so far; None for other years, and too early in the year to say."""
    first = date(jp.year, 1, 1)
    passed = (today - first).days + 1
    if today.year != jp.year or passed < EARLIEST_FORECAST:
        return None
    return jp.recognised * ((date(jp.year, 12, 31) - first).days + 1) // passed


@dataclass(frozen=True)
class Earning:
    """What one undertaking earned, before the caps of its form; `days` are its minutes by local day (WIB)."""

    key: str
    source: str
    title: str
    organiser: str
    form_code: str
    competency: str
    started_on: date
    ended_on: date
    days: Mapping[date, int]
    jp: int
    rule: FormRule
    minutes_per_jp: int
    international: bool = False
    evidence: str = ""
    unit_id: int | None = None
    approved_by: int | None = None


def evenly(started_on: date, ended_on: date, minutes: int) -> dict[date, int]:
    """So many minutes over all days from the first to the last, as nobody knows on which they were learned."""
    count = (ended_on - started_on).days + 1
    share, rest = divmod(minutes, count)
    days = {started_on + timedelta(days=n): share + (n < rest) for n in range(count)}
    return {day: each for day, each in days.items() if each} or {ended_on: 0}


def spread(done: Mapping[date, int], whole: int, last: date) -> dict[date, int]:
    """Minutes of each local day of a course of `whole` minutes, from those of the activities done on each.

    What belongs to no activity that was done, such as one that has left the course since, counts on the last day.
    """
    days = dict(done)
    rest = whole - sum(days.values())
    if rest > 0:
        days[last] = days.get(last, 0) + rest
    return days


def by_competency(lines: Sequence[AccountLine]) -> dict[str, int]:
    """Recognised JP of each kind of competency, the largest first."""
    return _summed((line.competency, line.jp_recognised) for line in lines)


def by_form(lines: Sequence[AccountLine]) -> dict[str, int]:
    """The same of each form, by its name."""
    return _summed((line.form, line.jp_recognised) for line in lines)


def _summed(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums = Counter[str]()
    for name, jp in parts:
        sums[name] += jp
    return dict(sums.most_common())


def check_correction(recognised: int, most: int, jp: int, reason: str) -> None:
    """Refuse a correction without a reason, one that changes nothing, and more than the form's caps allow."""
    if not reason.strip():
        raise Invalid(_("Tulis alasan pembetulan."), {"reason": _("Tulis alasan pembetulan.")})
    if jp == recognised:
        sentence = _("JP yang diakui sudah %(jp)s. Tulis angka lain, atau kembali.", jp=jp)
        raise Invalid(sentence, {"jp": sentence})
    if jp > most:
        sentence = _("Menurut batas bentuk ini paling banyak %(jp)s JP dapat diakui.", jp=most)
        raise Invalid(sentence, {"jp": sentence})


def why_less(line: LedgerLine, corrections: Sequence[LedgerLine]) -> list[str]:
    """Why less of a line is recognised than it earned, in words; forms and rules of both are loaded."""
    if line.jp_earned and not line.jp_earned + sum(each.jp_earned for each in corrections):
        if line.source == "placement":
            return [_("Pengesahannya dibatalkan, jadi baris ini tidak dihitung lagi.")]
        return [_("Persetujuannya dibatalkan, jadi baris ini tidak dihitung lagi.")]
    said, rule, form = [], (corrections or [line])[-1].form_rule, line.form.name.lower()
    if any(each.lost for each in (line, *corrections)) and rule.times_a_month:
        said.append(_("Paling banyak %(n)s kali sebulan diakui untuk %(form)s.", n=rule.times_a_month, form=form))
    elif line.lost and rule.basis == "daily":
        most = _("Paling banyak %(most)s JP sehari diakui untuk %(form)s.", most=rule.jp, form=form)
        said += [most, _("Semua yang dipelajari dalam bentuk ini pada hari yang sama dihitung bersama.")]
    if any("#" in each.key for each in corrections):
        said.append(_("Petugas membetulkannya. Alasannya ada di bawah."))
    return said


def check_still_earned(line: LedgerLine, earned: int) -> None:
    """Refuse a line that earns nothing any more: its approval was taken back."""
    if line.jp_earned and not earned:
        sentence = _("Persetujuan ini dibatalkan, jadi tidak ada JP yang dapat diakui. Putuskan lagi pengajuannya.")
        if line.source == "placement":
            sentence = _("Pengesahan ini dibatalkan, jadi tidak ada JP yang dapat diakui. Sahkan lagi penempatannya.")
        raise Invalid(sentence, {"jp": sentence})


def has_cap(rule: FormRule) -> bool:
    """Whether a day or a month limits what counts of the form."""
    return rule.basis == "daily" or rule.times_a_month is not None


def filled(limits: Mapping[date, int], minutes: int) -> dict[date, int]:
    """So many minutes laid into the days, the first ones first, each up to its limit."""
    laid: dict[date, int] = {}
    for day in sorted(limits):
        laid[day] = min(limits[day], minutes - sum(laid.values()))
    return laid
