"""Rules of classes. Pure."""

import calendar
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import N_, _, format_date
from elearn.learning.cohorts.forms import CohortWish
from elearn.learning.cohorts.models import Cohort
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.rules import Effort, jp_earned

# Why nominations are refused; an admin may add words of his or her own.
REFUSALS = {
    "audience": N_("Bukan sasaran pelatihan ini."),
    "full": N_("Kuota unit kerja Anda sudah terpenuhi."),
    "documents": N_("Syarat peserta belum lengkap."),
    "before": N_("Sudah pernah mengikuti pelatihan yang sama."),
    "busy": N_("Mengikuti kegiatan lain pada tanggal yang sama."),
}
_NEXT = {
    "draft": ("open", "cancelled"),
    "open": ("finished", "cancelled"),
    "finished": ("open",),
    "cancelled": (),
}


class ClassClosed(Conflict):
    """The class takes nobody in."""


@dataclass(frozen=True)
class Held:
    """The class in which somebody took a course: what certificate and JP account say of it.

    `by_day` are the minutes attended on each local day (WIB) and `sessions_by_day` the sessions, both empty for a class
    without sessions; `days` is how many days count: those attended, or all of the class where it has no sessions.
    `passed_by` is the organiser who decided that the learner passed.
    """

    participant_id: int
    form_code: str
    international: bool
    name: str
    organiser: str
    place: str
    starts_on: date
    ends_on: date
    by_day: dict[date, int]
    sessions_by_day: dict[date, int]
    days: int
    passed_by: int | None = None


def check_wish(wish: CohortWish) -> None:
    """Refuse dates in the wrong order and links that lead nowhere, each at its field."""
    wrong: dict[str, str] = {}
    if wish.ends_on < wish.starts_on:
        wrong["ends_on"] = _("Selesai sebelum mulai. Isi tanggal yang sama atau sesudahnya.")
    elif (wish.ends_on - wish.starts_on).days > 730:
        wrong["ends_on"] = _("Angkatan lebih dari dua tahun. Periksa tahunnya.")
    if wish.closes_on is not None and wish.closes_on > wish.ends_on:
        wrong["closes_on"] = _("Pendaftaran ditutup setelah angkatan selesai. Pilih tanggal sebelumnya.")
    if wish.due_on is not None and wish.due_on < wish.starts_on:
        wrong["due_on"] = _("Tenggat sebelum angkatan mulai. Pilih tanggal sesudahnya.")
    if wish.link and not wish.link.startswith(("https://", "http://")):
        wrong["link"] = _("Tautan dimulai dengan https://.")
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)


def check_quota(quota: int | None, joined: int) -> None:
    """Refuse fewer seats than are taken."""
    if quota is not None and quota < joined:
        sentence = _("Sudah ada %(n)s peserta. Isi paling sedikit %(n)s, atau keluarkan peserta dahulu.", n=joined)
        raise Invalid(sentence, {"quota": sentence})


def check_open(cohort: Cohort, today: date) -> None:
    """Refuse a class that is not open, or whose last day to join has passed."""
    if cohort.state != "open":
        raise ClassClosed(_("Angkatan ini tidak dibuka. Pilih angkatan lain."))
    last = cohort.closes_on or cohort.ends_on
    if today > last:
        raise ClassClosed(_("Pendaftaran angkatan ini ditutup pada %(day)s.", day=format_date(last)))


def check_held(cohort: Cohort, basis: str, today: date) -> None:
    """Refuse to let pass before the class was held; `basis` is that of its form's rule.

    What counts days or time needs the last day, unless sessions tell who was there: days to come count for nobody.
    """
    if today < cohort.starts_on:
        first = format_date(cohort.starts_on)
        raise Conflict(_("Angkatan ini baru mulai %(day)s. Tetapkan kelulusan sesudahnya.", day=first))
    if basis in ("day", "time") and not cohort.sessions and today < cohort.ends_on:
        raise Conflict(
            _(
                "JP bentuk ini dihitung per hari. Tetapkan kelulusan pada hari terakhir, %(day)s, atau catat sesinya.",
                day=format_date(cohort.ends_on),
            )
        )


def check_next(cohort: Cohort, state: str) -> None:
    """Refuse a step that a class in this state cannot take."""
    if state not in _NEXT[cohort.state]:
        raise Conflict(_("Keadaan angkatan sudah berubah. Muat ulang halaman ini."))


def seats_left(quota: int | None, joined: int) -> int | None:
    """Free seats; None without a limit."""
    return None if quota is None else max(0, quota - joined)


def blockers(attendance: int | None, least: int, exams: Sequence[str], steps: int) -> list[str]:
    """What keeps somebody from passing, a sentence each.

    `attendance` in percent, None without sessions; `exams` are titles not passed, `steps` other activities not done.
    """
    found = []
    if attendance is not None and attendance < least:
        found.append(_("Kehadiran %(is)s %% dari paling sedikit %(least)s %%", **{"is": attendance, "least": least}))
    found += [_("%(title)s belum lulus", title=title) for title in exams]
    if steps:
        found.append(_("%(n)s langkah wajib belum selesai", n=steps))
    return found


def class_jp(rule: FormRule, held: Held, course_minutes: int, minutes_per_jp: int) -> int | None:
    """JP that a class gives by its form's rule; None where the course's own JP count.

    A course without materials is worth the minutes attended. Source: PerLAN 10/2018, the table of forms.
    """
    if rule.basis not in ("day", "time") and course_minutes:
        return None
    times = times_counted(held.sessions_by_day, rule.times_a_month)
    effort = Effort(sum(held.by_day.values()), held.days, times, international=held.international)
    return jp_earned(rule, effort, minutes_per_jp)


def times_counted(sessions_by_day: Mapping[date, int], times_a_month: int | None) -> int:
    """How often something was done as its form counts it: once as a whole, or so many times in each month."""
    if times_a_month is None:
        return 1
    months: Counter[tuple[int, int]] = Counter()
    for day, sessions in sessions_by_day.items():
        months[day.year, day.month] += sessions
    return sum(min(times, times_a_month) for times in months.values())


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The weeks of a month from Monday on, with the days of its neighbours that fill them up."""
    return calendar.Calendar().monthdatescalendar(year, month)


def running(cohorts: Collection[Cohort], day: date) -> list[Cohort]:
    """Those of the classes that run on a day."""
    return [cohort for cohort in cohorts if cohort.starts_on <= day <= cohort.ends_on]


def shifted(day: date | None, days: int) -> date | None:
    """A day, so many days later."""
    return day + timedelta(days=days) if day is not None else None
