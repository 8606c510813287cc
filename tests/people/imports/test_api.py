"""People imported by a program: upload, check without writing, apply as a job."""

import pytest
from sqlalchemy import func, select

from elearn.foundation.jobs.worker import run_pending
from elearn.people.accounts.models import Person
from elearn.people.imports.models import Roster
from tests.people.imports.files import HEADERS, as_csv, row

IMPORTS = "/api/v1/people-imports"


@pytest.fixture
def program(dewi):
    return dewi.program("people:import")


def bring(program, rows, headers=HEADERS):
    answer = program.post(IMPORTS, files={"file": ("pegawai.csv", as_csv(rows, headers))})
    assert answer.status_code == 201, answer.text
    return answer.json()


def people(session):
    return session.scalar(select(func.count(Person.id)))


def test_checked_first_then_applied_by_a_job_and_twice_is_the_same_as_once(program, session, database, cast):
    before = people(session)
    known = row(0, **{"NIP BARU": cast.ani.nip, "NAMA": "Ani Contoh", "EMAIL": "", "JABATAN NAMA": "Kepala Sekolah"})
    brought = bring(program, [row(1), row(2), known, row(3, **{"NIP BARU": "12"})])
    assert (brought["state"], brought["columns"]["nip"]) == ("uploaded", "NIP BARU")
    place = f"{IMPORTS}/{brought['id']}"
    check = program.get(f"{place}/check").json()
    assert check["applied"] is False
    assert {key: check["counts"][key] for key in ("new", "changed", "refused")} == {
        "new": 2,
        "changed": 1,
        "refused": 1,
    }
    assert [(each["row"], each["name"]) for each in check["new"]] == [(2, "Pegawai Contoh 1"), (3, "Pegawai Contoh 2")]
    changes = {each["field"]: (each["before"], each["after"]) for each in check["changed"][0]["changes"]}
    assert changes["position"] == ("Guru Ahli Pertama", "Kepala Sekolah")
    assert [(each["row"], each["nip"], len(each["reasons"])) for each in check["refused"]] == [(5, "12", 1)]
    assert people(session) == before

    asked = program.put(f"{place}/application")
    assert (asked.status_code, asked.json()["job"]["state"]) == (202, "waiting")
    assert program.put(f"{place}/application").json()["job"]["id"] == asked.json()["job"]["id"]
    run_pending(database.write)
    session.expire_all()
    done = program.get(place).json()
    assert (done["state"], done["job"]["state"], done["counts"]["new"]) == ("applied", "done", 2)
    assert done["codes_page"].startswith("/opd/kode/")
    assert people(session) == before + 2
    report = program.get(f"{place}/check").json()
    assert report["applied"] is True
    assert report["refused"] == check["refused"]
    assert program.put(f"{place}/application").status_code == 409
    again = bring(program, [row(1), row(2)])
    counts = program.get(f"{IMPORTS}/{again['id']}/check").json()["counts"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 2)


def test_columns_that_are_not_told_by_their_headers_are_matched_by_hand(program):
    headers = ("A", "B", "C")
    brought = bring(program, [["198501012010012001", "Ani Contoh", "DIK"]], headers)
    place = f"{IMPORTS}/{brought['id']}"
    assert brought["columns"] is None
    assert program.get(f"{place}/check").status_code == 409
    assert program.put(f"{place}/application").status_code == 409
    refused = program.put(f"{place}/columns", json={"nip": "A", "name": "Z"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["name"])
    matched = program.put(f"{place}/columns", json={"nip": "A", "name": "B", "unit": "C"})
    assert matched.json()["columns"] == {"nip": "A", "name": "B", "unit": "C"}
    assert program.get(f"{place}/check").status_code == 200


@pytest.mark.parametrize("content", [b"", b"NIP;Nama\n", b"%PDF-1.4", b"PK\x03\x04 rusak", b"\x00\x01;\n"])
def test_a_file_that_is_no_table_of_people_is_refused_and_not_kept(program, session, content):
    refused = program.post(IMPORTS, files={"file": ("pegawai.csv", content)})
    assert refused.status_code == 422
    assert refused.json()["detail"]
    assert session.scalars(select(Roster)).all() == []


def test_without_a_file_the_form_is_refused(program):
    assert program.post(IMPORTS, files={"other": ("a.csv", b"x")}).json()["errors"]["file"] == "Pilih berkas."
    assert program.post(IMPORTS, json={}).status_code == 422
    assert program.post(IMPORTS).status_code == 422


def test_files_come_a_page_at_a_time_the_latest_first(program):
    brought = [bring(program, [row(n)])["id"] for n in range(3)]
    first = program.get(f"{IMPORTS}?limit=2").json()
    rest = program.get(f"{IMPORTS}?limit=2&after={first['next']}").json()
    assert [each["id"] for each in first["items"] + rest["items"]] == brought[::-1]


def test_a_file_above_the_limit_is_too_large(program, monkeypatch, session):
    monkeypatch.setattr("elearn.people.imports.api.MAX_BYTES", 100)
    refused = program.post(IMPORTS, files={"file": ("pegawai.csv", b"x" * 200)})
    assert (refused.status_code, list(refused.json()["errors"])) == (413, ["file"])
    assert session.scalar(select(func.count(Roster.id))) == 0


def test_the_shorter_address_leads_to_the_import_of_people(dewi, citra):
    assert dewi.get("/impor").headers["location"] == "/impor/pegawai"
    assert citra.get("/impor").status_code == 403
