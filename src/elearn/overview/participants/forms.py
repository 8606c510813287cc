"""Which participants are meant, by the words of the address."""

from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form


class Whom(Form):
    """`orang` are ids of enrolments that were ticked; without any everybody that the filters leave."""

    keadaan: Literal["", "belum", "sedang", "selesai", "terlambat"] = ""
    unit: str = Field("", max_length=40)
    q: str = Field("", max_length=200)
    orang: list[str] = Field(default_factory=list, max_length=100)
