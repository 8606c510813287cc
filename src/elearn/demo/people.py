"""The demo's people: units, somebody in every role with a password that is told, and some sixty more."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import OF_A_UNIT, Role
from elearn.people.accounts.models import Person, Placement, RoleGrant
from elearn.people.accounts.passwords import hash_password
from elearn.people.accounts.queries import actor_for
from elearn.people.organisation.models import Unit

FOUNDED = date(2024, 1, 1)


@dataclass(frozen=True)
class Account:
    """A demo account that the operator is told about."""

    role: str
    nip: str
    name: str
    password: str
    unit: str
    position: str = ""


ACCOUNTS = (
    Account("learner", "198501012010012000", "Siti Contohwati", "contoh-peserta-1", "DIK.SD1"),
    Account("instructor", "197702022003011000", "Ratna Umpama", "contoh-pengajar-1", "BKP"),
    Account("instructor", "197903032005011000", "Bayu Andaikan", "contoh-pengajar-2", "BKP"),
    Account("opd_admin", "198204042008012000", "Hasna Teladan", "contoh-adminopd-1", "DIK"),
    Account("regency_admin", "197505052000031000", "Hasan Teladan", "contoh-admin-1", "BKP"),
    Account("head", "196806062001011000", "Wulan Seumpama", "contoh-pimpinan-1", "DIK", "Kepala Dinas Contoh"),
    Account("head", "196707071999031000", "Darma Seumpama", "contoh-pimpinan-2", "KAB", "Sekretaris Daerah Contoh"),
    Account(
        "signer", "197008082002011000", "Bambang Misalkan", "contoh-penandatangan-1", "BKP", "Kepala BKPSDM Contoh"
    ),
)

UNITS = (
    ("KAB", "", "instansi", "Pemerintah Kabupaten Contoh"),
    ("BKP", "KAB", "opd", "BKPSDM Contoh"),
    ("INS", "KAB", "opd", "Inspektorat Contoh"),
    ("DIK", "KAB", "opd", "Dinas Pendidikan Contoh"),
    ("DIK.SEK", "DIK", "bidang", "Sekretariat Dinas Pendidikan Contoh"),
    ("DIK.SD1", "DIK", "sekolah", "SDN 1 Contoh Hulu"),
    ("DIK.SD2", "DIK", "sekolah", "SDN 2 Contoh Hilir"),
    ("DIK.SMP1", "DIK", "sekolah", "SMPN 1 Contoh"),
    ("KES", "KAB", "opd", "Dinas Kesehatan Contoh"),
    ("KES.PKM1", "KES", "puskesmas", "Puskesmas Contoh Tengah"),
    ("KES.PKM2", "KES", "puskesmas", "Puskesmas Contoh Seberang"),
    ("KOM", "KAB", "opd", "Dinas Kominfo Contoh"),
    ("KEC", "KAB", "kecamatan", "Kecamatan Contoh"),
    ("KEC.KEL", "KEC", "kelurahan", "Kelurahan Contoh Indah"),
)

_FIRST = [
    "Joko",
    "Ani",
    "Wati",
    "Dewi",
    "Agus",
    "Rina",
    "Budi",
    "Maya",
    "Eka",
    "Tono",
    "Lina",
    "Hadi",
    "Yuni",
    "Rudi",
    "Sari",
    "Dodi",
    "Nia",
    "Andi",
    "Tuti",
    "Bagus",
    "Ira",
    "Doni",
    "Fitri",
    "Gani",
    "Hani",
    "Indra",
    "Juli",
    "Karim",
    "Laras",
    "Mila",
    "Nanda",
    "Oki",
    "Putri",
    "Rafi",
    "Sinta",
    "Tari",
    "Umar",
    "Vina",
    "Wawan",
    "Yanti",
    "Zaki",
    "Arif",
    "Bela",
    "Citra",
    "Dimas",
    "Elsa",
    "Fajar",
    "Gita",
    "Heru",
    "Intan",
    "Jaya",
    "Kiki",
    "Luki",
    "Mega",
    "Novi",
]
_LAST = ("Misalnya", "Umpama", "Andaikan", "Percontohan", "Seumpama")
_LEAVES = (
    "DIK.SD1",
    "DIK.SD2",
    "DIK.SMP1",
    "DIK.SEK",
    "KES.PKM1",
    "KES.PKM2",
    "KOM",
    "KEC.KEL",
    "KEC",
    "INS",
    "BKP",
)
_POSITIONS = {
    "sekolah": "Guru Ahli Pertama",
    "puskesmas": "Perawat Terampil",
    "kelurahan": "Pengadministrasi Umum",
}
# The kind of position, on which the estimate of IP ASN rests; the other positions are functional ones.
_KINDS = {
    "Pengadministrasi Umum": "pelaksana",
    "Kepala Dinas Contoh": "struktural",
    "Sekretaris Daerah Contoh": "struktural",
    "Kepala BKPSDM Contoh": "struktural",
}


def load_people(session: Session, now: datetime) -> None:
    """The unit tree and some 60 people; nothing happens when they are there already."""
    if session.scalar(select(Unit.id).limit(1)) is not None:
        return
    units = _units(session)
    # One hash for all: the demo starts in a second, and its passwords are public anyway.
    hashes = {account.password: hash_password(account.password) for account in ACCOUNTS}
    for account in ACCOUNTS:
        person = _person(session, account.name, account.nip, units[account.unit], now, account.position)
        person.siasn_id = f"C097{account.nip:0>28}"
        person.password_hash = hashes[account.password]
        person.password_set_at = person.activated_at = now
        if account.role in (Role.OPD_ADMIN, Role.REGENCY_ADMIN):
            # Whom the help page names, with a way to reach them.
            person.email = f"{account.role.replace('_', '.')}@contoh.example"
        if account.role != "learner":
            scope = units[account.unit].id if account.role in OF_A_UNIT else None
            session.add(RoleGrant(person_id=person.id, role=account.role, unit_id=scope, granted_at=now))
    for n, first in enumerate(_FIRST):
        born, since = date(1975 + n % 22, 1 + n % 12, 1 + n % 27), 2005 + n % 19
        middle = f"{since}{1 + n % 12:02d}" if n % 3 else f"{max(since, 2021)}21"
        nip = f"{born:%Y%m%d}{middle}{1 + n % 2}000"
        unit = units[_LEAVES[n % len(_LEAVES)]]
        person = _person(session, f"{first} {_LAST[n % len(_LAST)]}", nip, unit, now)
        person.asn_kind = "PNS" if n % 3 else "PPPK"
        person.activated_at = now if n % 5 else None
        # Most have been read from SIASN; the others' records are refused, and the page says why.
        person.siasn_id = f"C097{n:028X}" if n % 7 else None
    session.flush()


def _units(session: Session) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for code, parent, kind, name in UNITS:
        above = made.get(parent)
        unit = Unit(
            code=code,
            name=name,
            kind=kind,
            path="",
            parent_id=above.id if above else None,
            valid_from=FOUNDED,
        )
        session.add(unit)
        session.flush()
        unit.path = f"{above.path if above else '/'}{unit.id}/"
        made[code] = unit
    session.flush()
    return made


def _person(session: Session, name: str, nip: str, unit: Unit, now: datetime, position: str = "") -> Person:
    position = position or _POSITIONS.get(unit.kind, "Analis SDM Aparatur")
    person = Person(
        public_id=new_id(),
        nip=nip,
        name=name,
        unit_id=unit.id,
        position=position,
        position_kind=_KINDS.get(position, "fungsional"),
        created_at=now,
    )
    session.add(person)
    session.flush()
    session.add(Placement(person_id=person.id, unit_id=unit.id, position=person.position, valid_from=FOUNDED))
    return person


def system() -> Actor:
    """Who loads the demo."""
    return Actor.system("demo")


def acting(session: Session, role: str) -> Actor:
    """The first of the accounts with this role, as who acts."""
    nip = next(account.nip for account in ACCOUNTS if account.role == role)
    actor = actor_for(session, session.scalars(select(Person.id).filter_by(nip=nip)).one())
    assert actor is not None  # noqa: S101 - the demo's people are active
    return actor
