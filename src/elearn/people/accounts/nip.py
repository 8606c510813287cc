"""The civil servant's number (NIP of PNS, NI of PPPK) read apart. Pure.

Digits 1-8 birth date, 9-12 year of appointment, 13-14 month of appointment (PNS) or a 2 and the number of
appointments (PPPK), 15 sex, 16-18 serial number. Layout: Perka BKN 43/2007 and the example of an NI PPPK.
Old records hold mistakes, so everything but the 18 digits is warned about and never refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _

LENGTH = 18
YOUNGEST, OLDEST = 17, 65  # whole years of life at appointment that raise no question

_SPACERS = re.compile(r"[\s.\-_'`\u2010-\u2015\u2018\u2019\u2212\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_WIDE_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_FLOAT = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)


class Kind(StrEnum):
    """Whose number it is."""

    PNS = "PNS"
    PPPK = "PPPK"
    UNKNOWN = "UNKNOWN"


class Sex(StrEnum):
    MALE = "MALE"
    FEMALE = "FEMALE"


class InvalidNip(Invalid):
    """Not 18 digits."""


@dataclass(frozen=True)
class Nip:
    """What the 18 digits say; None where they say nothing sensible."""

    digits: str
    kind: Kind
    birth_date: date | None
    appointed_year: int
    appointed_month: int | None
    """PNS only."""
    frequency: int | None
    """PPPK only: the how-manieth appointment, 1-9."""
    sex: Sex | None
    serial: str


def clean(text: str) -> str:
    """The number without the spaces, dots, dashes and apostrophes that people and spreadsheets put in."""
    return _SPACERS.sub("", text).translate(_WIDE_DIGITS)


def problem(text: str) -> str | None:
    """Why this cannot be a NIP, as a sentence; None if it is 18 digits."""
    if _FLOAT.fullmatch(text.strip()):
        return _("NIP ini terbaca sebagai bilangan. Jadikan kolom NIP teks, lalu isi kembali.")
    digits = clean(text)
    if not digits:
        return _("NIP belum diisi.")
    if not (digits.isascii() and digits.isdigit()):
        return _("NIP hanya berisi angka. Hapus huruf atau tanda lain.")
    if len(digits) != LENGTH:
        return _("NIP berisi %(n)s angka, seharusnya 18.", n=len(digits))
    return None


def parse(text: str) -> Nip:
    """Read a NIP; raises InvalidNip with a sentence if it is not 18 digits."""
    if sentence := problem(text):
        raise InvalidNip(sentence)
    digits = clean(text)
    mark = int(digits[12:14])
    kind = Kind.PNS if 1 <= mark <= 12 else Kind.PPPK if 21 <= mark <= 29 else Kind.UNKNOWN
    return Nip(
        digits=digits,
        kind=kind,
        birth_date=_date(digits[:8]),
        appointed_year=int(digits[8:12]),
        appointed_month=mark if kind is Kind.PNS else None,
        frequency=mark - 20 if kind is Kind.PPPK else None,
        sex={"1": Sex.MALE, "2": Sex.FEMALE}.get(digits[14]),
        serial=digits[15:],
    )


def warnings(text: str, birth_date: date | None = None) -> list[str]:
    """What looks wrong in 18 digits, as sentences; empty if nothing does or if it is no NIP at all.

    `birth_date` is the person's date of birth from another source.
    """
    if problem(text):
        return []
    nip = parse(text)
    found = []
    if nip.birth_date is None:
        found.append(_("Delapan angka pertama NIP bukan tanggal lahir."))
    elif birth_date is not None and nip.birth_date != birth_date:
        found.append(_("Tanggal lahir dalam NIP berbeda dari data pegawai."))
    if nip.birth_date and not YOUNGEST <= nip.appointed_year - nip.birth_date.year <= OLDEST:
        found.append(_("Tahun pengangkatan %(year)s tidak cocok dengan tahun lahir.", year=nip.digits[8:12]))
    if nip.kind is Kind.UNKNOWN:
        found.append(_("Angka 13 dan 14 bukan bulan (PNS) dan bukan tanda PPPK: %(mark)s.", mark=nip.digits[12:14]))
    if nip.sex is None:
        found.append(_("Angka 15 seharusnya 1 (laki-laki) atau 2 (perempuan)."))
    if nip.serial == "000":
        found.append(_("Tiga angka terakhir 000. Mungkin dibulatkan oleh lembar kerja."))
    return found


def appointed_on(text: str) -> date | None:
    """The first day on which a NIP's owner may have served: of its month (PNS) or year; None if it says nothing."""
    if problem(text):
        return None
    nip = parse(text)
    return _date(f"{nip.digits[8:12]}{nip.appointed_month or 1:02}01")


def grouped(text: str) -> str:
    """`19850101 201001 1 001`, which a spreadsheet keeps as text; anything else comes back cleaned."""
    digits = clean(text)
    if len(digits) != LENGTH:
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def masked(text: str) -> str:
    """For the public: `1985**** ****** * 001`.

    Enough to compare with the paper in one's hand, too little to learn a birth date or the number from.
    """
    digits = clean(text)
    if len(digits) != LENGTH:
        return "*" * len(digits)
    return f"{digits[:4]}**** ****** * {digits[15:]}"


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
