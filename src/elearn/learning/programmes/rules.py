"""Days, moments and words of programmes. Pure."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date, ngettext
from elearn.learning.programmes.models import ACTIVE, CLOSED, DRAFT, MONTHS, YEAR, Programme

# Who comes in after the day that holds for everybody has this many days; so has who comes back.
GRACE_DAYS = 30
# A new term opens this long before what was completed lapses.
LEAD_DAYS = 60


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier if negative), or the month's last where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_due(due_on: date | None, due_days: int | None, entered_on: date) -> date | None:
    """Until when somebody who enters on this day owes it; None without a deadline."""
    if due_days is not None:
        return entered_on + timedelta(days=due_days)
    return in_time(due_on, entered_on)


def in_time(due_on: date | None, today: date) -> date | None:
    """A due day that lies ahead; in place of one that has passed, the days of grace."""
    return due_on if due_on is None or due_on >= today else today + timedelta(days=GRACE_DAYS)


def last_of_year(day: date) -> date:
    """31 December of the day's year."""
    return date(day.year, 12, 31)


def begins_this_year(due_on: date | None, entered_on: date) -> bool:
    """Whether somebody who enters a yearly programme on this day owes it this year already.

    With less than the days of grace left he or she begins with the next year, unless the rule names a day that is still
    ahead in this one. A rule whose day lies in a later year begins with that year.
    """
    if due_on is not None and due_on.year > entered_on.year:
        return False
    if due_on is not None and due_on.year == entered_on.year and due_on >= entered_on:
        return True
    return (last_of_year(entered_on) - entered_on).days >= GRACE_DAYS


def due_in_year(due_on: date | None, due_days: int | None, entered_on: date) -> date:
    """Until when somebody who enters on this day owes a year's term: the rule's day in this year, never beyond it."""
    last = last_of_year(entered_on)
    if due_days is not None:
        return min(entered_on + timedelta(days=due_days), last)
    if due_on is None:
        return last
    same_day = months_later(due_on, 12 * (entered_on.year - due_on.year))
    return min(same_day if same_day >= entered_on else entered_on + timedelta(days=GRACE_DAYS), last)


def lapses(validity: str, valid_until: date | None, today: date) -> bool:
    """Whether it is time for the next term: some weeks before months are over, but never before the year is."""
    if valid_until is None:
        return False
    if validity == YEAR:
        return today > valid_until
    return validity == MONTHS and today >= valid_until - timedelta(days=LEAD_DAYS)


def is_over(ends_on: date | None, today: date) -> bool:
    """Whether a term that is a year has passed."""
    return ends_on is not None and today > ends_on


def in_term(at: datetime, counts_from: datetime | None, ends_on: date | None) -> bool:
    """Whether what was completed at this moment counts in a term."""
    return (counts_from is None or at >= counts_from) and (ends_on is None or wib_date(at) <= ends_on)


def done_at(times: Iterable[datetime], least: int) -> datetime | None:
    """When the last course that was needed was completed; None while some are missing."""
    found = sorted(times)
    return found[least - 1] if 0 < least <= len(found) else None


def valid_until(completed_at: datetime, validity: str, months: int | None) -> date | None:
    """The last day on which a completion counts; None if it counts for ever."""
    day = wib_date(completed_at)
    if validity == YEAR:
        return last_of_year(day)
    return months_later(day, months) - timedelta(days=1) if validity == MONTHS and months else None


