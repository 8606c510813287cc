"""How a number is written. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import TypeVar

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _

LONGEST = 80
# The field and what it stands for; {running:04} fills up with zeros.
FIELDS = {
    "running": N_("nomor urut; {running:04} menulisnya dengan empat angka"),
    "year": N_("tahun terbit"),
    "month": N_("bulan terbit, 01 sampai 12"),
    "month_roman": N_("bulan terbit, I sampai XII"),
    "organiser_code": N_("kode penyelenggara"),
    "form_code": N_("kode bentuk pelatihan"),
}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_WIDTH = re.compile(r"0?[1-9]")


@dataclass(frozen=True)
class Stands:
    """What the fields of a pattern stand for."""

    running: int
    day: date
    organiser_code: str = ""
    form_code: str = ""


def prefix_pattern(prefix: str) -> str:
    """The pattern of the settings: `BKPSDM/{running:04}/{year}`."""
    return f"{prefix.replace('{', '').replace('}', '')}/{{running:04}}/{{year}}"


def check_pattern(pattern: str, organiser_code: str) -> None:
    """Refuse a pattern that cannot number certificates; says which fields there are."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        raise _wrong(_("Kurung kurawal tidak berpasangan. Tulis misalnya {running:04}/{year}.")) from None
    fields = [(name, width or "", conversion) for _text, name, width, conversion in parts if name is not None]
    for name, width, conversion in fields:
        if name not in FIELDS:
            known = ", ".join(f"{{{each}}}" for each in FIELDS)
            raise _wrong(_("Isian {%(name)s} tidak dikenal. Yang ada: %(known)s.", name=name, known=known))
        if conversion or (width and (name != "running" or not _WIDTH.fullmatch(width))):
            raise _wrong(_("Isian {%(name)s} ditulis tanpa tambahan. Contoh: {running:04}.", name=name))
    names = [name for name, _width, _conversion in fields]
    if "running" not in names:
        raise _wrong(_("Tambahkan {running}. Tanpa nomor urut, semua sertifikat bernomor sama."))
    if "year" not in names:
        raise _wrong(_("Tambahkan {year}. Nomor urut mulai lagi setiap tahun."))
    if "organiser_code" in names and not organiser_code.strip():
        said = _("Isi kode penyelenggara, karena pola memakainya.")
        raise Invalid(said, {"organiser_code": said})
    if len(number(pattern, Stands(10**6, date(2026, 8, 1), organiser_code, "NKL04"))) > LONGEST:
        raise _wrong(_("Nomornya terlalu panjang. Paling panjang %(n)s huruf.", n=LONGEST))


def number(pattern: str, stands: Stands) -> str:
    """A number after a pattern that was checked; month and year are those of the day of issue (WIB)."""
    return pattern.format(
        running=stands.running,
        year=stands.day.year,
        month=f"{stands.day.month:02d}",
        month_roman=_ROMAN[stands.day.month - 1],
        organiser_code=stands.organiser_code,
        form_code=stands.form_code,
    )


Choice = TypeVar("Choice")


def best(choices: Iterable[Choice], served: Callable[[Choice], str], course_id: int, organiser: str) -> Choice | None:
    """What serves a course: its own, else its organiser's, else everybody's."""
    found = {served(choice): choice for choice in choices}
    wanted = (serves(course_id, ""), serves(None, organiser), serves(None, ""))
    return next((found[name] for name in wanted if name in found), None)


def serves(course_id: int | None, organiser: str) -> str:
    """Whom a scheme or a template serves, in one word."""
    if course_id is not None:
        return f"course:{course_id}"
    return f"organiser:{organiser.strip()}" if organiser.strip() else "all"


def _wrong(said: str) -> Invalid:
    return Invalid(said, {"pattern": said})
