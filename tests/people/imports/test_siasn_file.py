"""A file of people with the names of SIASN's data-utama: what is read, what never is, who is who."""

import re

from sqlalchemy import select

from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.people.accounts.models import Person, Placement, WebSession
from elearn.people.audit.models import AuditEntry
from elearn.people.imports.columns import private
from elearn.people.imports.models import Roster
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine
from tests import world
from tests.people.imports.files import as_csv, nip
from tests.standards.siasn.ledger import a_line

HEADERS = (
    "pnsOrangId",
    "nipBaru",
    "nama",
    "gelarDepan",
    "gelarBelakang",
    "tglLahir",
    "nik",
    "agama",
    "alamat",
    "noNpwp",
    "emailGov",
    "noHp",
    "jenisPegawaiNama",
    "kedudukanPnsId",
    "unorId",
    "unorNama",
    "jenisJabatanId",
    "jabatanNama",
    "golRuangAkhir",
)
SCHOOL = "A8ACA7397AFC3912E040640A040269BB"
SECRETS = ("3173010101900001", "CANARY-AGAMA", "CANARY-ALAMAT", "CANARY-NPWP")


def siasn_id(n):
    return f"{n:032X}"


def record(n, **fields):
    given = {
        "pnsOrangId": siasn_id(n).lower(),
        "nipBaru": nip(n),
        "nama": f"Pegawai Contoh {n}",
        "gelarBelakang": "S.Pd.",
        "tglLahir": f"{nip(n)[6:8]}-{nip(n)[4:6]}-{nip(n)[:4]}",
        "nik": SECRETS[0],
        "agama": SECRETS[1],
        "alamat": SECRETS[2],
        "noNpwp": SECRETS[3],
        "jenisPegawaiNama": "PNS",
        "kedudukanPnsId": "01",
        "unorId": SCHOOL,
        "unorNama": "Nama di SIASN yang lain",
        "jenisJabatanId": "2",
        "jabatanNama": "Guru Ahli Pertama",
        "golRuangAkhir": "III/a",
    }
    return [{**given, **fields}.get(header, "") for header in HEADERS]


def imported(client, database, *rows):
    """The dry run's page, and the report's after the import ran."""
    files = {"file": ("data-utama.csv", as_csv(rows, HEADERS))}
    check = client.post("/impor/pegawai", files=files).headers["location"]
    assert check.endswith("/periksa")
    page = client.get(check).text
    client.post(check.replace("periksa", "jalankan"))
    run_pending(database.write)
    return page, client.get(check.removesuffix("/periksa")).text


def known(session, n):
    session.expire_all()
    return session.scalars(select(Person).filter_by(siasn_id=siasn_id(n))).all()


def test_a_siasn_file_is_read_column_by_column_and_a_changed_nip_finds_its_person(dewi, session, database, cast):
    cast.sekolah.siasn_unor_id = SCHOOL
    session.commit()
    page, _report = imported(dewi, database, record(1), record(2))
    assert "diubah" in page
    [person] = known(session, 1)
    assert (person.nip, person.title_after, person.position_kind, person.unit_id) == (
        nip(1),
        "S.Pd.",
        "fungsional",
        cast.sekolah.id,
    )
    page, _report = imported(dewi, database, record(1, nipBaru=nip(900), jenisJabatanId="4"))
    assert nip(900)[:8] in page
    [again] = known(session, 1)
    assert (again.id, again.nip, again.position_kind) == (person.id, nip(900), "pelaksana")


def test_what_nobody_needs_to_know_is_in_no_file_no_page_and_no_row(dewi, session, database, cast):
    cast.sekolah.siasn_unor_id = SCHOOL
    session.commit()
    page, report = imported(dewi, database, record(1), record(2, nipBaru="123"))
    assert "Ditolak" in page
    [roster] = session.scalars(select(Roster)).all()
    assert not [header for header in roster.headers if private(header)]
    kept = page + report + str(roster.report) + store().read(roster.storage_key).decode()
    kept += str([entry.after for entry in session.scalars(select(AuditEntry))])
    assert [secret for secret in SECRETS if secret in kept] == []
    # The rows keep the numbers that the person sees in the file.
    assert re.search("Baris.3<", report)
    assert [key for key in store().keys("") if SECRETS[1].encode() in store().read(key)] == []


def test_who_is_mixed_up_is_refused_and_nothing_of_it_is_written(dewi, session, database, cast):
    cast.sekolah.siasn_unor_id = SCHOOL
    session.commit()
    imported(dewi, database, record(1), record(2))
    page, _report = imported(
        dewi,
        database,
        record(1, pnsOrangId=siasn_id(2)),
        record(2, pnsOrangId=siasn_id(77)),
        record(3, pnsOrangId="bukan-id"),
        record(4, unorId="TAK-DIKENAL", unorNama=""),
        record(5, kedudukanPnsId="99"),
    )
    for told in ("milik", "berbeda", "bukan id SIASN", "TAK-DIKENAL", "pensiun"):
        assert told in page
    assert [known(session, 1)[0].nip, known(session, 2)[0].nip] == [nip(1), nip(2)]
    assert session.scalar(select(Person).filter_by(nip=nip(5))) is None


def test_a_new_name_and_a_new_unit_leave_certificates_and_jp_as_they_were(dewi, session, database, cast):
    other = world.a_unit(session, "LAIN", "Sekolah Lain", cast.dinas)
    other.siasn_unor_id = SCHOOL
    line = a_line(session, cast.ani, 9)
    session.commit()
    printed = session.scalars(select(Certificate).filter_by(person_id=cast.ani.id)).one().facts
    said, name = (line.unit_id, line.jp_recognised, line.title), cast.ani.name
    imported(dewi, database, record(1, nipBaru=cast.ani.nip, tglLahir="", nama="Nama Sesudah Berganti"))
    [person] = known(session, 1)
    assert (person.name, person.unit_id) == ("Nama Sesudah Berganti", other.id)
    kept = session.scalars(select(Certificate).filter_by(person_id=person.id)).one().facts
    assert (kept, kept["name"]) == (printed, name)
    line = session.get_one(LedgerLine, line.id)
    assert (line.unit_id, line.jp_recognised, line.title) == said
    places = session.scalars(select(Placement).filter_by(person_id=person.id, valid_to=None)).all()
    assert [place.unit_id for place in places] == [other.id]


def test_who_has_left_is_shut_out_and_keeps_the_past(dewi, ani, session, database, cast):
    cast.sekolah.siasn_unor_id = SCHOOL
    session.commit()
    ani.get("/")
    imported(dewi, database, record(1, nipBaru=cast.ani.nip, tglLahir="", kedudukanPnsId="98"))
    [person] = known(session, 1)
    assert (person.id, person.status, person.left_as) == (cast.ani.id, "left", "pensiun")
    assert "Pensiun" in dewi.get(f"/opd/pegawai/{person.public_id}").text
    assert session.scalars(select(WebSession).filter_by(person_id=person.id)).all() == []
    assert session.scalars(select(Placement).filter_by(person_id=person.id, valid_to=None)).all() == []
    page, _report = imported(dewi, database, record(9, nipBaru=cast.dewi.nip, tglLahir="", kedudukanPnsId="99"))
    assert "Ini akun Anda sendiri" in page
    session.expire_all()
    assert session.get(Person, cast.dewi.id).active
