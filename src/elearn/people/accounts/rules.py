"""Decisions about accounts."""

import re
from collections.abc import Collection

from elearn.foundation.errors import Forbidden
from elearn.foundation.i18n import N_, _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission, Role

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
