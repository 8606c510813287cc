"""What a record must be to be filed, what it is worth, and who may decide it. Pure."""

import re
from datetime import date

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date
from elearn.recognition.external_records.models import WAITING, ExternalRecord
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.rules import Effort, jp_earned, most_jp

MOST_FILES = 5
MOST_PAGES = 10
LARGEST_FILE = 15 * 1024 * 1024
# Shorter ones are running numbers that many certificates share.
SHORTEST_TELLING_NUMBER = 5
EARLIEST = date(2000, 1, 1)


def number_key(number: str) -> str:
    """A certificate's number as it is compared: letters and digits alone, so that spaces and strokes do not matter."""
    return "".join(sign for sign in number.casefold() if sign.isalnum())[:100]


def spellings(number: str) -> set[str]:
    """Ways in which a number may be printed that was typed like this: without spaces, with other strokes."""
    typed = number.strip().lower()
    tight = re.sub(r"\s+", "", typed)
    return {typed, tight, *(re.sub(r"[/.\\_–-]+", stroke, tight) for stroke in "/-.")}


def telling(key: str) -> bool:
    """Whether a number is long enough to tell one certificate from another."""
    return len(key) >= SHORTEST_TELLING_NUMBER


def days_between(started_on: date, ended_on: date) -> int:
    """Local days from the first to the last, both counted."""
    return (ended_on - started_on).days + 1


def check_dates(started_on: date, last: date | None, days: int | None, today: date) -> None:
    """Refuse an end before the start, an end that is still to come, and more days than lie between.

    Without a `last` day there is the first one alone, and what is wrong with it is said there.
    """
    errors = {}
    ended_on = last or started_on
    if ended_on < started_on:
        errors["ended_on"] = _("Tanggal selesai mendahului tanggal mulai. Perbaiki salah satunya.")
    elif ended_on > today and last is None:
        day = format_date(ended_on)
        errors["started_on"] = _("Tanggal %(day)s belum lewat. Ajukan setelah kegiatan selesai.", day=day)
    elif ended_on > today:
        day = format_date(ended_on)
        errors["ended_on"] = _("Tanggal selesai %(day)s belum lewat. Ajukan setelah kegiatan selesai.", day=day)
    elif days is not None and days > days_between(started_on, ended_on):
        n = days_between(started_on, ended_on)
        errors["days"] = _("Antara kedua tanggal itu hanya ada %(n)s hari. Perbaiki jumlah hari atau tanggal.", n=n)
    if started_on < EARLIEST:
        errors["started_on"] = _("Periksa tahun pada tanggal mulai.")
    if errors:
        raise Invalid(_("Periksa isian yang ditandai."), errors)


def check_jp(rule: FormRule, form_name: str, jp: int | None, days: int, international: bool) -> None:
    """Refuse JP that are missing where the form does not count itself, and more than its rule can give."""
    if jp is None and rule.basis not in ("day", "time"):
        sentence = _("Tulis JP seperti pada sertifikat. Bila hanya tertulis jam, 1 JP adalah 45 menit.")
        raise Invalid(sentence, {"jp": sentence})
    most = most_jp(rule, days, international)
    if jp is not None and most is not None and jp > most:
        if rule.basis == "time":
            sentence = _("%(form)s paling banyak %(most)s JP untuk satu kali. Perbaiki JP.", form=form_name, most=most)
        else:
            given = {"form": form_name, "n": days, "most": most}
            sentence = _(
                "%(form)s selama %(n)s hari paling banyak %(most)s JP. Perbaiki JP, hari, atau tanggal.", **given
            )
        raise Invalid(sentence, {"jp": sentence})


def jp_of(rule: FormRule, record: ExternalRecord, minutes_per_jp: int) -> int:
    """JP that a filed record is worth before the caps of a day or a month.

    Where the form counts days or times, a certificate that says less is believed.
    """
    effort = Effort(
        minutes=(record.jp or 0) * minutes_per_jp,
        days=days_of(record),
        times=1,
        stated=record.jp or 0,
        international=record.international,
    )
    earned = jp_earned(rule, effort, minutes_per_jp)
    return min(earned, record.jp) if record.jp is not None else earned


def days_of(record: ExternalRecord) -> int:
    """Local days that the owner took part in."""
    if record.days is not None or record.started_on is None or record.ended_on is None:
        return record.days or 0
    return days_between(record.started_on, record.ended_on)


def check_files(count: int) -> None:
    """Refuse one file too many."""
    if count >= MOST_FILES:
        sentence = _("Paling banyak %(n)s berkas untuk satu sertifikat. Hapus salah satu dahulu.", n=MOST_FILES)
        raise Invalid(sentence, {"file": sentence})


def check_changeable(record: ExternalRecord) -> None:
    """Refuse changes by the owner to what is being decided or was."""
    if not record.owner_may_change:
        raise Conflict(_("Pengajuan ini sudah dikirim. Tarik dahulu untuk memperbaikinya."))


def check_open(record: ExternalRecord, decider: str) -> None:
    """Refuse a decision on what is not waiting for one."""
    if record.state != WAITING:
        if record.decided_at is not None and decider:
            day = format_date(record.decided_at)
            raise Conflict(_("Pengajuan ini sudah diputuskan oleh %(name)s pada %(day)s.", name=decider, day=day))
        raise Conflict(_("Pengajuan ini tidak sedang menunggu keputusan. Buka antrean lagi."))
