"""Input shapes of the unit tree."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form


def readable_code(code: str) -> str:
    """A unit's code in capitals; ValueError, with a sentence, for signs that no address or list could carry."""
    code = code.upper()
    if not all(sign.isascii() and (sign.isalnum() or sign in ".-_") for sign in code) or not code[0].isalnum():
        raise ValueError(_("Kode berisi huruf, angka, titik, atau tanda hubung, dan diawali huruf atau angka."))
    return code


UnitCode = Annotated[str, Field(max_length=40), AfterValidator(readable_code)]


class NewUnit(Form):
    """A unit to add below `parent`, which is a unit's code; empty only for the very first unit."""

    code: UnitCode
    name: str = Field(max_length=200)
    short_name: str = Field("", max_length=60)
    kind: str = Field("opd", max_length=20)
    parent: str = Field("", max_length=40)
    siasn_unor_id: str = Field("", max_length=40)
    since: date | None = None


class UnitChange(Form):
    """What a unit is called from `since` on."""

    name: str = Field(max_length=200)
    short_name: str = Field("", max_length=60)
    kind: str = Field(max_length=20)
    siasn_unor_id: str = Field("", max_length=40)
    since: date | None = None


class UnitMove(Form):
    """The unit below which it stands from `since` on."""

    parent: str = Field(max_length=40)
    since: date | None = None


class UnitClosing(Form):
    """Its last day; `people_to` is the code of the unit that takes over the people."""

    last_day: date | None = None
    people_to: str = Field("", max_length=40)
