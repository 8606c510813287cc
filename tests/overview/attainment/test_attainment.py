"""Screen 25: the share of those who have their JP, the names behind each number, and whose numbers they are."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from sqlalchemy import select, text

from elearn.foundation.clock import wib_date
from elearn.overview.attainment import actions, pages, queries
from elearn.overview.attainment.actions import count_beforehand
from elearn.overview.attainment.models import AttainmentCount
from elearn.overview.attainment.queries import (
    AttainmentFilters,
    attainment,
    standings,
    standings_by_name,
    tallies,
)
from elearn.overview.attainment.rules import Tally, branches, together
from elearn.people.access.actor import Actor
from elearn.people.audit.models import AuditEntry
from elearn.people.organisation.models import Unit
from elearn.recognition.learning_hours.actions import credit_course
from tests import world

SYSTEM = Actor.system("tests")
THIS_YEAR = datetime.now(UTC).year


def with_jp(session, person, jp, now, year=THIS_YEAR):
    """Somebody who earned so many JP in a guided course, which no day caps."""
    slug = f"kursus-{person.id}-{jp}-{year}"
    course = world.a_course(session, slug, minutes=45 * jp, form="NKL04")
    done = world.enrolled(
        session,
        person,
        course,
        completed_at=datetime(year, 3, 2, 3, tzinfo=UTC),
        completed_jp=jp,
        completed_unit_id=person.unit_id,
    )
    credit_course(session, SYSTEM, done.id, now)
    session.commit()


def test_a_unit_counts_who_reached_who_is_behind_and_who_owes_nothing(session, cast, dewi, now):
    before = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR))
    own = cast.ani.unit_id
    with_jp(session, cast.ani, 20, now)
    after = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR))
    assert after[own] == before[own]._replace(reached=before[own].reached + 1, behind=before[own].behind - 1)
    cast.ani.asn_kind = "PPPK"
    session.commit()
    pppk = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR))
    assert pppk[own].others == before[own].others + 1
    assert pppk[own].owing == before[own].owing - 1
    cast.ani.asn_kind = "LAINNYA"
    session.commit()
    guest = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR))
    assert sum(each.people for each in guest.values()) == sum(each.people for each in before.values()) - 1


@pytest.mark.parametrize(
    ("jp", "states"), [(9, {"belum", "separuh"}), (10, {"belum"}), (19, {"belum"}), (20, {"sudah"})]
)
def test_a_person_stands_in_the_list_of_each_number_that_counts_him_or_her(session, cast, dewi, now, jp, states):
    with_jp(session, cast.ani, jp, now)
    for state in ("belum", "separuh", "sudah", "pppk"):
        page = standings(session, dewi.actor, AttainmentFilters(THIS_YEAR, state=state), 1)
        assert (cast.ani.public_id in {row.public_id for row in page.rows}) == (state in states), state


def test_the_numbers_are_those_of_plain_sql(session, cast, dewi, now):
    for person, jp in ((cast.ani, 21), (cast.eko, 9), (cast.budi, 12)):
        with_jp(session, person, jp, now)
    whole = together(list(tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR)).values()))
    plain = session.execute(
        text(
            "SELECT count(*), sum(CASE WHEN jp >= 20 THEN 1 ELSE 0 END), sum(CASE WHEN jp < 10 THEN 1 ELSE 0 END) FROM "
            "(SELECT p.id, coalesce((SELECT sum(l.jp_recognised) FROM ledger_lines l WHERE l.person_id = p.id "
            "AND l.year = :year), 0) AS jp FROM people p WHERE p.status = 'active' AND p.nip IS NOT NULL "
            "AND p.asn_kind NOT LIKE 'PPPK%') AS each_one"
        ),
        {"year": THIS_YEAR},
    ).one()
    assert (whole.owing, whole.reached, whole.behind) == tuple(plain)


def test_another_year_is_another_account(session, cast, dewi, now):
    with_jp(session, cast.ani, 20, now, THIS_YEAR - 1)
    reached = {
        year: together(list(tallies(session, dewi.actor, AttainmentFilters(year)).values())).reached
        for year in (THIS_YEAR, THIS_YEAR - 1)
    }
    assert reached == {THIS_YEAR: 0, THIS_YEAR - 1: 1}


def test_the_admin_of_another_subtree_sees_nothing_of_ours(session, cast, citra, fitri, now):
    """Z3."""
    with_jp(session, cast.ani, 20, now)
    for visitor, seen in ((citra, True), (fitri, False)):
        page = visitor.get("/opd?tampilan=nama").text
        assert (cast.ani.name in page) == seen
        rows = standings(session, visitor.actor, AttainmentFilters(THIS_YEAR), 1).rows
        assert (cast.ani.public_id in {row.public_id for row in rows}) == seen
    assert fitri.get(f"/opd?unit={cast.sekolah.code}").status_code == 404


def test_each_number_leads_to_its_names(session, cast, dewi, now):
    with_jp(session, cast.ani, 20, now)
    page = dewi.get("/opd").text
    assert "keadaan=belum" in page
    behind = f"/opd?tahun={THIS_YEAR}&unit=DIK&keadaan=sudah&tampilan=nama"
    assert behind.replace(f"tahun={THIS_YEAR}&", "").replace("&", "&amp;") in page
    assert cast.ani.name in dewi.get(behind).text
    assert "<svg" in page
    named = dewi.get("/opd?keadaan=sudah").text
    assert cast.ani.name in named
    assert f"/opd/pegawai/{cast.ani.public_id}/jp?tahun={THIS_YEAR}" in named


def test_the_row_of_a_unit_alone_and_that_of_no_unit_lead_to_just_their_people(session, cast, dewi, citra, fitri, now):
    with_jp(session, cast.ani, 20, now)
    world.a_person(session, "Tono Contoh", "199001012015011099")
    session.commit()
    own = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR))
    for unit, told in ((cast.dinas, own[cast.dinas.id]), (None, own[None])):
        filters = AttainmentFilters(THIS_YEAR, unit, directly=True)
        assert together(list(tallies(session, dewi.actor, filters).values())) == told
        assert standings(session, dewi.actor, filters, 1).total == told.people
    page = citra.get("/opd").text
    assert "/opd?unit=DIK&amp;langsung=1&amp;tampilan=nama" in page
    assert "tanpa unit di bawahnya" in page
    listed = citra.get("/opd?unit=DIK&langsung=1&tampilan=nama").text
    assert (cast.citra.name in listed, cast.ani.name in listed) == (True, False)
    assert "/opd?langsung=1&amp;tampilan=nama" in dewi.get("/opd").text
    nowhere = dewi.get("/opd?langsung=1").text
    assert ("Tono Contoh" in nowhere, cast.ani.name in nowhere) == (True, False)
    rows = dewi.post("/opd/unduh", {"format": "json", "langsung": "1"}).json()
    assert [row["nama"] for row in rows] == ["Tono Contoh"]
    # Z3: an admin of a part looks after nobody without a unit.
    assert "Tono Contoh" not in fitri.get("/opd?langsung=1").text
    assert dewi.get("/opd?langsung=2").status_code == 422


def test_nobody_in_that_state_is_told_with_the_way_on(dewi):
    assert "Tidak ada pegawai dalam keadaan ini." in dewi.get(f"/opd?keadaan=sudah&tahun={THIS_YEAR - 2}").text


def test_the_year_that_is_asked_for_is_the_one_chosen(dewi):
    assert '<option value="2020" selected>' in dewi.get("/opd?tahun=2020").text


def test_the_smallest_share_stands_first():
    units = [Unit(id=1, path="/1/", parent_id=None, name="Kabupaten", code="K")]
    units += [Unit(id=n, path=f"/1/{n}/", parent_id=1, name=f"Dinas {n}", code=f"D{n}") for n in (2, 3, 4)]
    own = {2: Tally(10, 5, 1), 3: Tally(10, 2, 4), 4: Tally(0, 0, 0, 7)}
    rows = [(unit.name, tally.share) for unit, tally in branches(units, own, None) if unit]
    assert rows == [("Dinas 3", 20), ("Dinas 2", 50), ("Dinas 4", None)]
    assert Tally(3, 2).share == 66


def test_the_files_have_the_same_people_and_numbers_as_the_page(session, cast, dewi, now):
    """E1 and E2."""
    with_jp(session, cast.ani, 21, now)
    cast.ani.name = "=HYPERLINK(1)"
    session.commit()
    shown = {row.nip: row.jp for row in standings(session, dewi.actor, AttainmentFilters(THIS_YEAR), 1).rows}
    rows = {row["nip"]: row for row in dewi.post("/opd/unduh", {"format": "json"}).json()}
    assert rows.keys() == shown.keys()
    for nip, row in rows.items():
        assert (row["jp_diperoleh"], row["jp_diakui"]) == (shown[nip].earned, shown[nip].recognised)
        assert row["jp_kurang"] == (shown[nip].missing if shown[nip].owes else None)
    text_file = dewi.post("/opd/unduh", {"format": "csv", "keadaan": "sudah"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text_file
    assert "19850101 201001 2 001" in text_file
    sheet = openpyxl.load_workbook(io.BytesIO(dewi.post("/opd/unduh", {"format": "xlsx"}).content)).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == shown.keys()


def test_the_table_by_unit_is_a_file_too(session, cast, dewi, fitri, now):
    """E2; it names nobody, so it asks for nothing."""
    with_jp(session, cast.ani, 21, now)
    rows = dewi.post("/opd/unduh/unit", {"format": "json", "unit": "DIK"}).json()
    own = tallies(session, dewi.actor, AttainmentFilters(THIS_YEAR, cast.dinas))
    told = {row["unit_kode"]: (row["wajib"], row["sudah_cukup"], row["di_bawah_separuh"], row["pppk"]) for row in rows}
    assert told == {"DIK": tuple(own[cast.dinas.id]), "DIK.SD1": tuple(own[cast.sekolah.id])}
    assert [row["bagian_persen"] for row in rows] == [0, 100]
    assert dewi.post("/opd/unduh/unit", {"format": "xlsx"}).content.startswith(b"PK")
    assert "SD Contoh" not in fitri.post("/opd/unduh/unit", {"format": "csv"}).content.decode("utf-8-sig")
    assert fitri.post("/opd/unduh/unit", {"format": "csv", "unit": "DIK"}).status_code == 404
    entry = session.scalars(select(AuditEntry).filter_by(action="attainment.exported").order_by(AuditEntry.id)).first()
    assert (entry.after["rows"], entry.after["people"]) == (2, 0)


def test_a_file_holds_the_own_subtree_and_leaves_a_line_in_the_audit(session, cast, fitri, now):
    """Z3 and E4."""
    with_jp(session, cast.ani, 20, now)
    text_file = fitri.post("/opd/unduh", {"format": "csv"}).content.decode("utf-8-sig")
    assert cast.ani.name not in text_file
    entry = session.scalars(select(AuditEntry).filter_by(action="attainment.exported")).one()
    assert (entry.actor_id, entry.after["format"], entry.after["year"]) == (fitri.person.id, "csv", THIS_YEAR)


def test_a_file_about_many_asks_for_reason_and_password(dewi, monkeypatch):
    """E4."""
    monkeypatch.setattr("elearn.overview.exports.rules.ASKS_ABOVE", 3)
    monkeypatch.setattr("elearn.overview.exports.guard.ASKS_ABOVE", 3)
    asked = dewi.post("/opd/unduh", {"format": "csv", "keadaan": "belum"})
    assert asked.status_code == 200
    assert 'action="/opd/unduh"' in asked.text
    assert 'name="keadaan" value="belum"' in asked.text
    refused = dewi.post(
        "/opd/unduh", {"format": "csv", "asked": "1", "reason": "Rekap tahunan contoh", "password": "x"}
    )
    assert refused.status_code == 422
    assert "Kata sandi tidak cocok." in refused.text


def test_an_address_that_cannot_be_says_what_is_wrong(dewi):
    assert dewi.get("/opd?tahun=abc").status_code == 422
    assert dewi.get("/opd?keadaan=lain").status_code == 422


def test_of_many_people_the_numbers_are_those_that_the_job_counted(session, cast, dewi, citra, now, monkeypatch):
    """Each number leads to as many names as it says, in the order of names, and nobody sees more than before."""
    with_jp(session, cast.ani, 20, now)
    filters = AttainmentFilters(THIS_YEAR)
    live = [tallies(session, visitor.actor, filters) for visitor in (dewi, citra)]
    count_beforehand(session, SYSTEM, THIS_YEAR, now)
    assert session.scalars(select(AttainmentCount)).all() == [], "so few are counted at once"
    for module in (queries, actions, pages):
        monkeypatch.setattr(module, "MANY", 1)
    for _twice in range(2):
        count_beforehand(session, SYSTEM, THIS_YEAR, now)
    session.commit()
    with_jp(session, cast.eko, 20, now)
    for visitor, counted in zip((dewi, citra), live, strict=True):
        assert attainment(session, visitor.actor, filters) == (counted, now)
    page = dewi.get(f"/opd?keadaan=sudah&tahun={THIS_YEAR}").text
    assert cast.ani.name in page
    assert "Urut nama" in page
    assert f"Data sampai {wib_date(now).day} " in page
    for module in (queries, actions):
        monkeypatch.setattr(module, "MANY", 10)
    whole = together(list(live[0].values()))
    for state in ("", "sudah", "belum", "separuh", "pppk"):
        asked = AttainmentFilters(THIS_YEAR, state=state)
        named = standings_by_name(session, dewi.actor, asked, 1, whole.in_state(state)).rows
        assert {row.public_id for row in named} == {
            row.public_id for row in standings(session, dewi.actor, asked, 1).rows
        }
        assert [row.name for row in named] == sorted(row.name for row in named)
    assert attainment(session, dewi.actor, filters).counted_at is None, "few again: counted now"
    count_beforehand(session, SYSTEM, THIS_YEAR, now)
    assert session.scalars(select(AttainmentCount)).all() == []