def moments(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """When to remind, in days from the due day, in order of time."""
    return sorted({*(-days for days in before), *after})


class Missing(NamedTuple):
    """What a duty still asks for: the titles of what is not completed, and how many of them are needed."""

    titles: Sequence[str]
    needed: int

    @property
    def words(self) -> str:
        """Such as “A; B”, or “2 dari: A; B; C”."""
        listed = "; ".join(self.titles)
        if self.needed >= len(self.titles):
            return listed
        return _("%(n)s dari: %(titles)s", n=self.needed, titles=listed)


class Reminded(NamedTuple):
    """One duty in a mail."""

    title: str
    missing: Missing
    due_on: date


def until(due_on: date, today: date) -> str:
    """How long there is still, in words."""
    left = (due_on - today).days
    if left == 0:
        return _("hari ini")
    if left > 0:
        return ngettext("%(num)s hari lagi", "%(num)s hari lagi", left)
    return ngettext("lewat %(num)s hari", "lewat %(num)s hari", -left)


def digest(name: str, duties: Sequence[Reminded], address: str, today: date) -> str:
    """The text of the one mail of a day."""
    lines = [
        _(
            "- %(title)s: belum selesai %(missing)s. Tenggat %(day)s (%(left)s).",
            title=duty.title,
            missing=duty.missing.words,
            day=format_date(duty.due_on),
            left=until(duty.due_on, today),
        )
        for duty in duties
    ]
    return _(
        "Yth. %(name)s,\n\nProgram wajib Anda:\n%(lines)s\n\nBuka %(address)s untuk melanjutkan.\n\n"
        "Sudah selesai hari ini? Abaikan surel ini.",
        name=name,
        lines="\n".join(lines),
        address=address,
    )


def check_courses(slugs: Sequence[str], found: int, way: str, needed: int | None) -> None:
    """Refuse a programme without courses, with one that cannot be chosen, or that asks for more than it has."""
    if not slugs:
        sentence = _("Pilih paling sedikit satu pelatihan.")
        raise Invalid(sentence, {"courses": sentence})
    if found != len(slugs):
        sentence = _("Ada pelatihan yang tidak dapat dipilih. Pilih dari daftar.")
        raise Invalid(sentence, {"courses": sentence})
    if way == "some" and not (needed and needed < len(slugs)):
        sentence = _("Isi jumlah yang harus selesai, kurang dari banyaknya pelatihan.")
        raise Invalid(sentence, {"needed": sentence})


def check_validity(validity: str, months: int | None) -> None:
    """Refuse months without a number."""
    if validity == MONTHS and not months:
        sentence = _("Isi berapa bulan masa berlakunya, atau pilih yang lain.")
        raise Invalid(sentence, {"validity_months": sentence})


def check_due(due_on: date | None, today: date) -> None:
    """Refuse a due day that has passed."""
    if due_on is not None and due_on < today:
        sentence = _("Tenggat sudah lewat. Pilih hari ini atau sesudahnya.")
        raise Invalid(sentence, {"due_on": sentence})


def check_sure(matched: int, everybody: int, sure: bool) -> None:
    """Nobody and everybody are asked about once more."""
    if sure:
        return
    if matched == 0:
        sentence = _("Aturan ini belum cocok dengan siapa pun. Longgarkan syaratnya, atau centang bila memang begitu.")
        raise Conflict(sentence, {"sure": sentence})
    if matched == everybody:
        sentence = _("Aturan ini mengenai semua %(n)s pegawai. Centang bila memang begitu.", n=everybody)
        raise Conflict(sentence, {"sure": sentence})


def check_startable(programme: Programme) -> None:
    """Refuse to start what is running, or what means nobody yet."""
    if programme.state == ACTIVE:
        raise Conflict(_("Program ini sudah berjalan."))
    if not programme.rules:
        raise Conflict(_("Tambahkan paling sedikit satu aturan dahulu."))


def check_open(programme: Programme) -> None:
    """Refuse to change what is closed."""
    if programme.state == CLOSED:
        raise Conflict(_("Program ini sudah ditutup. Buka lagi dahulu."))


def check_running(programme: Programme) -> None:
    """Refuse to close what does not run."""
    if programme.state != ACTIVE:
        raise Conflict(
            _("Program ini belum berjalan.") if programme.state == DRAFT else _("Program ini sudah ditutup.")
        )
