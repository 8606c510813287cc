"""Input shapes of imports."""

from pydantic import Field

from elearn.foundation.web.shapes import Body


class ColumnsWish(Body):
    """Which column of the file holds what: field to header. A field that is left out is not imported."""

    nip: str = Field("", max_length=500)
    name: str = Field("", max_length=500)
    title_before: str = Field("", max_length=500)
    title_after: str = Field("", max_length=500)
    unit: str = Field("", max_length=500)
    position: str = Field("", max_length=500)
    rank: str = Field("", max_length=500)
    asn_kind: str = Field("", max_length=500)
    email: str = Field("", max_length=500)
    phone: str = Field("", max_length=500)
    unor: str = Field("", max_length=500)
    position_kind: str = Field("", max_length=500)
    siasn_id: str = Field("", max_length=500)
    standing: str = Field("", max_length=500)
    tmt: str = Field("", max_length=500)
    tmt_left: str = Field("", max_length=500)
    birth_date: str = Field("", max_length=500)
    role: str = Field("", max_length=500)
