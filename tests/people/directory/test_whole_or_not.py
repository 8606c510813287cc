"""A refused form is shown again, and nothing of what it had begun stays."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from elearn.learning.enrolment import actions as enrolment
from elearn.learning.enrolment.models import EnrolmentBatch
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import AccessCode, CodeSheet, Person, Placement, RoleGrant
from elearn.people.audit.models import AuditEntry
from elearn.people.directory import actions
from elearn.people.organisation.models import Unit
from elearn.people.organisation.rules import LONGEST_PATH
from tests import world


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_sheet_with_one_who_may_not_be_helped_is_not_made(session, cast, citra):
    leader = world.a_person(session, "Lina Contoh", "199001012015012013", cast.sekolah, Role.INSTRUCTOR)
    session.commit()
    notes = count(session, AuditEntry)
    sent = citra.post("/opd/kode", {"person": [cast.ani.public_id, leader.public_id]})
    assert sent.status_code == 422
    assert "memegang peran" in sent.text
    assert (count(session, CodeSheet), count(session, AccessCode), count(session, AuditEntry)) == (0, 0, notes)


def test_a_unit_too_deep_is_not_added(session, cast, dewi):
    cast.sekolah.path = "/" + "1" * (LONGEST_PATH - 3) + "/"
    session.commit()
    before = count(session, Unit)
    sent = dewi.post("/kelola/unit/baru", {"code": "DALAM", "name": "Contoh", "kind": "opd", "parent": "DIK.SD1"})
    assert sent.status_code == 422
    assert 'value="DALAM"' in sent.text
    assert count(session, Unit) == before


def test_an_enrolment_that_meets_a_twin_leaves_no_batch(session, cast, dewi, monkeypatch):
    course = world.a_course(session)
    session.commit()

    def twin(*_given):
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr(enrolment, "insert", twin)
    sent = dewi.post("/kelola/pendaftaran", {"course": course.slug, "by": "unit", "unit": "DIK"})
    assert sent.status_code == 422
    assert "baru saja mendaftar sendiri" in sent.text
    assert count(session, EnrolmentBatch) == 0


def test_the_same_nip_at_the_same_moment_is_told_and_nothing_is_changed(session, cast, dewi, monkeypatch):
    monkeypatch.setattr(actions, "_refuse_twins", lambda *_given: None)
    form = {"name": "Ani Lain", "nip": cast.eko.nip, "asn_kind": "PNS", "unit": "DIK"}
    sent = dewi.post(f"/opd/pegawai/{cast.ani.public_id}/ubah", form)
    assert sent.status_code == 422
    assert "baru saja dipakai" in sent.text
    assert 'value="Ani Lain"' in sent.text
    session.expire_all()
    assert session.scalar(select(Person.name).filter_by(id=cast.ani.id)) == "Ani Contoh"


def test_an_id_that_is_not_there_stays_not_found(session, cast, dewi):
    sent = dewi.post(f"/kelola/pengguna/{cast.ani.public_id}/peran/cabut", {"role": "instructor"})
    assert sent.status_code == 404
    assert count(session, RoleGrant) == 5


@pytest.mark.parametrize("places", [("KES", "DIK"), ("KES", "DIK.SD1")])
def test_two_moves_on_a_day_leave_one_place(session, cast, dewi, places):
    person = f"/opd/pegawai/{cast.ani.public_id}/ubah"
    for unit in places:
        form = {"name": cast.ani.name, "nip": cast.ani.nip, "asn_kind": "PNS", "unit": unit}
        assert dewi.post(person, form).status_code == 303
    kept = session.scalars(select(Placement).filter_by(person_id=cast.ani.id)).all()
    assert [each.valid_to for each in kept] == [None]
    assert session.get_one(Unit, kept[0].unit_id).code == places[-1]
