import pytest
from sqlalchemy import event, select

from elearn.foundation.errors import Conflict
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts.actions import make_token, start_session
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.models import AccessCode, ApiToken, Person, Placement, RoleGrant, WebSession
from elearn.people.audit.models import AuditEntry
from elearn.people.directory import actions
from elearn.people.directory.forms import RoleWish
from elearn.people.directory.queries import PeopleWish, admins_for, people
from tests import world


@pytest.fixture
def statements(database):
    """The SQL that goes out meanwhile."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)
    yield seen
    event.remove(database.writer, "before_cursor_execute", note)


def names(page):
    return [person.name for person in page.rows]


def test_people_are_found_by_parts_of_the_name_and_by_nip_with_spaces(session, dewi):
    assert names(people(session, dewi.actor, PeopleWish(q="contoh ANI"))) == ["Ani Contoh"]
    assert names(people(session, dewi.actor, PeopleWish(q="19850101 201001 2 001"))) == ["Ani Contoh"]
    assert names(people(session, dewi.actor, PeopleWish(q="%"))) == []


def test_pages_follow_each_other_without_gap_or_double(session, cast, dewi):
    for n in range(120):
        world.a_person(session, f"Nama {n % 7}", f"19900101201501{n:04}", cast.sekolah)
    seen, wish = [], PeopleWish(unit="DIK")
    for _page in range(3):
        page = people(session, dewi.actor, wish)
        seen += [person.id for person in page.rows]
        wish = PeopleWish(unit="DIK", after=page.next)
    assert page.next == ""
    assert len(seen) == len(set(seen)) == page.total == 122
    back = people(session, dewi.actor, PeopleWish(unit="DIK", before=page.previous))
    assert [person.id for person in back.rows] == seen[50:100]


def test_a_list_costs_the_same_however_long(session, cast, dewi, statements):
    dewi.get("/kelola/pengguna")
    statements.clear()
    dewi.get("/kelola/pengguna")
    few = len(statements)
    for n in range(80):
        world.a_person(session, f"Nama {n}", f"19900101201501{n:04}", cast.sekolah, Role.INSTRUCTOR)
    session.commit()
    statements.clear()
    dewi.get("/kelola/pengguna")
    assert len(statements) == few
    assert few <= 8


def test_an_opd_admin_sees_only_his_subtree_whatever_he_asks(citra, cast):
    for query in (
        "",
        "?q=Contoh",
        "?q=1990",
        "?status=active",
        f"?setelah={cast.eko.public_id}",
        "?peran=regency_admin",
    ):
        page = citra.get(f"/opd/pegawai{query}").text
        assert "Eko Contoh" not in page
        assert "Dewi Contoh" not in page
    assert citra.get("/opd/pegawai?unit=KES").status_code == 404


def test_a_foreign_person_looks_like_an_unknown_one_and_nothing_changes(session, citra, cast):
    before = session.scalars(select(AuditEntry.id)).all()
    for deed in ("kode", "sesi/akhir", "faktor-kedua/hapus", "tangguhkan", "pulihkan", "ubah"):
        assert citra.post(f"/opd/pegawai/{cast.eko.public_id}/{deed}", {"name": "x"}).status_code == 404
    assert session.scalars(select(AuditEntry.id)).all() == before


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LEARNER}))
def test_an_opd_admin_cannot_take_over_whoever_holds_a_role(session, citra, cast, role):
    other = world.a_person(session, "Hana Contoh", "199001012015012010", cast.sekolah, role, scope=cast.sekolah)
    session.commit()
    for deed in ("kode", "sesi/akhir", "faktor-kedua/hapus"):
        assert citra.post(f"/opd/pegawai/{other.public_id}/{deed}").status_code == 403
    assert citra.post("/opd/kode", {"person": other.public_id}).status_code == 422
    assert session.scalars(select(AccessCode)).all() == []


def test_an_opd_admin_renews_a_code_and_the_old_one_ends(session, citra, cast):
    cast.ani.activated_at = None
    session.commit()
    first = citra.post(f"/opd/pegawai/{cast.ani.public_id}/kode")
    second = citra.post(f"/opd/pegawai/{cast.ani.public_id}/kode")
    assert first.headers["cache-control"] == "no-store"
    assert "Salin teks untuk WhatsApp" in second.text
    living = session.scalars(select(AccessCode).where(AccessCode.used_at.is_(None))).one()
    assert (living.expires_at - living.created_at).days == 30


def test_suspending_ends_sessions_and_tokens_at_once(session, dewi, ani, cast, now):
    make_token(session, ani.actor, cast.ani, NewToken(name="x", scopes=["courses:read"]), now)
    session.commit()
    assert ani.get("/saya").status_code == 200
    assert dewi.post(f"/opd/pegawai/{cast.ani.public_id}/tangguhkan").status_code == 303
    assert ani.get("/saya").status_code == 303
    assert session.scalars(select(ApiToken)).one().revoked_at is not None
    assert session.scalars(select(WebSession).filter_by(person_id=cast.ani.id)).all() == []
    dewi.post(f"/opd/pegawai/{cast.ani.public_id}/pulihkan")
    session.expire_all()
    assert cast.ani.status == "active"


def test_nobody_suspends_or_strips_himself_or_the_last_admin(session, dewi, cast, now):
    assert dewi.post(f"/opd/pegawai/{cast.dewi.public_id}/tangguhkan").status_code == 409
    taken = dewi.post(f"/kelola/pengguna/{cast.dewi.public_id}/peran/cabut", {"role": "regency_admin"})
    assert taken.status_code == 422
    with pytest.raises(Conflict):
        actions.revoke_role(session, Actor.system("tests"), cast.dewi, RoleWish(role="regency_admin"))
    with pytest.raises(Conflict):
        actions.suspend(session, Actor.system("tests"), cast.dewi, now)


def test_roles_are_given_once_and_taken_at_once(session, dewi, ani, cast):
    wish = {"role": "opd_admin", "unit": "DIK.SD1"}
    path = f"/kelola/pengguna/{cast.ani.public_id}/peran"
    assert dewi.post(path, wish).status_code == dewi.post(path, wish).status_code == 303
    grant = session.scalars(select(RoleGrant).filter_by(person_id=cast.ani.id)).one()
    assert (grant.role, grant.unit_id) == ("opd_admin", cast.sekolah.id)
    assert ani.get("/saya").status_code == 303, "signed in before the role, so once more with the second factor"
    assert dewi.post(path, {"role": "opd_admin"}).status_code == 422
    assert dewi.post(path, {"role": "dewa"}).status_code == 422
    beside = dewi.post(path, {"role": "head", "unit": "KES"})
    assert beside.status_code == 422, "an admin of one unit who heads another would act where he may only look"
    assert "Cabut peran itu dahulu" in beside.text
    assert dewi.post(f"{path}/cabut", wish).status_code == 303
    assert session.scalars(select(RoleGrant).filter_by(person_id=cast.ani.id)).all() == []
    head, signer = {"role": "head", "unit": "DIK"}, {"role": "signer", "unit": "DIK"}
    assert dewi.post(path, {"role": "head"}).status_code == 422, "a head is the head of something"
    for given in (head, signer):
        assert dewi.post(path, given).status_code == 303
    mine = select(RoleGrant.role, RoleGrant.unit_id).filter_by(person_id=cast.ani.id).order_by(RoleGrant.id)
    assert session.execute(mine).all() == [("head", cast.dinas.id), ("signer", None)]
    page = dewi.get(path.removesuffix("/peran")).text
    assert "Pimpinan" in page
    assert "Penandatangan" in page
    for given in (head, signer):
        assert dewi.post(f"{path}/cabut", given).status_code == 303
    given_and_taken = ["role.granted", "role.revoked", "role.granted", "role.granted", "role.revoked", "role.revoked"]
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == given_and_taken


PERSON = {"name": "Hana <i>Contoh</i>", "nip": "19900101 201501 2 010", "unit": "DIK.SD1", "asn_kind": "PPPK"}


def test_a_person_is_added_with_what_nip_says(session, dewi):
    added = dewi.post("/kelola/pengguna/baru", PERSON)
    assert added.status_code == 303
    person = session.scalars(select(Person).filter_by(nip="199001012015012010")).one()
    assert session.scalars(select(Placement).filter_by(person_id=person.id)).one().valid_to is None
    assert "Hana &lt;i&gt;Contoh" in dewi.get(added.headers["location"]).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"nip": "19850101 201001 2 001"}, "Sudah dipakai oleh Ani Contoh, SD Contoh."),
        ({"nip": "123"}, "seharusnya 18"),
        ({"nip": ""}, "Isi NIP atau alamat surel"),
        ({"email": "bukan alamat"}, "Alamat surel tidak lengkap"),
        ({"unit": "TIDAK-ADA"}, "Pilih unit dari daftar"),
        ({"asn_kind": "RAJA"}, "Pilih salah satu dari daftar"),
        ({"name": "x" * 300}, "Paling panjang 200"),
        ({"name": "\x00"}, "Isi kolom ini"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(session, dewi, change, sentence):
    before = session.scalars(select(Person.id)).all()
    page = dewi.post("/kelola/pengguna/baru", {"position": "Guru Uji", **PERSON, **change})
    assert page.status_code == 422
    assert sentence in page.text
    assert "Guru Uji" in page.text
    assert session.scalars(select(Person.id)).all() == before


def test_extra_fields_change_nothing_protected(session, dewi, cast):
    smuggled = {
        "status": "left",
        "password_hash": "x",
        "id": "1",
        "public_id": "x",
        "totp_nonce": "x",
        "activated_at": "",
    }
    form = {"name": "Ani Contoh", "nip": cast.ani.nip, "unit": "DIK.SD1", **smuggled}
    was = (cast.ani.id, cast.ani.public_id, cast.ani.status, cast.ani.password_hash, cast.ani.activated_at)
    assert dewi.post(f"/opd/pegawai/{cast.ani.public_id}/ubah", form).status_code == 303
    session.expire_all()
    assert was == (cast.ani.id, cast.ani.public_id, cast.ani.status, cast.ani.password_hash, cast.ani.activated_at)


def test_a_new_unit_is_a_new_placement(session, dewi, cast):
    form = {"name": "Ani Contoh", "nip": cast.ani.nip, "unit": "KES"}
    assert dewi.post(f"/opd/pegawai/{cast.ani.public_id}/ubah", form).status_code == 303
    session.expire_all()
    assert cast.ani.unit_id == cast.kesehatan.id
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.before["unit_id"] == cast.sekolah.id


def test_resetting_the_second_factor_signs_out(session, dewi, cast, now):
    cast.citra.totp_nonce, cast.citra.totp_confirmed_at = "x", now
    start_session(session, dewi.actor, cast.citra, now)
    session.commit()
    assert dewi.post(f"/opd/pegawai/{cast.citra.public_id}/faktor-kedua/hapus").status_code == 303
    session.expire_all()
    assert cast.citra.totp_confirmed_at is None
    assert session.scalars(select(WebSession).filter_by(person_id=cast.citra.id)).all() == []


def test_help_names_the_nearest_admin(session, ani, eko, cast):
    assert [person.name for person in admins_for(session, ani.actor)] == ["Citra Contoh"]
    assert "Citra Contoh" in ani.get("/bantuan").text
    assert "Citra Contoh" not in eko.get("/bantuan").text
