"""Decisions about accounts."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from elearn.foundation.errors import Forbidden
from elearn.foundation.i18n import N_, _, format_date
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission, Role
from elearn.people.accounts import nip as numbers

ROLE_NAMES = {
    Role.INSTRUCTOR: N_("Pengajar"),
    Role.OPD_ADMIN: N_("Admin OPD"),
    Role.HEAD: N_("Pimpinan"),
    Role.SIGNER: N_("Penandatangan"),
    Role.REGENCY_ADMIN: N_("Admin kabupaten"),
}

POSITION_KIND_NAMES = {
    "struktural": N_("Struktural"),
    "fungsional": N_("Fungsional tertentu"),
    "rangkap": N_("Rangkap"),
    "pelaksana": N_("Pelaksana"),
}
LEAVING_REASONS = {
    "pensiun": N_("Pensiun"),
    "meninggal": N_("Meninggal dunia"),
    "pindah": N_("Pindah ke instansi lain"),
    "berhenti": N_("Berhenti atau diberhentikan"),
}
_SIASN_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# Good enough to catch a slip; only a mail that arrives proves an address.
_ADDRESS = re.compile(r"[^\s@<>\"',;:]+@[a-z0-9-]+(\.[a-z0-9-]+)+")

# The first sign that is found counts: most browsers also call themselves Chrome or Safari, and Android is a Linux.
_BROWSERS = (
    ("WhatsApp", "WhatsApp"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def is_address(text: str) -> bool:
    """Whether a text in lower case has the shape of an e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def siasn_id_of(text: str) -> str | None:
    """An id of SIASN as it is kept: 32 hexadecimal digits in capitals, a UUID in small letters; None for others."""
    small = text.strip().lower()
    if not _SIASN_ID.fullmatch(small):
        return None
    return small if "-" in small else small.upper()


def device_of(user_agent: str) -> str:
    """A browser and its system as a person would name them, for example "Chrome di Android"; empty when unknown."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return _("%(browser)s di %(system)s", browser=browser, system=system) if browser and system else browser or system


def may_help(actor: Actor, roles: Collection[str]) -> bool:
    """Whether the actor may give this person a new way in.

    Whoever resets an account can take it over. So an OPD admin helps only people without any role of their own:
    nobody gains by a reset what he does not hold himself. Everyone else is helped by a regency admin.
    """
    return actor.everywhere or (actor.may(Permission.ISSUE_ACCESS) and not roles)


def check_may_help(actor: Actor, roles: Collection[str]) -> None:
    """Refuse with Forbidden unless `may_help`."""
    if not may_help(actor, roles):
        raise Forbidden(_("Orang ini memegang peran. Mintalah admin kabupaten menyetel ulang aksesnya."))


def outgrows(path: str, before: str, after: str) -> bool:
    """Whether somebody who worked in the subtree of the unit at `path` goes out of it; "" is no unit."""
    return before.startswith(path) and not after.startswith(path)


@dataclass(frozen=True)
class Present:
    """Since when somebody works where he or she works now, and whether that is the first place that is known."""

    since: date
    first: bool


def day_problem(day: date, today: date, nip: str | None) -> str | None:
    """Why a new person cannot serve since this day (TMT), as a sentence; None if it is possible."""
    if day > today:
        return _("TMT %(day)s belum tiba. Catat lagi pada hari itu.", day=format_date(day))
    appointed = numbers.appointed_on(nip) if nip else None
    # A NIP may be mistaken, so what is so today is never refused.
    if appointed and day < appointed and day != today:
        return _("TMT %(day)s sebelum pengangkatan menurut NIP. Periksa tanggalnya.", day=format_date(day))
    return None


def change_problem(day: date, today: date, nip: str | None, present: Present | None) -> str | None:
    """Why a change of place, position or employment cannot hold since this day, as a sentence; None if it can.

    It may reach back into last year, and as far as the last change. The first place that is known gives way to any
    day, as nobody knows since when it was so.
    """
    if sentence := day_problem(day, today, nip):
        return sentence
    if day.year < today.year - 1:
        return _("TMT paling awal 1 Januari %(year)s. Tahun sebelumnya sudah ditutup.", year=today.year - 1)
    if present and not present.first and day < present.since:
        since = format_date(present.since)
        return _("Perubahan terakhir berlaku sejak %(day)s. Isi tanggal itu atau sesudahnya.", day=since)
    return None


def leaving_problem(day: date, today: date, nip: str | None, present: Present | None) -> str | None:
    """Why somebody cannot have left since this day, as a sentence: the last change has to have lasted for a day."""
    if present and not present.first and day == present.since:
        since = format_date(present.since)
        return _("Perubahan terakhir berlaku sejak %(day)s. Isi tanggal sesudahnya.", day=since)
    return change_problem(day, today, nip, present)


def start_problem(day: date, today: date, nip: str | None, before: date, present: date) -> str | None:
    """Why the present place, which began on `present`, cannot have begun on this day after one that began `before`."""
    if day == present:
        return _("TMT ini sudah tercatat. Isi tanggal yang lain.")
    if day <= before:
        return _("Tugas sebelumnya berlaku sejak %(day)s. Isi tanggal sesudahnya.", day=format_date(before))
    return change_problem(day, today, nip, None)
