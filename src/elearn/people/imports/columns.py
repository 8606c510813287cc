"""Which column of a file holds what, guessed from its header. Pure.

The words are those of SIASN and SIMPEG exports and of the lists that offices keep themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import N_, _


@dataclass(frozen=True)
class Field:
    """Something that a column may hold; `label` is a message id, `words` are headers without spaces and signs."""

    key: str
    label: str
    words: tuple[str, ...]
    longest: int = 0
    needed: bool = False


FIELDS = (
    Field(
        "nip",
        N_("NIP"),
        ("nip", "nipbaru", "nipnippppk", "nipnipppk", "nippppk", "nipppk", "nipp3k", "nipasn", "nomorindukpegawai"),
        needed=True,
    ),
    Field("name", N_("Nama"), ("nama", "namalengkap", "namapegawai", "namaasn", "namatanpagelar", "name"), 200, True),
    Field("title_before", N_("Gelar depan"), ("gelardepan", "gelardpn", "glrdepan", "titlebefore"), 60),
    Field("title_after", N_("Gelar belakang"), ("gelarbelakang", "gelarblk", "glrbelakang", "titleafter"), 100),
    Field(
        "unit",
        N_("Unit kerja (kode atau nama)"),
        (
            "kodeunit",
            "kodeunitkerja",
            "kodeopd",
            "unit",
            "unitkerja",
            "namaunit",
            "namaunitkerja",
            "unornama",
            "namaunor",
            "unor",
            "unitorganisasi",
            "opd",
            "namaopd",
            "perangkatdaerah",
            "satuankerjanama",
            "satuankerja",
        ),
        200,
    ),
    Field("unor", N_("Unit kerja (unorId SIASN)"), ("unorid", "idunor"), 40),
    Field("position", N_("Jabatan"), ("jabatan", "namajabatan", "jabatannama", "jabatanasn", "position"), 200),
    Field(
        "rank",
        N_("Golongan"),
        (
            "golongan",
            "golruang",
            "golru",
            "golonganruang",
            "golruangakhir",
            "golakhirnama",
            "pangkatgolongan",
            "pangkatgolru",
            "pangkat",
            "rank",
        ),
        60,
    ),
    Field(
        "asn_kind",
        N_("Jenis kepegawaian"),
        (
            "jenisasn",
            "jeniskepegawaian",
            "jenispegawai",
            "jenispegawainama",
            "statuskepegawaian",
            "statuspegawai",
            "statuscpnspns",
            "asnkind",
        ),
    ),
    Field("email", N_("Surel"), ("email", "surel", "alamatemail", "alamatsurel", "emailpribadi", "emailgov"), 200),
    Field(
        "phone",
        N_("Nomor HP"),
        (
            "nohp",
            "nomorhp",
            "hp",
            "nohandphone",
            "nomorhandphone",
            "nowa",
            "nowhatsapp",
            "telepon",
            "notelepon",
            "phone",
        ),
        40,
    ),
    Field(
        "position_kind",
        N_("Jenis jabatan"),
        ("jenisjabatanid", "jenisjabatan", "jenisjabatannama", "positionkind"),
    ),
    Field("siasn_id", N_("pnsOrangId SIASN"), ("pnsorangid", "pnsid", "idpns", "idsiasn", "siasnid"), 40),
    Field(
        "standing",
        N_("Kedudukan hukum"),
        ("kedudukanpnsid", "kedudukanhukumid", "kedudukanhukum", "kedudukanpnsnama", "kedudukanpns"),
    ),
    Field(
        "tmt",
        N_("TMT jabatan atau mutasi"),
        (
            "tmtjabatan",
            "tmtmutasi",
            "tmtpindah",
            "tmtunor",
            "tmtunitkerja",
            "tmttugas",
            "tmt",
            "terhitungmulaitanggal",
            "berlakumulai",
            "berlakumulaitmt",
            "tanggalberlaku",
        ),
    ),
    Field("tmt_left", N_("TMT pensiun atau berhenti"), ("tmtpensiun", "tmtbup", "tmtberhenti", "tanggalpensiun")),
    Field("birth_date", N_("Tanggal lahir (hanya untuk memeriksa NIP)"), ("tanggallahir", "tgllahir", "birthdate")),
)
BY_KEY = {field.key: field for field in FIELDS}

# An import gives no roles; a row that asks for one is refused, so that nobody believes it was given.
ROLE_WORDS = ("peran", "role", "roles", "hakakses")
ROLE = "role"


# What the system has no use for is never read (UU 27/2022 article 16: limited and specific).
_PRIVATE = ("agama", "npwp", "bpjs", "keluarga", "kawin", "taspen", "kartukeluarga", "namaayah", "namaibu", "anakke")
_PRIVATE_WHOLE = ("nik", "noktp", "ktp", "nomorktp", "nonik", "nikktp", "nokk", "askes", "tempatlahir", "tempatlahirid")
_MAIL = ("alamatemail", "alamatsurel")


def private(header: str) -> bool:
    """Whether a column is about religion, address, NIK, taxes, insurance or family."""
    word = bare(header)
    if word.startswith("alamat"):
        return word not in _MAIL
    return word in _PRIVATE_WHOLE or any(part in word for part in _PRIVATE)


def bare(header: str) -> str:
    """A header as it is compared: lower case, letters and digits only."""
    return "".join(sign for sign in header.lower() if sign.isalnum())


def guessed(headers: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """For each field the header that seems to hold it; what was chosen for the same header before comes first."""
    mapping: dict[str, str] = {}
    free = list(headers)
    for key, header in (remembered or {}).items():
        if key in BY_KEY and header in free:
            mapping[key] = header
            free.remove(header)
    by_word = {bare(header): header for header in reversed(free)}
    for field in FIELDS:
        found = next((by_word[word] for word in field.words if word in by_word), None)
        if field.key not in mapping and found is not None and found not in mapping.values():
            mapping[field.key] = found
    role = next((by_word[word] for word in ROLE_WORDS if word in by_word), None)
    return {**mapping, ROLE: role} if role else mapping


def complete(mapping: Mapping[str, str]) -> bool:
    """Whether what an import cannot do without has a column, and the unit, which nobody leaves out on purpose."""
    return all(field.key in mapping for field in FIELDS if field.needed) and bool({"unit", "unor"} & mapping.keys())


def check_mapping(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping without blanks; raises Invalid, by field, for unknown or doubled headers and missing columns."""
    kept = {key: header for key, header in mapping.items() if key in (*BY_KEY, ROLE) and header}
    wrong = {}
    for key, header in kept.items():
        if header not in headers:
            wrong[key] = _("Pilih kolom dari daftar.")
        elif list(kept.values()).count(header) > 1:
            wrong[key] = _("Kolom ini dipilih dua kali. Pilih kolom lain.")
    for field in FIELDS:
        if field.needed and field.key not in kept:
            wrong[field.key] = _("Pilih kolom yang berisi %(what)s.", what=_(field.label))
    if wrong:
        raise Invalid(_("Periksa kolom yang ditandai."), wrong)
    return kept
