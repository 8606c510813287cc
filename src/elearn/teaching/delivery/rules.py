"""How many JP a form gives for what was done. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _, format_date
from elearn.teaching.delivery.models import FormRule


@dataclass(frozen=True)
class Effort:
    """What was done in a form: minutes, days taken part, times it was done, or the JP that an officer states."""

    minutes: int = 0
    days: int = 0
    times: int = 0
    stated: int = 0
    international: bool = False


def in_force(rules: Sequence[FormRule], day: date) -> FormRule:
    """Of a form's rules, the earliest first, the one in force on a day; before the first one, that first one."""
    return next((rule for rule in reversed(rules) if rule.effective_from <= day), rules[0])


def jp_earned(rule: FormRule, effort: Effort, minutes_per_jp: int) -> int:
    """Whole JP before any cap of a day, a month or a year."""
    match rule.basis:
        case "day":
            return effort.days * worth(rule, effort.international)
        case "time":
            return effort.times * worth(rule, effort.international)
        case "stated":
            return effort.stated
        case _:
            return effort.minutes // minutes_per_jp


def worth(rule: FormRule, international: bool) -> int:
    """JP of one day or time; of daily forms the most that a day gives."""
    return (rule.jp_international if international else None) or rule.jp or 0


def most_jp(rule: FormRule, days: int, international: bool) -> int | None:
    """The most JP that one undertaking of so many local days can give; None where the form sets no limit."""
    match rule.basis:
        case "day" | "daily":
            return days * worth(rule, international)
        case "time":
            return worth(rule, international)
        case _:
            return None


def in_words(rule: FormRule) -> str:
    """How the form counts, at home and abroad, for those who fill in a certificate."""
    if rule.jp_international and rule.basis in ("day", "time", "daily"):
        return _("%(rule)s; internasional %(jp)s JP", rule=_at_home(rule), jp=rule.jp_international)
    return _at_home(rule)


def _at_home(rule: FormRule) -> str:
    match rule.basis:
        case "day":
            return _("1 hari = %(jp)s JP", jp=rule.jp)
        case "time" if rule.times_a_month:
            return _("1 kali = %(jp)s JP, paling banyak %(n)s kali sebulan", jp=rule.jp, n=rule.times_a_month)
        case "time":
            return _("1 kali = %(jp)s JP", jp=rule.jp)
        case "daily":
            return _("paling banyak %(jp)s JP sehari", jp=rule.jp)
        case _:
            return _("JP seperti pada sertifikat")


def jp_a_day(rule: FormRule, international: bool) -> int | None:
    """JP that count of the form on one local day; None without a daily cap."""
    return worth(rule, international) or None if rule.basis == "daily" else None


def most_a_day(rule: FormRule, international: bool, minutes_per_jp: int) -> int | None:
    """The same in minutes."""
    most = jp_a_day(rule, international)
    return most * minutes_per_jp if most else None


def minutes_a_time(rule: FormRule, international: bool, minutes_per_jp: int) -> int:
    """Minutes that stand for one time of a form that counts times."""
    return worth(rule, international) * minutes_per_jp


def times_by_month(by_day: Mapping[date, int], a_time: int) -> Counter[date]:
    """How many times of `a_time` minutes are in each calendar month, by its first day; part of one is one too."""
    times = Counter[date]()
    for day, minutes in by_day.items():
        times[day.replace(day=1)] += -(-minutes // a_time) if a_time else min(1, minutes)
    return times


def capped_by_month(by_day: Mapping[date, int], taken: Mapping[date, int], most: int, a_time: int) -> dict[date, int]:
    """Of the minutes of each local day those that still count, the first days first, when `taken` times already do.

    `taken` is by the first day of the calendar month; at most so many times of `a_time` minutes count in one, whatever
    each is worth.
    """
    used = Counter(taken)
    capped = {}
    for day in sorted(by_day):
        month = day.replace(day=1)
        capped[day] = min(by_day[day], max(0, most - used[month]) * a_time)
        used += times_by_month({day: capped[day]}, a_time)
    return capped


def capped_minutes(by_day: Mapping[date, int], counted: Mapping[date, int], most_a_day: int | None) -> dict[date, int]:
    """Of the minutes of each local day those that still count, when `counted` of the same day already do.

    `most_a_day` is in minutes; None for a form without a daily cap.
    """
    if most_a_day is None:
        return dict(by_day)
    return {day: max(0, min(minutes, most_a_day - counted.get(day, 0))) for day, minutes in by_day.items()}


BASES = {
    "programme": N_("Menurut menit program"),
    "day": N_("Per hari"),
    "time": N_("Per kali"),
    "daily": N_("Menurut menit, dengan batas sehari"),
    "stated": N_("Seperti pada sertifikat"),
}
"""The ways of counting, in the words of whoever sets a rule."""


def in_full(rule: FormRule) -> str:
    """How the form counts, for those who set the rule."""
    return _(BASES[rule.basis]) if rule.basis in ("programme", "stated") else in_words(rule)


def open_since(today: date) -> date:
    """The first day of the years that are not closed: this one, and the one before until the end of January.

    After that the year has been reported and its account stays as it is.
    """
    return date(today.year - (today.month == 1), 1, 1)


def closed_year(day: date | None, today: date) -> int | None:
    """The year of a day, where it is closed: whoever changes it all the same should know."""
    return day.year if day and day < open_since(today) else None


def check_version(versions: Sequence[FormRule], new: FormRule, today: date) -> None:
    """Refuse a version that cannot count, one that is no news, and one that would reach behind the others or into a
    closed year. `versions` are those there are, the earliest first."""
    wrong = _lacking(new)
    first = open_since(today)
    if new.effective_from < first:
        wrong["since"] = _(
            "Tahun %(year)s sudah ditutup. Pilih tanggal mulai %(day)s.",
            year=new.effective_from.year,
            day=format_date(first),
        )
    elif versions and new.effective_from <= versions[-1].effective_from:
        wrong["since"] = _(
            "Versi terakhir berlaku sejak %(day)s. Pilih tanggal sesudahnya.",
            day=format_date(versions[-1].effective_from),
        )
    if wrong:
        raise Invalid(_("Aturan ini belum dapat disimpan. Periksa isiannya."), wrong)
    if versions and _numbers(versions[-1]) == _numbers(new):
        raise Invalid(_("Aturan ini sama dengan yang sudah berlaku. Ubah angkanya, atau kembali."))


def _lacking(new: FormRule) -> dict[str, str]:
    wrong = {}
    counts_pieces = new.basis in ("day", "time", "daily")
    if counts_pieces and new.jp is None:
        wrong["jp"] = _("Isi berapa JP.")
    if not counts_pieces and new.jp is not None:
        wrong["jp"] = _("Cara hitung ini tanpa angka JP. Kosongkan.")
    if new.jp_international is not None and not counts_pieces:
        wrong["jp_abroad"] = _("Cara hitung ini tanpa angka JP. Kosongkan.")
    elif new.jp_international is not None and new.jp is not None and new.jp_international < new.jp:
        wrong["jp_abroad"] = _("Tidak boleh kurang dari yang nasional, yaitu %(jp)s JP.", jp=new.jp)
    if new.times_a_month is not None and new.basis != "time":
        wrong["times"] = _("Batas sebulan hanya untuk hitungan per kali. Kosongkan.")
    return wrong


def _numbers(rule: FormRule) -> tuple[str, int | None, int | None, int | None]:
    return rule.basis, rule.jp, rule.jp_international, rule.times_a_month
