"""The unit tree from a file: checked first, history kept, nothing below itself, and JP that stay where they were."""

import csv
import io

import pytest
from sqlalchemy import select

from elearn.people.accounts.models import Person, Placement
from elearn.people.organisation.models import Unit, UnitHistory
from elearn.recognition.learning_hours.models import LedgerLine
from tests import world
from tests.standards.siasn.ledger import a_line

HEADERS = ("Kode", "Kode induk", "Nama", "Nama pendek", "Jenis", "siasn_unor_id", "Berlaku sejak", "Berlaku sampai")


def brought(client, *rows):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADERS, *([*row, *[""] * (8 - len(row))] for row in rows)])
    return client.post("/impor/unit", files={"file": ("unit.csv", text.getvalue().encode())}).headers["location"]


def imported(client, *rows):
    place = brought(client, *rows)
    assert client.post(f"{place}/jalankan").status_code == 303
    return client.get(place).text


def tree(session):
    session.expire_all()
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    return {unit.code: units[unit.parent_id].code if unit.parent_id else "" for unit in units.values()}


def unit(session, code):
    session.expire_all()
    return session.scalars(select(Unit).filter_by(code=code)).one()


def test_new_units_come_with_their_parents_in_any_order_and_twice_is_once(dewi, session, cast):
    rows = [
        ("BARU.A", "BARU", "Bidang Baru", "BB", "Bidang atau bagian", "", "01-02-2026"),
        ("baru", cast.kabupaten.code, "Dinas Baru", "", "dinas", "a8aca7397afc3912e040640a040269bb", "2026-01-01"),
    ]
    place = brought(dewi, *rows)
    assert "Ini baru pemeriksaan" in dewi.get(place).text
    assert "BARU" not in tree(session)
    imported(dewi, *rows)
    assert (tree(session)["BARU.A"], tree(session)["BARU"]) == ("BARU", cast.kabupaten.code)
    made = unit(session, "BARU")
    assert (made.kind, made.siasn_unor_id, f"{made.valid_from}") == (
        "opd",
        "A8ACA7397AFC3912E040640A040269BB",
        "2026-01-01",
    )
    assert "sudah sama" in dewi.get(brought(dewi, *rows)).text
    assert dewi.post(f"{place}/jalankan").status_code == 303
    assert dewi.post(f"{place}/jalankan").status_code == 409


def test_a_move_and_a_new_name_keep_what_was_and_places_may_be_swapped(dewi, session, cast):
    top, office, school = cast.kabupaten.code, cast.dinas, cast.sekolah
    imported(
        dewi,
        (school.code, top, "Sekolah Pindahan", "", "", "", "2026-06-01"),
        (office.code, school.code, office.name),
    )
    found = tree(session)
    assert (found["DIK"], found[school.code]) == (school.code, top)
    assert unit(session, "DIK").path.startswith(unit(session, school.code).path)
    kept = session.scalars(select(UnitHistory).filter_by(unit_id=school.id)).all()
    assert [entry.name for entry in kept] == ["SD Contoh"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("X", "TIADA", "Tanpa Induk"), "TIADA tidak dikenal"),
        (("X", "", "Atas Kedua"), "Hanya satu unit"),
        (("X", "X", "Diri Sendiri"), "di bawah dirinya sendiri"),
        (("DIK", "DIK.SD", "Dinas"), "di bawah dirinya sendiri"),
        (("X!", "DIK", "Kode Aneh"), "Kode berisi huruf"),
        (("X", "DIK", "=1+1"), "berisi rumus"),
        (("X", "DIK", "Aneh", "", "planet"), "planet tidak dikenal"),
        (("X", "DIK", "Kapan", "", "", "", "31-02-2026"), "tidak terbaca"),
        (("X", "DIK", "Nanti", "", "", "", "01-01-2999"), "belum tiba"),
        (("X", "DIK", "Tutup", "", "", "", "", "01-01-2026"), "belum ada"),
        (("DIK", "KAB", "Dinas", "", "", "", "", "01-01-2026"), "Masih ada"),
        (("X", "DIK", ""), "belum diisi"),
    ],
)
def test_each_bad_row_is_told_and_nothing_of_it_is_written(dewi, session, cast, row, told):
    names = {"DIK": cast.dinas.code, "DIK.SD": cast.sekolah.code, "KAB": cast.kabupaten.code}
    row = tuple(names.get(cell, cell) for cell in row)
    before = tree(session)
    place = brought(dewi, row, ("ANAK", row[0], "Anak dari Baris Itu") if row[0] == "X" else row)
    page = dewi.get(place).text
    assert told in page
    assert row[0] in ("DIK", "X!") or "Induknya X ditolak" in page or told.startswith("Kode berisi")
    dewi.post(f"{place}/jalankan")
    assert tree(session) == before


def test_a_unit_closes_when_its_people_are_gone_and_old_jp_stay_with_it(dewi, session, cast):
    line = a_line(session, cast.ani, 9)
    other = world.a_unit(session, "LAIN", "Sekolah Lain", cast.dinas)
    session.commit()
    closing = (cast.sekolah.code, cast.dinas.code, cast.sekolah.name, "", "", "", "", "2026-11-01")
    assert "Masih ada" in dewi.get(brought(dewi, closing)).text
    form = {"name": "Ani Nama Baru", "nip": cast.ani.nip, "unit": other.code, "asn_kind": "PNS", "position": "Guru"}
    assert dewi.post(f"/opd/pegawai/{cast.ani.public_id}/ubah", form).status_code == 303
    for person in session.scalars(select(Person).filter_by(unit_id=cast.sekolah.id)):
        person.unit_id = other.id
    session.commit()
    imported(dewi, closing)
    assert f"{unit(session, cast.sekolah.code).valid_to}" == "2026-11-01"
    kept = session.get_one(LedgerLine, line.id)
    assert (kept.unit_id, kept.jp_recognised) == (cast.sekolah.id, 9)
    places = session.scalars(select(Placement).filter_by(person_id=cast.ani.id).order_by(Placement.id)).all()
    assert places[-1].unit_id == other.id


def test_only_the_regencys_admin_brings_units_and_sees_his_file(dewi, citra, ani, session, cast):
    place = brought(dewi, ("X", cast.dinas.code, "Contoh"))
    for visitor in (citra, ani):
        assert visitor.get("/impor/unit").status_code == 403
        assert visitor.get(place).status_code == 404
        assert visitor.post(f"{place}/jalankan").status_code == 404
    answer = dewi.post("/impor/unit", files={"file": ("unit.csv", b"Nama;Jenis\nA;opd\n")})
    assert answer.status_code == 422
    assert "Kode induk" in answer.text
