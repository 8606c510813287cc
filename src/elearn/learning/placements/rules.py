"""When a placement may be made, written to, signed and confirmed. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date
from elearn.learning.placements.models import CONFIRMED, RUNNING, SIGNED, Agreement, Placement
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.rules import Effort, jp_earned

LINK_DAYS = 30
LONGEST_DAYS = 366


def check_order(starts_on: date, ends_on: date) -> None:
    """Refuse an end before the start."""
    if ends_on < starts_on:
        sentence = _("Tanggal selesai mendahului tanggal mulai. Perbaiki salah satunya.")
        raise Invalid(sentence, {"ends_on": sentence})


def check_period(starts_on: date, ends_on: date) -> None:
    """Refuse an end before the start, and more than a year."""
    check_order(starts_on, ends_on)
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        sentence = _("Penempatan paling lama satu tahun. Periksa tahunnya.")
        raise Invalid(sentence, {"ends_on": sentence})


def agreement_for(agreements: Iterable[Agreement], starts_on: date, ends_on: date) -> Agreement | None:
    """The newest agreement that holds on all days of a placement."""
    fitting = [
        each for each in agreements if each.starts_on <= starts_on and (each.ends_on is None or each.ends_on >= ends_on)
    ]
    return max(fitting, key=lambda each: each.starts_on, default=None)


def check_free(others: Iterable[Placement], starts_on: date, ends_on: date) -> None:
    """Refuse two placements of one person at the same time."""
    for other in others:
        if other.starts_on <= ends_on and starts_on <= other.ends_on:
            said = {"title": other.title, "first": format_date(other.starts_on), "last": format_date(other.ends_on)}
            sentence = _(
                "Pegawai ini sudah ditempatkan pada %(first)s sampai %(last)s: %(title)s. Ubah tanggalnya.", **said
            )
            raise Invalid(sentence, {"starts_on": sentence})


def check_running(placement: Placement) -> None:
    """Refuse writing to what was reported, signed or ended."""
    if placement.state != RUNNING:
        raise Conflict(_("Laporan sudah dikirim, jadi catatan tidak dapat diubah."))


def check_day(placement: Placement, day: date, today: date) -> None:
    """Refuse a day outside the placement, and one that is still to come."""
    if not placement.starts_on <= day <= placement.ends_on:
        first, last = format_date(placement.starts_on), format_date(placement.ends_on)
        sentence = _("Pilih hari antara %(first)s dan %(last)s.", first=first, last=last)
        raise Invalid(sentence, {"day": sentence})
    if day > today:
        sentence = _("Hari itu belum tiba. Catat setelah dijalani.")
        raise Invalid(sentence, {"day": sentence})


def check_reportable(placement: Placement, entries: int, today: date) -> None:
    """Refuse a report before the last day, and one without a logbook."""
    check_running(placement)
    if today < placement.ends_on:
        day = format_date(placement.ends_on)
        raise Conflict(_("Laporan dikirim mulai hari terakhir, %(day)s.", day=day))
    if not entries:
        raise Conflict(_("Buku catatan masih kosong. Isi paling sedikit satu hari."))


def check_confirmable(placement: Placement) -> None:
    """Refuse confirming what the host has not signed."""
    if placement.state != SIGNED:
        raise Conflict(_("Pembimbing di tempat mitra belum menandatangani. Kirim tautan kepadanya."))


def check_confirmed(placement: Placement) -> None:
    """Refuse a proof of what does not count."""
    if placement.state != CONFIRMED:
        raise Conflict(_("Bukti tersedia setelah penempatan ini disahkan."))


def jp_of(rule: FormRule, placement: Placement, minutes: int, minutes_per_jp: int) -> int:
    """JP that a placement is worth by its form's rule; by the logbook's minutes where the form counts those."""
    effort = Effort(minutes=minutes, times=1, stated=minutes // minutes_per_jp, international=placement.international)
    return jp_earned(rule, effort, minutes_per_jp)


def link_ends(now: datetime) -> datetime:
    """The moment from which a link no longer opens."""
    return now + timedelta(days=LINK_DAYS)


def hours(minutes: int) -> float:
    """Minutes of the logbook as hours."""
    return round(minutes / 60, 1)
