"""What an export asks for. Pure."""

from typing import Literal, NamedTuple

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.tables import XLSX_ROWS

Format = Literal["xlsx", "csv", "json"]

# A file about more people than this asks for a reason and the password (QUALITY E4).
ASKS_ABOVE = 500
# A workbook can leave only when its last row is written: more rows than these, which take a second, are a job's.
LONG = 20_000


class Size(NamedTuple):
    """How much a file tells."""

    rows: int
    people: int


def is_long(form: Format, size: Size) -> bool:
    """Whether a file is made by a job: nobody waits for it in front of an empty page. Only a workbook ever is."""
    return form == "xlsx" and size.rows > LONG


def check_fits(form: Format, rows: int) -> None:
    """Refuse a workbook that no spreadsheet opens."""
    if form == "xlsx" and rows > XLSX_ROWS:
        raise Invalid(_("Tabel ini terlalu panjang untuk Excel. Persempit saringannya atau unduh sebagai CSV."))


def check_reason(people: int, reason: str) -> None:
    """A file about many people needs a reason that an auditor can read."""
    if people > ASKS_ABOVE and len(reason) < 10:
        said = _("Tulis alasannya dalam beberapa kata, paling pendek 10 huruf.")
        raise Invalid(said, {"reason": said})
