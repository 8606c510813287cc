"""What an admin asks of the handover."""

from typing import Annotated

from pydantic import AfterValidator, Field

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form
from elearn.overview.exports.forms import FileWish
from elearn.standards.siasn.record import Found

_PARTS = 4


class HandoverWish(Form):
    """Which records; `tahun` is a calendar year, none for the present one; the unit's subtree is taken in."""

    tahun: Annotated[int, Field(ge=2000, le=2100)] | None = None
    unit: str = Field("", max_length=40)


class HandoverFileWish(FileWish, HandoverWish):
    """The bundle, or the records that would be refused, as a file."""


def _readable(told: str) -> str:
    if len(told.split(":", 3)) != _PARTS or not told.split(":", 3)[2].isdecimal():
        raise ValueError(_("Pilihan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi."))
    return told


class FoundWish(Form):
    """Lines that stand in SIASN already, each as `line:there|differs:jp:id`, the JP and the id there."""

    found: list[Annotated[str, Field(max_length=120), AfterValidator(_readable)]] = Field(
        default_factory=list, max_length=500
    )

    @property
    def marked(self) -> list[Found]:
        """The same, taken apart."""
        parts = [told.split(":", 3) for told in self.found]
        return [Found(line, id, int(jp), state == "there") for line, state, jp, id in parts]
