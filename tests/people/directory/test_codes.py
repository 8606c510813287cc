import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts.actions import issue_code
from elearn.people.accounts.models import AccessCode, CodeSheet, Person
from elearn.people.accounts.queries import actor_for, usable_code
from elearn.people.audit.models import AuditEntry
from elearn.people.directory import actions
from elearn.people.directory.queries import lines_of
from tests import world


@pytest.fixture
def newcomers(session, cast):
    """Three who never signed in, one of them elsewhere."""
    made = [
        world.a_person(session, "Hana Contoh", "199001012015012010", cast.sekolah),
        world.a_person(session, "Intan Contoh", "199001012015012011", cast.dinas),
        world.a_person(session, "Joko Contoh", "199001012015011012", cast.kesehatan),
    ]
    for person in made:
        person.activated_at = None
    session.commit()
    return made


def sheet_of(visitor, **wish):
    answer = visitor.post("/opd/kode", wish)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_unit_gets_codes_for_those_who_never_signed_in(session, citra, newcomers):
    assert "2 orang belum pernah masuk" in citra.get("/opd/kode?unit=DIK").text
    place = sheet_of(citra, unit="DIK")
    codes = session.scalars(select(AccessCode)).all()
    assert {code.person_id for code in codes} == {newcomers[0].id, newcomers[1].id}
    page = citra.get(f"{place}?unit=DIK.SD1")
    assert page.headers["cache-control"] == "no-store"
    assert "Hana Contoh" in page.text
    assert "Joko Contoh" not in page.text


def test_the_code_on_paper_opens_the_account(session, citra, guest, newcomers, cast):
    place = sheet_of(citra, unit="DIK.SD1")
    sheet = session.scalars(select(CodeSheet)).one()
    line = lines_of(session, citra.actor, sheet, sheet.created_at)[0]
    assert line.code in citra.get(f"{place}/slip").text
    form = {"identifier": line.nip, "code": line.code.lower(), "password": "kuda laut biru"}
    assert guest.post("/aktivasi", form).status_code == 303
    assert line.code not in citra.get(f"{place}/slip").text, "a used code leaves the sheet"


def test_the_table_holds_nip_as_text_and_is_never_kept(session, citra, newcomers):
    place = sheet_of(citra, unit="DIK")
    answer = citra.get(f"{place}/xlsx")
    assert answer.headers["cache-control"] == "no-store"
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 3
    assert "199001012015012010" in str(rows).replace(" ", "")
    assert len(rows[1][3]) == 14


def test_nobody_but_the_maker_opens_a_sheet(session, citra, dewi, fitri, newcomers):
    place = sheet_of(citra, unit="DIK")
    for visitor in (dewi, fitri):
        for part in ("", "/slip", "/xlsx"):
            assert visitor.get(place + part).status_code == 404


def test_a_sheet_is_seen_for_a_day_and_its_codes_go_on(session, citra, newcomers, now):
    place = sheet_of(citra, unit="DIK.SD1")
    sheet = session.scalars(select(CodeSheet)).one()
    code = lines_of(session, citra.actor, sheet, sheet.created_at)[0].code
    sheet.visible_until = sheet.created_at - timedelta(minutes=1)
    session.commit()
    assert citra.get(place).status_code == 409
    actions.forget_sheets(session, Actor.system("tests"), sheet.created_at)
    session.expire_all()
    assert sheet.nonce is None
    assert usable_code(session, newcomers[0], code, sheet.created_at) is not None


def test_no_code_stands_in_the_database_or_the_audit(session, citra, newcomers):
    sheet_of(citra, unit="DIK.SD1")
    sheet = session.scalars(select(CodeSheet)).one()
    code = lines_of(session, citra.actor, sheet, sheet.created_at)[0].code
    rows = [*session.scalars(select(AccessCode)), *session.scalars(select(AuditEntry)), sheet]
    assert code not in str([vars(row) for row in rows])


def test_new_codes_end_the_old_ones(session, cast, citra, newcomers, now):
    hana = newcomers[0]
    hana.unit = cast.sekolah
    old = issue_code(session, Actor.system("tests"), hana, "activation", now)
    session.commit()
    sheet_of(citra, person=[hana.public_id])
    assert usable_code(session, hana, old, now) is None


def test_a_foreign_person_or_unit_in_the_form_is_not_found(session, citra, newcomers):
    assert citra.post("/opd/kode", {"unit": "KES"}).status_code == 404
    assert citra.post("/opd/kode", {"person": [newcomers[0].public_id, newcomers[2].public_id]}).status_code == 404
    assert citra.get(f"/opd/kode?orang={newcomers[2].public_id}").status_code == 404
    assert session.scalars(select(CodeSheet)).all() == []


def test_people_with_a_role_are_left_out_of_an_opd_admins_sheet(session, cast, citra, dewi, newcomers):
    other = world.a_person(session, "Kiki Contoh", "199001012015012013", cast.dinas, Role.REGENCY_ADMIN)
    other.activated_at = None
    session.commit()
    sheet_of(citra, unit="DIK")
    assert session.scalars(select(AccessCode).filter_by(person_id=other.id)).all() == []
    sheet_of(dewi, unit="DIK")
    assert session.scalars(select(AccessCode).filter_by(person_id=other.id)).all() != []


def test_a_large_sheet_is_a_job_that_gives_everybody_one_code(own_database, now):
    with own_database.write() as session:
        cast = world.cast(session)
        for n in range(450):
            world.a_person(session, f"Nama {n}", f"19900101201501{n:04}", cast.sekolah).activated_at = None
        actor = actor_for(session, cast.citra.id)
        sheet = actions.start_sheet(session, actor, cast.dinas, [], now)
        session.commit()
        assert sheet.job_id
        assert session.scalars(select(AccessCode)).all() == []
    assert run_pending(own_database.write) >= 1
    with own_database.read() as session:
        assert session.scalars(select(Job).filter_by(kind="directory.fill_code_sheet")).one().state == "done"
        waiting = session.scalars(select(Person.id).where(Person.activated_at.is_(None))).all()
        codes = session.scalars(select(AccessCode).where(AccessCode.used_at.is_(None))).all()
        assert sorted(code.person_id for code in codes) == sorted(waiting)
        found = session.get_one(CodeSheet, sheet.id)
        assert len({line.code for line in lines_of(session, actor, found, now)}) == 450


def test_a_large_sheet_comes_a_page_at_a_time(session, citra, cast, monkeypatch):
    """However many people a sheet has, its page reads as many as it shows; nobody is left out or shown twice."""
    monkeypatch.setattr("elearn.people.directory.pages.codes.SHOWN", 2)
    for n in range(5):
        world.a_person(session, f"Orang {n} Contoh", f"19900101201501{n:04}", cast.sekolah).activated_at = None
    session.commit()
    place = sheet_of(citra, unit="DIK")
    pages = [citra.get(f"{place}?halaman={n}").text for n in (1, 2, 3)]
    for n in range(5):
        assert [f"Orang {n} Contoh" in page for page in pages].count(True) == 1
    assert "halaman=2" in pages[0]
    for strange in ("0", "-3", "99", "9999999999999999999999"):
        assert citra.get(f"{place}?halaman={strange}").status_code == 200
    assert citra.get(f"{place}?halaman=x").status_code in (200, 404, 422)
    assert citra.get(f"{place}/slip").text.count('class="e-slip"') == 5, "paper holds everybody"
