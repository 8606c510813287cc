"""People from the shell: imports that are checked first, and codes for first access."""

import csv
import io
import json

import pytest
from sqlalchemy import func, select

from elearn.learning.programmes.models import Nudge
from elearn.people.accounts.models import AccessCode, Person
from tests import academy, world
from tests.people.imports.files import as_csv, nip, row


@pytest.fixture
def roll(own_database, tmp_path):
    """A file with two good rows and a bad one, for the cast's units."""
    with own_database.write() as session:
        world.cast(session)
    file = tmp_path / "pegawai.csv"
    file.write_bytes(as_csv([row(1), row(2), row(3, **{"NIP BARU": "12"})]))
    return file


def known(base, n):
    with base.read() as session:
        return session.scalar(select(func.count()).select_from(Person).filter_by(nip=nip(n)))


def test_checking_prints_counts_and_refused_rows_and_writes_nothing(elearn, own_database, roll):
    ended = elearn("people", "import", roll)
    assert ended.returncode == 0, ended.stderr
    assert "3 rows: 2 new, 0 changed, 0 unchanged, 1 refused" in ended.stdout
    assert "row 4 refused" in ended.stdout
    assert "--apply" in ended.stdout
    assert known(own_database, 1) == 0


def test_the_same_as_data(elearn, roll):
    told = json.loads(elearn("people", "import", roll, "--json").stdout)
    assert (told["applied"], told["rows"]) == (False, 3)
    assert told["counts"]["new"] == 2
    assert told["counts"]["refused"] == 1
    assert [(each["row"], bool(each["reasons"])) for each in told["refused"]] == [(4, True)]


def test_applying_writes_once_however_often(elearn, own_database, roll):
    first = json.loads(elearn("people", "import", roll, "--apply", "--json").stdout)
    assert (first["applied"], first["counts"]["new"]) == (True, 2)
    assert known(own_database, 1) == 1
    again = json.loads(elearn("people", "import", roll, "--apply", "--json").stdout)
    assert (again["counts"]["new"], again["counts"]["unchanged"]) == (0, 2)


def test_codes_go_to_a_file_that_only_its_owner_reads(elearn, own_database, roll, tmp_path):
    target = tmp_path / "kode.csv"
    ended = elearn("people", "import", roll, "--apply", "--codes", target)
    assert ended.returncode == 0, ended.stderr
    assert target.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";"))
    assert [each["NIP"].replace(" ", "") for each in rows] == [nip(1), nip(2)]
    assert all(each["Kode aktivasi"] for each in rows)
    assert rows[0]["Kode aktivasi"] not in ended.stdout


def test_nothing_is_imported_when_the_codes_have_no_place(elearn, own_database, roll, tmp_path):
    (tmp_path / "kode.csv").write_text("kept")
    ended = elearn("people", "import", roll, "--apply", "--codes", tmp_path / "kode.csv")
    assert ended.returncode == 1
    assert known(own_database, 1) == 0
    assert (tmp_path / "kode.csv").read_text() == "kept"


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 1), (b"%PDF-1.7", 1), (b"a;b\r\n1;2\r\n", 1), (b"NIP;Nama\r\n", 0)]
)
def test_a_file_that_is_no_table_of_people_is_refused_with_a_sentence(elearn, tmp_path, content, status):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    ended = elearn("people", "import", file)
    assert ended.returncode == status, ended.stderr
    assert bool(ended.stderr.strip()) == bool(status)


def test_wrong_usage_is_told_apart(bare, tmp_path):
    assert bare("people", "import", tmp_path / "none.csv").returncode == 2
    assert bare("people", "import", tmp_path).returncode == 2
    assert bare("people", "create", "--name", "X").returncode == 2
    assert bare("people", "create", "--name", "X", "--nip", nip(5), "--role", "king").returncode == 2
    assert bare("people", "nonsense").returncode == 2


def test_a_person_is_made_once_with_a_code_and_rules_of_programmes_look_at_once(elearn, own_database):
    with own_database.write() as session:
        cast = world.cast(session)
        academy.a_programme(session, world.a_course(session), None, cast.dewi)
        session.commit()
    words = ("people", "create", "--name", "Dewi Contoh", "--nip", nip(5), "--role", "regency_admin")
    ended = elearn(*words)
    assert ended.returncode == 0, ended.stderr
    assert "/aktivasi" in ended.stdout
    with own_database.read() as session:
        made = session.scalars(select(Person.id).filter_by(nip=nip(5))).one()
        assert session.scalars(select(Nudge.person_id)).all() == [made]
    again = elearn(*words)
    assert again.returncode == 1
    assert "reset-link" in again.stderr
    assert elearn("people", "create", "--name", "X", "--nip", "12").returncode == 1
    assert elearn("people", "create", "--name", "X", "--email", "x").returncode == 1


def test_a_new_code_can_be_had(elearn, own_database, roll):
    with own_database.read() as session:
        ani = session.scalars(select(Person).filter_by(name="Ani Contoh")).one()
    ended = elearn("people", "reset-link", ani.nip)
    assert ended.returncode == 0
    assert f"nip={ani.nip}" in ended.stdout
    with own_database.read() as session:
        assert session.scalars(select(AccessCode).filter_by(person_id=ani.id)).one().purpose == "reset"
    assert elearn("people", "reset-link", "nobody").returncode == 1
