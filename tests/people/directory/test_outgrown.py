"""Z5: who moves out of a unit does not go on looking after it, whichever way the move comes in."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.jobs.worker import run_pending
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import Person, Placement, RoleGrant
from elearn.people.accounts.rules import outgrows
from elearn.people.audit.models import AuditEntry
from tests import world
from tests.people.imports.files import as_csv, nip, row

FAR = "/opd/pegawai/{}/ubah"


def grants(session, person):
    return [(each.role, each.unit_id) for each in session.scalars(select(RoleGrant).filter_by(person_id=person.id))]


def move(dewi, person, unit, **fields):
    given = {"name": person.name, "nip": person.nip, "position": person.position, "unit": unit, **fields}
    return dewi.post(FAR.format(person.public_id), given)


@pytest.mark.words_alone
@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [("/1/2/", "/1/3/", True), ("/1/2/9/", "/1/3/", True), ("/1/2/", "/1/2/9/", False), ("/1/4/", "/1/3/", False)],
)
def test_only_who_worked_in_the_subtree_goes_out_of_it(before, after, goes):
    assert outgrows("/1/2/", before, after) == goes


def test_moving_an_admin_asks_what_becomes_of_the_role_and_taking_it_acts_at_once(session, cast, citra, dewi):
    assert citra.get("/opd").status_code == 200
    assert "Dicabut bila ia pindah" in dewi.get(FAR.format(cast.citra.public_id)).text
    assert "Dicabut bila ia pindah" not in dewi.get(FAR.format(cast.ani.public_id)).text
    refused = move(dewi, cast.citra, "KES")
    assert refused.status_code == 422
    assert "memegang peran atas unit lamanya" in refused.text or "Pilih: dicabut, atau tetap." in refused.text
    assert grants(session, cast.citra) == [(Role.OPD_ADMIN, cast.dinas.id)]
    # Within the unit, and with nothing changed, nothing is asked.
    assert move(dewi, cast.citra, "DIK.SD1").status_code == 303
    assert move(dewi, cast.citra, "KES", roles="revoke").status_code == 303
    assert grants(session, cast.citra) == []
    assert citra.get("/opd").status_code == 303, "the session in which the role was used has ended"
    entry = session.scalars(select(AuditEntry).filter_by(action="role.revoked")).one()
    assert (entry.object_id, entry.before["role"]) == (cast.citra.public_id, Role.OPD_ADMIN)


def test_a_role_that_is_to_stay_stays_and_one_from_outside_is_not_asked_about(session, cast, citra, dewi):
    assert move(dewi, cast.citra, "KES", roles="keep").status_code == 303
    assert grants(session, cast.citra) == [(Role.OPD_ADMIN, cast.dinas.id)]
    assert citra.get("/opd").status_code == 200
    # Now the unit is looked after from outside.
    assert move(dewi, cast.citra, "KAB").status_code == 303
    assert citra.get("/opd").status_code == 200


def test_an_import_that_moves_somebody_says_which_role_ends_and_ends_it(session, cast, citra, dewi, database):
    head = world.a_person(session, "Hana Contoh", nip(7), cast.sekolah, Role.HEAD, scope=cast.sekolah)
    session.commit()
    moved = row(7, NAMA="Hana Contoh", **{"UNOR NAMA": cast.kesehatan.name, "EMAIL": ""})
    stays = row(8, NAMA=cast.citra.name, **{"NIP BARU": cast.citra.nip, "UNOR NAMA": "SD Contoh", "EMAIL": ""})
    check = dewi.post("/impor/pegawai", files={"file": ("p.csv", as_csv([moved, stays]))}).headers["location"]
    page = dewi.get(check).text
    assert "Peran Pimpinan atas SD Contoh dicabut, karena ia pindah." in page
    assert "Peran Admin OPD" not in page
    assert grants(session, head) == [(Role.HEAD, cast.sekolah.id)], "checking writes nothing"
    dewi.post(check.replace("periksa", "jalankan"))
    run_pending(database.write)
    session.expire_all()
    assert grants(session, head) == []
    assert grants(session, cast.citra) == [(Role.OPD_ADMIN, cast.dinas.id)]
    assert citra.get("/opd").status_code == 200


def test_closing_a_unit_moves_its_people_on_the_next_day_and_ends_roles_over_it(session, cast, dewi):
    head = world.a_person(session, "Hana Contoh", nip(7), cast.kesehatan, Role.HEAD, scope=cast.kesehatan)
    session.commit()
    last_day = wib_date(utc_now()) - timedelta(days=3)
    said = dewi.post("/kelola/unit/KES/tutup", {"last_day": last_day.isoformat(), "people_to": "DIK"})
    assert said.status_code == 303
    assert "Peran atas unit ini yang dicabut: 2." in dewi.get(said.headers["location"]).text
    assert grants(session, head) == grants(session, cast.fitri) == []
    session.expire_all()
    for person in (cast.eko, head):
        assert session.get_one(Person, person.id).unit_id == cast.dinas.id
        begun = select(Placement.valid_from).filter_by(person_id=person.id, unit_id=cast.dinas.id, valid_to=None)
        assert session.scalars(begun).one() == last_day + timedelta(days=1) > date(2026, 1, 1)
