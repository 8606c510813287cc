"""What is typed about a training taken elsewhere, and what an officer types."""

from datetime import date
from typing import Literal

from pydantic import Field

from elearn.foundation.i18n import N_
from elearn.foundation.web.shapes import Form

OTHER = "lain"
REASONS = {
    "tidak-terbaca": N_("Berkas tidak terbaca. Unggah foto atau PDF yang lebih jelas."),
    "bukan-milik": N_("Nama pada sertifikat bukan nama Anda."),
    "ganda": N_("Sertifikat ini sudah dihitung."),
    "tidak-sesuai": N_("Isian tidak sesuai dengan sertifikat."),
    "bukan-bangkom": N_("Kegiatan ini bukan pengembangan kompetensi."),
    "tanpa-bukti": N_("Bukti keikutsertaan belum cukup."),
    OTHER: N_("Alasan lain"),
}


class RecordWish(Form):
    """The facts that the certificate shows. A blank last day means a single day."""

    title: str = Field(min_length=3, max_length=200)
    organiser: str = Field(min_length=2, max_length=200)
    form_code: str = Field(max_length=8)
    competency: Literal["teknis", "manajerial", "sosial-kultural", "pemerintahan"]
    started_on: date
    ended_on: date | None = None
    days: int | None = Field(None, ge=1, le=366)
    jp: int | None = Field(None, ge=1, le=1_000)
    certificate_number: str = Field("", max_length=100)
    international: bool = False
    answer: str = Field("", max_length=600)
    sure: bool = False


class Approval(Form):
    """An approval; `note` is needed where the record looks like one that counts already."""

    note: str = Field("", max_length=600)


class Refusal(Form):
    """A standard reason, with words of the officer's own where it is "other"."""

    reason: Literal[tuple(REASONS)]  # type: ignore[valid-type]
    note: str = Field("", max_length=600)


class Question(Form):
    """What an officer wants to know or have changed."""

    question: str = Field(min_length=3, max_length=600)


class TakingBack(Form):
    """Why a decision is taken back."""

    reason: str = Field(min_length=3, max_length=300)
