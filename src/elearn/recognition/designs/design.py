"""What a template says; kept as JSON with its version. Pure."""

from string import Formatter

from pydantic import BaseModel, ConfigDict

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _

# The fields of the texts, by what they stand for.
FIELDS = {
    "nama": N_("nama dengan gelar"),
    "nip": N_("NIP"),
    "jabatan": N_("jabatan"),
    "unit": N_("unit kerja"),
    "judul": N_("judul pelatihan"),
    "bentuk": N_("bentuk pelatihan"),
    "waktu": N_("tanggal mulai sampai selesai"),
    "jp": N_("jumlah JP"),
    "nilai": N_("nilai akhir"),
    "penyelenggara": N_("penyelenggara"),
    "tempat": N_("tempat terbit"),
    "tanggal": N_("tanggal terbit"),
    "nomor": N_("nomor sertifikat"),
    "kode": N_("kode verifikasi"),
}
SHOWN = {
    "nip": N_("NIP"),
    "position": N_("Jabatan"),
    "unit": N_("Unit kerja"),
    "score": N_("Nilai akhir"),
}
KINDS = {"sertifikat": N_("Sertifikat"), "sttpp": N_("STTPP (Surat Tanda Tamat Pendidikan dan Pelatihan)")}
TITLES = {"sertifikat": "Sertifikat", "sttpp": "Surat Tanda Tamat Pendidikan dan Pelatihan"}


class Block(BaseModel):
    """Who signs, and how the name stands. Without titles is the rule (Permendagri 1/2023 Pasal 44 ayat 2)."""

    model_config = ConfigDict(frozen=True)

    position: str = ""
    name: str = ""
    title_before: str = ""
    title_after: str = ""
    rank: str = ""
    nip: str = ""
    with_titles: bool = False
    with_rank: bool = False
    with_nip: bool = False
    note: str = ""


class Logo(BaseModel):
    """A picture in the store, its media type and size in pixels, and what it shows for those who do not see it."""

    model_config = ConfigDict(frozen=True)

    key: str
    media_type: str
    width: int
    height: int
    alt: str


class Design(BaseModel):
    """Empty texts mean the standard sentence, which follows the result."""

    model_config = ConfigDict(frozen=True)

    kind: str = "sertifikat"
    title: str = "Sertifikat"
    opening: str = "diberikan kepada"
    statement: str = ""
    closing: str = ""
    shown: tuple[str, ...] = tuple(SHOWN)
    second_page: bool = True
    second_title: str = "Mata pelatihan"
    block: Block = Block()
    logo: Logo | None = None


STANDARD = Design()


def check_text(name: str, text: str) -> None:
    """Refuse a text with a field that does not exist; says which one and which there are."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        said = _("Kurung kurawal tidak berpasangan. Tulis isian seperti {nama}.")
        raise Invalid(said, {name: said}) from None
    for _text, field, width, conversion in parts:
        if field is not None and (field not in FIELDS or width or conversion):
            known = ", ".join(f"{{{each}}}" for each in FIELDS)
            said = _("Isian {%(field)s} tidak dikenal. Yang ada: %(known)s.", field=field, known=known)
            raise Invalid(said, {name: said})
