"""The tables of imports that people download: the empty form, and the refused rows with their reasons."""

from collections.abc import Iterator, Sequence

from elearn.foundation.i18n import _
from elearn.foundation.tables import Column, xlsx_chunks

_EXAMPLE = (
    "198501012010012001",
    "Sari Contoh",
    "dr.",
    "M.Kes.",
    "DINKES",
    "Dokter Ahli Pertama",
    "III/b",
    "PNS",
    "sari@contoh.test",
    "081200000000",
    "01-12-2025",
    "1985-01-01",
)
_HEADERS = (
    "NIP",
    "Nama",
    "Gelar depan",
    "Gelar belakang",
    "Kode unit",
    "Jabatan",
    "Golongan",
    "Jenis ASN",
    "Surel",
    "Nomor HP",
    "TMT jabatan",
    "Tanggal lahir",
)


def template() -> Iterator[bytes]:
    """An XLSX file with the right headers and one row as an example."""
    columns = [Column(header, header, "nip" if header == "NIP" else "text") for header in _HEADERS]
    return xlsx_chunks(columns, [_EXAMPLE], sheet="Pegawai")


def refused_table(headers: Sequence[str], rows: Sequence[tuple[int, Sequence[str], Sequence[str]]]) -> Iterator[bytes]:
    """XLSX with the columns of the person's own file, then the line and the reasons; text stays text."""
    labels = [*headers, *_added(headers)]
    columns = [Column(str(place), label) for place, label in enumerate(labels)]
    return xlsx_chunks(columns, ([*cells, str(line), " ".join(reasons)] for line, reasons, cells in rows))


def _added(headers: Sequence[str]) -> list[str]:
    # A refused table that was mended is brought again, and then has such columns already.
    return [word if word not in headers else f"{word} 2" for word in (_("Baris"), _("Alasan"))]
