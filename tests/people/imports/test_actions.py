"""Checking and applying, on the real databases."""

from io import BytesIO

import pytest
from sqlalchemy import event, func, select

from elearn.foundation.errors import Forbidden
from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.sheets import read_rows
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import AccessCode, Person, Placement
from elearn.people.accounts.queries import actor_for, usable_code
from elearn.people.audit.models import AuditEntry
from elearn.people.imports import actions
from elearn.people.imports.columns import guessed
from elearn.people.imports.models import Roster
from elearn.people.imports.roll import read_roll
from tests import world
from tests.conftest import NOW
from tests.people.imports.files import HEADERS, as_csv, nip, row
from tests.programs import kill_at


def roll(*rows, headers=HEADERS):
    sheet = read_rows(BytesIO(as_csv(rows, headers)), "pegawai.csv")
    return read_roll(sheet, guessed(sheet.headers))


def person(session, n):
    return session.scalar(select(Person).filter_by(nip=nip(n)).execution_options(populate_existing=True))


def counts(check):
    return tuple(check.counts[key] for key in ("new", "changed", "unchanged", "refused"))


def test_checking_writes_nothing(session, dewi):
    assert counts(actions.check(session, dewi.actor, roll(row(1), row(2)), NOW)) == (2, 0, 0, 0)
    assert person(session, 1) is None


def test_a_new_person_gets_a_place_and_a_code_that_works(session, dewi, cast):
    applied = actions.apply(session, dewi.actor, roll(row(1)), NOW)
    made = person(session, 1)
    assert (made.name, made.unit_id, made.asn_kind, made.password_hash) == (
        "Pegawai Contoh 1",
        cast.sekolah.id,
        "PNS",
        None,
    )
    assert session.scalar(select(Placement.unit_id).filter_by(person_id=made.id)) == cast.sekolah.id
    code = applied.codes[0][1]
    assert usable_code(session, made, code, NOW) is not None
    assert applied.sheet.owner_id == dewi.person.id


def test_the_system_gets_the_codes_themselves(session, cast):
    applied = actions.apply(session, Actor.system("tests"), roll(row(1)), NOW)
    assert applied.sheet is None
    assert usable_code(session, applied.codes[0][0], applied.codes[0][1], NOW) is not None


def test_a_changed_row_tells_what_changes_and_moves_the_placement(session, dewi, cast):
    actions.apply(session, dewi.actor, roll(row(1)), NOW)
    moved = roll(row(1, **{"UNOR NAMA": "kes", "JABATAN NAMA": "Perawat", "EMAIL": ""}))
    change = actions.check(session, dewi.actor, moved, NOW).changed[0]
    assert change.shown == (
        ("position", "Guru Ahli Pertama", "Perawat"),
        ("unit", "SD Contoh", "Dinas Kesehatan Contoh"),
    )
    actions.apply(session, dewi.actor, moved, NOW)
    assert person(session, 1).unit_id == cast.kesehatan.id
    assert person(session, 1).email == "pegawai1@contoh.test"
    open_ones = select(Placement.unit_id).filter_by(person_id=person(session, 1).id, valid_to=None)
    assert session.scalars(open_ones).all() == [cast.kesehatan.id]
    entry = session.scalar(select(AuditEntry).filter_by(action="person.changed"))
    assert entry.before["position"] == "Guru Ahli Pertama"


def test_missing_columns_and_absent_people_are_left_alone(session, dewi, cast):
    actions.apply(session, dewi.actor, roll([nip(1), "Nama Baru"], headers=("NIP", "Nama")), NOW)
    actions.apply(session, dewi.actor, roll([cast.ani.nip, "Ani Contoh Baru"], headers=("NIP", "Nama")), NOW)
    ani = session.scalar(select(Person).filter_by(nip=cast.ani.nip).execution_options(populate_existing=True))
    assert (ani.name, ani.position, ani.unit_id) == ("Ani Contoh Baru", "Guru Ahli Pertama", cast.sekolah.id)
    assert session.scalar(select(Person.status).filter_by(nip=cast.eko.nip)) == "active"


def test_unknown_units_and_other_peoples_mail_are_refused(session, dewi, cast):
    world.a_unit(session, "KES.SD", "SD Contoh", cast.kesehatan)
    actions.apply(session, dewi.actor, roll(row(1, **{"UNOR NAMA": "DIK"})), NOW)
    check = actions.check(
        session,
        dewi.actor,
        roll(
            row(2, **{"UNOR NAMA": "Dinas Entah"}), row(3), row(4, EMAIL="pegawai1@contoh.test", **{"UNOR NAMA": "DIK"})
        ),
        NOW,
    )
    reasons = {each.number: " ".join(each.reasons) for each in check.refused}
    assert "Dinas Entah tidak dikenal" in reasons[2]
    assert "2 unit bernama SD Contoh" in reasons[3]
    assert "sudah dipakai pegawai lain" in reasons[4]


def test_nobody_else_imports(session, citra, ani):
    for visitor in (citra, ani):
        with pytest.raises(Forbidden):
            actions.check(session, visitor.actor, roll(row(1)), NOW)


def test_ten_thousand_rows_twice_write_once_and_in_few_statements(session, dewi):
    file = roll(*(row(n) for n in range(10_000)))
    statements = []
    listen = session.get_bind().engine
    note = lambda *given: statements.append(given[2])  # noqa: E731
    event.listen(listen, "before_cursor_execute", note)
    try:
        first = actions.apply(session, dewi.actor, file, NOW)
        written = len(statements)
        second = actions.apply(session, dewi.actor, file, NOW)
    finally:
        event.remove(listen, "before_cursor_execute", note)
    assert counts(first.check) == (10_000, 0, 0, 0)
    assert counts(second.check) == (0, 0, 10_000, 0)
    assert second.codes == []
    assert written < 150
    assert not any(each.startswith(("INSERT", "UPDATE", "DELETE")) for each in statements[written:])
    assert session.scalar(select(func.count(AccessCode.id))) == 10_000


@pytest.mark.parametrize("at", ["INSERT INTO people", "INSERT INTO access_codes", "UPDATE rosters"])
def test_a_killed_import_leaves_nothing_half_written_and_continues(own_database, at):
    content = as_csv([row(n) for n in range(1_500)])
    key = new_key("csv")
    store().put(key, [content])
    with own_database.write() as session:
        cast = world.cast(session)
        admin = actor_for(session, cast.dewi.id)
        brought = actions.bring(session, admin, "pegawai.csv", key, list(HEADERS), NOW)
        actions.start(session, admin, brought, NOW)
        session.commit()
        before = session.scalar(select(func.count(Person.id)))
    kill_at(own_database, at)
    with own_database.read() as session:
        assert session.scalar(select(func.count(Person.id))) == before
        assert session.scalar(select(func.count(AccessCode.id))) == 0
        assert session.scalar(select(Job.state)) == "running"
    assert take_back(own_database.write, "here", NOW) == 1
    run_pending(own_database.write)
    with own_database.read() as session:
        assert session.scalar(select(func.count(Person.id))) == before + 1_500
        assert session.scalar(select(func.count(AccessCode.id))) == 1_500
        assert session.scalar(select(Job.state)) == "done"
        assert session.scalar(select(Roster.state)) == "applied"
