"""Files of people as offices send them."""

import csv
import io

HEADERS = (
    "NIP BARU",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BLK",
    "UNOR NAMA",
    "JABATAN NAMA",
    "EMAIL",
    "JENIS PEGAWAI",
    "AGAMA",
)


def nip(n):
    """A plausible number that differs for each n below a million."""
    month, day, begun = 1 + n // 30 % 12, 1 + n // 360 % 28, 1 + n // 10_080 % 12
    return f"{1970 + n % 30}{month:02}{day:02}2010{begun:02}1{n // 120_960 % 1000:03}"


def row(n, **fields):
    given = {
        "NIP BARU": nip(n),
        "NAMA": f"Pegawai Contoh {n}",
        "UNOR NAMA": "SD Contoh",
        "JABATAN NAMA": "Guru Ahli Pertama",
        "EMAIL": f"pegawai{n}@contoh.test",
        "JENIS PEGAWAI": "PNS",
        "AGAMA": "-",
    }
    return [{**given, **fields}.get(header, "") for header in HEADERS]


def as_csv(rows, headers=HEADERS, delimiter=";", encoding="utf-8-sig"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
