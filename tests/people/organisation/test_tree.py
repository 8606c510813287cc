from datetime import date, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.errors import Conflict, Forbidden, Invalid
from elearn.people.audit.models import AuditEntry
from elearn.people.organisation import actions
from elearn.people.organisation.forms import NewUnit, UnitChange
from elearn.people.organisation.models import Unit, UnitHistory
from elearn.people.organisation.queries import units_in_scope
from tests import world


def new(session, visitor, code, parent, now):
    return actions.add_unit(session, visitor.actor, NewUnit(code=code, name=f"Unit {code}", parent=parent), now)


def test_a_unit_may_stand_at_any_depth(session, dewi, now):
    above = "KAB"
    for depth in range(12):
        unit = new(session, dewi, f"D{depth}", above, now)
        above = unit.code
    assert unit.depth == 12


def test_a_code_is_never_given_twice_whatever_its_case(session, dewi, now):
    with pytest.raises(Conflict) as refused:
        new(session, dewi, "dik.sd1", "KAB", now)
    assert "code" in refused.value.fields


def test_moving_takes_the_subtree_along_and_keeps_the_old_place(session, cast, dewi, now):
    child = world.a_unit(session, "DIK.SD1.TU", "Tata Usaha Contoh", cast.sekolah)
    actions.move_unit(session, dewi.actor, cast.sekolah, cast.kesehatan, date(2026, 11, 1), now)
    session.expire_all()
    assert cast.sekolah.path == f"{cast.kesehatan.path}{cast.sekolah.id}/"
    assert child.path == f"{cast.sekolah.path}{child.id}/"
    old = session.scalars(select(UnitHistory)).one()
    assert (old.parent_id, old.valid_to) == (cast.dinas.id, date(2026, 10, 31))


def test_admins_follow_a_move_at_once(session, cast, citra, fitri, dewi, now):
    assert citra.get(f"/opd/pegawai/{cast.ani.public_id}").status_code == 200
    actions.move_unit(session, dewi.actor, cast.sekolah, cast.kesehatan, None, now)
    session.commit()
    assert citra.get(f"/opd/pegawai/{cast.ani.public_id}").status_code == 404
    assert fitri.get(f"/opd/pegawai/{cast.ani.public_id}").status_code == 200


def test_a_unit_never_comes_to_stand_below_itself(session, cast, dewi, now):
    for parent in (cast.dinas, cast.sekolah):
        with pytest.raises(Conflict):
            actions.move_unit(session, dewi.actor, cast.dinas, parent, None, now)
    assert session.scalars(select(UnitHistory)).all() == []


def test_a_rename_keeps_the_old_name_with_its_days(session, cast, dewi, now):
    wish = UnitChange(name="SD Contoh Baru", kind="sekolah", since=date(2026, 7, 1))
    actions.change_unit(session, dewi.actor, cast.sekolah, wish, now)
    old = session.scalars(select(UnitHistory)).one()
    assert (old.name, old.valid_from, old.valid_to) == ("SD Contoh", date(2020, 1, 1), date(2026, 6, 30))
    assert session.scalars(select(AuditEntry.action)).all() == ["unit.changed"]


def test_a_change_is_neither_in_the_future_nor_before_the_present_state(session, cast, dewi, now):
    for day in (now.date() + timedelta(days=2), date(2019, 12, 31)):
        wish = UnitChange(name="Lain", kind="sekolah", since=day)
        with pytest.raises(Invalid):
            actions.change_unit(session, dewi.actor, cast.sekolah, wish, now)
    assert cast.sekolah.name == "SD Contoh"


def test_a_unit_with_open_units_below_is_not_closed(session, cast, dewi, now):
    with pytest.raises(Conflict):
        actions.close_unit(session, dewi.actor, cast.dinas, None, now)
    assert cast.dinas.active


def test_an_opd_admin_changes_no_unit_not_even_his_own(session, cast, citra, now):
    with pytest.raises(Forbidden):
        actions.change_unit(session, citra.actor, cast.sekolah, UnitChange(name="Milik saya", kind="opd"), now)


def test_an_opd_admin_sees_his_part_of_the_tree_only(session, cast, citra, ani):
    assert [unit.code for unit in units_in_scope(session, citra.actor)] == ["DIK", "DIK.SD1"]
    assert units_in_scope(session, ani.actor) == []
    page = citra.get("/kelola/unit").text
    assert "SD Contoh" in page
    assert "Dinas Kesehatan Contoh" not in page


def test_a_foreign_unit_looks_like_an_unknown_one(citra):
    foreign, unknown = citra.get("/kelola/unit/KES"), citra.get("/kelola/unit/TIDAK-ADA")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert len(foreign.text) - len(unknown.text) < 80


def test_closing_moves_the_people_first(session, cast, dewi):
    refused = dewi.post("/kelola/unit/DIK.SD1/tutup", {"last_day": "2026-11-01"})
    assert refused.status_code == 422
    assert dewi.post("/kelola/unit/DIK.SD1/tutup", {"last_day": "2026-11-01", "people_to": "DIK"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Unit).filter_by(code="DIK.SD1")).one().valid_to == date(2026, 11, 1)
    assert cast.ani.unit_id == cast.dinas.id


def test_a_unit_is_added_renamed_and_moved_on_its_pages(session, dewi):
    added = dewi.post(
        "/kelola/unit/baru", {"code": "kom", "name": "Dinas <b>Kominfo</b>", "kind": "opd", "parent": "KAB"}
    )
    assert added.headers["location"] == "/kelola/unit/KOM"
    page = dewi.get("/kelola/unit?q=kominfo").text
    assert "Dinas &lt;b&gt;Kominfo" in page
    assert dewi.post("/kelola/unit/KOM/pindah", {"parent": "KES"}).status_code == 303
    wrong = dewi.post("/kelola/unit/KES/pindah", {"parent": "KOM"})
    assert wrong.status_code == 422
    assert "bawah dirinya sendiri" in wrong.text


def test_the_page_of_a_unit_reads_only_what_it_shows(session, cast, dewi, citra):
    """Those directly below with the people of their subtrees, the same numbers as in the tree, in two statements."""
    from sqlalchemy import event

    from elearn.people.directory.queries import unit_node, unit_tree

    def flat(nodes):
        return [one for node in nodes for one in (node, *flat(node.children))]

    asked = []

    def listen(*given):
        asked.append(given[2])

    engine = session.get_bind()
    for visitor in (dewi, citra):
        actor = visitor.actor
        for node in flat(unit_tree(session, actor, closed=True)):
            asked.clear()
            event.listen(engine, "before_cursor_execute", listen)
            here = unit_node(session, actor, node.unit)
            event.remove(engine, "before_cursor_execute", listen)
            assert here.people == node.people
            assert [(c.unit.code, c.people) for c in here.children] == [(c.unit.code, c.people) for c in node.children]
            assert len(asked) == 2
