"""Rules of editions. Pure."""

import re
from collections.abc import Collection

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

LONGEST_TITLE = 200
_YEAR = re.compile(r"\b20\d\d\b")
_NUMBER = re.compile(r"^(.*)\((\D+)(\d{1,4})\)$")


def next_title(title: str, year: int, taken: Collection[str]) -> str:
    """A title to begin with: the next year where the old one was of a year, else the next number that is free."""
    known = {_plain(each) for each in taken}
    found = _following(title, year)
    while _plain(found) in known:
        found = _following(found, year)
    return found


def _following(title: str, year: int) -> str:
    # Older ones are years of laws.
    if years := [found for found in _YEAR.finditer(title) if abs(int(found[0]) - year) <= 2]:
        last = years[-1]
        return f"{title[: last.start()]}{max(year, int(last[0]) + 1)}{title[last.end() :]}"
    stem, end = f"{title} ", _("(edisi 2)")
    if numbered := _NUMBER.match(title):
        stem, end = numbered[1], f"({numbered[2]}{int(numbered[3]) + 1})"
    return stem[: LONGEST_TITLE - len(end)] + end


def check_title(title: str, taken: Collection[str]) -> None:
    """Refuse the title of another course: nobody could tell their certificates and lists apart."""
    if _plain(title) in {_plain(each) for each in taken}:
        sentence = _("Sudah ada pelatihan berjudul ini. Tambahkan tahun atau nomor edisinya.")
        raise Invalid(sentence, {"title": sentence})


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()
