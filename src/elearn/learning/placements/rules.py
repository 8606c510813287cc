"""When a placement may be made, written to, signed and confirmed. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date
from elearn.learning.placements.models import CANCELLED, CONFIRMED, RUNNING, SIGNED, Agreement, Placement
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
    fitting = [each for each in agreements if holds_on_all(each, starts_on, ends_on)]
    return max(fitting, key=lambda each: each.starts_on, default=None)


def holds_on_all(agreement: Agreement, starts_on: date, ends_on: date) -> bool:
    """Whether an agreement holds on each of these days."""
    return agreement.starts_on <= starts_on and (agreement.last_day is None or agreement.last_day >= ends_on)


def is_over(agreement: Agreement, today: date) -> bool:
    """Whether an agreement was ended, or its last day has passed."""
    return agreement.ended_on is not None or (agreement.ends_on is not None and agreement.ends_on < today)


def check_not_ended(agreement: Agreement) -> None:
    """Refuse changes of what was ended."""
    if agreement.ended_on is not None:
        raise Conflict(_("Perjanjian ini sudah diakhiri. Catat perjanjian baru bila kerja sama berlanjut."))


def check_ended(agreement: Agreement) -> None:
    """Refuse to undo an end that there is not."""
    if agreement.ended_on is None:
        raise Conflict(_("Perjanjian ini tidak diakhiri lebih awal. Muat ulang halaman ini."))


def check_ending(agreement: Agreement, last_day: date) -> None:
    """Refuse an end before the agreement begins, and one that is not early."""
    check_not_ended(agreement)
    if last_day < agreement.starts_on:
        sentence = _("Perjanjian ini baru berlaku mulai %(day)s.", day=format_date(agreement.starts_on))
        raise Invalid(sentence, {"last_day": sentence})
    if agreement.ends_on is not None and last_day >= agreement.ends_on:
        sentence = _(
            "Perjanjian ini memang berakhir pada %(day)s. Pilih hari sebelumnya.", day=format_date(agreement.ends_on)
        )
        raise Invalid(sentence, {"last_day": sentence})


def check_sure(running: Sequence[Placement], sure: bool) -> None:
    """Ask once more where placements run on days on which their agreement would not hold."""
    if running and not sure:
        sentence = _(
            "%(n)s penempatan masih berjalan di luar hari itu. Centang bila tetap dilanjutkan.", n=len(running)
        )
        raise Invalid(sentence, {"sure": sentence})


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


def check_changeable(placement: Placement) -> None:
    """Refuse changes of what counts, and of what was cancelled."""
    if placement.state == CONFIRMED:
        raise Conflict(_("Penempatan ini sudah disahkan. Batalkan pengesahannya dahulu."))
    if placement.state == CANCELLED:
        raise Conflict(_("Penempatan ini dibatalkan. Buat penempatan baru."))


def check_logged(placement: Placement, starts_on: date, ends_on: date) -> None:
    """Refuse days that leave out what the logbook, which is loaded, tells."""
    for entry in placement.entries:
        if not starts_on <= entry.day <= ends_on:
            sentence = _(
                "Buku catatan sudah berisi %(day)s, di luar tanggal itu. Perbaiki tanggal.", day=format_date(entry.day)
            )
            raise Invalid(sentence, {"starts_on" if entry.day < starts_on else "ends_on": sentence})


def check_voiding(placement: Placement, why: str, sure: bool) -> None:
    """Ask for a reason, and once more, before a change makes the host's signature void."""
    if placement.state != SIGNED:
        return
    errors = {}
    if not why:
        errors["why"] = _("Tulis mengapa data yang sudah ditandatangani diubah.")
    if not sure:
        name = placement.signed_name
        errors["sure"] = _("Tanda tangan %(name)s gugur oleh perubahan ini. Centang bila tetap diubah.", name=name)
    if errors:
        raise Invalid(next(iter(errors.values())), errors)


def check_taken_back(placement: Placement) -> None:
    """Refuse taking back what does not count."""
    if placement.state != CONFIRMED:
        raise Conflict(_("Penempatan ini tidak sedang disahkan. Muat ulang halaman ini."))


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
