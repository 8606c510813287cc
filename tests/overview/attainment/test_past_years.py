"""A past year stays as it was: whoever moves, retires, is employed otherwise or begins later changes nothing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select, text

from elearn.foundation.clock import utc_now, wib_date
from elearn.overview.attainment import actions, queries
from elearn.overview.attainment.actions import count_beforehand
from elearn.overview.attainment.queries import AttainmentFilters, attainment, standings, standings_by_name, tallies
from elearn.overview.attainment.rules import together
from elearn.people.access.actor import Actor
from elearn.people.accounts.tenure import leave, place
from elearn.people.directory.actions import add_person, change_person, suspend
from elearn.people.directory.forms import PersonDraft
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.models import LedgerLine
from tests import academy, world
from tests.overview.attainment.test_attainment import with_jp
from tests.recognition.learning_hours.test_ledger import text_of

SYSTEM = Actor.system("tests")

PLAIN = """
SELECT p.public_id, u.code, coalesce(sum(l.jp_earned), 0), coalesce(sum(l.jp_recognised), 0)
FROM people p JOIN placements h ON h.person_id = p.id JOIN units u ON u.id = h.unit_id
LEFT JOIN ledger_lines l ON l.person_id = p.id AND l.year = :year
WHERE h.valid_from <= :day AND (h.valid_to IS NULL OR h.valid_to >= :day) AND p.nip IS NOT NULL
GROUP BY p.public_id, u.code
"""


@pytest.fixture
def last_year(session, cast):
    """Everybody has a place since last year; some earned JP in it. Gives the filters that ask about it."""
    year = wib_date(utc_now()).year - 1
    then = datetime(year, 3, 1, 3, tzinfo=UTC)
    cast.eko.asn_kind = "PPPK"
    session.flush()
    place(session, SYSTEM, [person.id for person in everybody(cast)], then)
    for person, jp in ((cast.ani, 20), (cast.eko, 26), (cast.budi, 9), (cast.gilang, 12)):
        with_jp(session, person, jp, then, year)
    return AttainmentFilters(year, stood_on=date(year, 12, 31))


def everybody(cast):
    return [cast.ani, cast.budi, cast.citra, cast.dewi, cast.eko, cast.fitri, cast.gilang]


def a_year_later(session, cast, dewi, now):
    """A transfer, a retirement, a change of employment, a suspended account and a newcomer, by the real actions."""

    def changed(person, **fields):
        kept = {"name": person.name, "nip": person.nip, "position": person.position, "asn_kind": person.asn_kind}
        change_person(session, dewi.actor, person, PersonDraft(**{**kept, **fields}), now)

    changed(cast.ani, unit="KES")
    changed(cast.eko, unit="KES", asn_kind="PNS")
    leave(session, dewi.actor, [cast.budi.id], now)
    suspend(session, dewi.actor, cast.gilang, now)
    nip = f"20000101{wib_date(now).year}011001"
    add_person(session, dewi.actor, PersonDraft(name="Nina Contoh", nip=nip, unit="DIK.SD1"), now)
    session.commit()


def seen_by(session, visitor, filters):
    rows = standings(session, visitor.actor, filters, 1).rows
    return {row.public_id: (row.unit_code, row.jp.earned, row.jp.recognised, row.jp.owes) for row in rows}


def test_transfers_retirements_and_new_employments_change_no_past_year(
    session, cast, dewi, citra, fitri, now, last_year, monkeypatch
):
    now, year = utc_now(), last_year.year
    admins, in_sd1 = (dewi, citra, fitri), AttainmentFilters(year, cast.sekolah, stood_on=last_year.stood_on)

    def told():
        return (
            [seen_by(session, admin, last_year) for admin in admins],
            [tallies(session, admin.actor, last_year) for admin in admins],
            seen_by(session, citra, in_sd1),
            sorted(map(str, dewi.post("/opd/unduh", {"format": "json", "tahun": year}).json())),
        )

    before = told()
    assert before[0][1].keys() == {cast.ani.public_id, cast.citra.public_id}
    assert before[0][2][cast.eko.public_id] == ("KES", 26, 24, False)
    a_year_later(session, cast, dewi, now)
    assert told() == before
    plain = {
        public_id: (unit, int(earned), int(counted))
        for public_id, unit, earned, counted in session.execute(text(PLAIN), {"year": year, "day": last_year.stood_on})
    }
    shown = seen_by(session, dewi, last_year)
    assert {who: (unit, earned) for who, (unit, earned, _r, _o) in shown.items()} == {
        who: row[:2] for who, row in plain.items()
    }
    ceiling = {cast.eko.public_id: 24}
    assert {who: row[2] for who, row in shown.items()} == {who: row[2] for who, row in plain.items()} | ceiling
    whole = together(list(before[1][0].values()))
    assert (whole.people, whole.others, whole.reached) == (len(plain), 1, 1)

    # The present year is where people work now, as before.
    present = AttainmentFilters(now.year)
    assert seen_by(session, fitri, present)[cast.ani.public_id] == ("KES", 0, 0, True)
    assert cast.ani.public_id not in seen_by(session, citra, present)
    assert not {cast.budi.public_id, cast.gilang.public_id} & seen_by(session, dewi, present).keys()
    assert "bekerja sekarang" in dewi.get("/opd").text
    assert f"bekerja pada 31 Desember {year}" in dewi.get(f"/opd?tahun={year}").text

    # Of many people the same is counted beforehand.
    for module in (queries, actions):
        monkeypatch.setattr(module, "MANY", 1)
    count_beforehand(session, SYSTEM, year, now)
    for admin, counted in zip(admins, before[1], strict=True):
        assert attainment(session, admin.actor, last_year) == (counted, now)
    monkeypatch.setattr(queries, "MANY", 100)
    for state in ("", "sudah", "belum", "separuh", "pppk"):
        asked = AttainmentFilters(year, state=state, stood_on=last_year.stood_on)
        total = whole.in_state(state)
        by_name = standings_by_name(session, dewi.actor, asked, 1, total).rows
        assert len(by_name) == total
        assert {row.public_id for row in by_name} == seen_by(session, dewi, asked).keys()


def test_whoever_looked_after_somebody_then_may_open_that_years_account(
    session, cast, dewi, citra, fitri, eko, last_year
):
    a_year_later(session, cast, dewi, utc_now())
    year, account = last_year.year, f"/opd/pegawai/{cast.ani.public_id}/jp"
    page = citra.get(f"{account}?tahun={year}").text
    assert "SD Contoh" in page
    assert f'href="/opd/pegawai/{cast.ani.public_id}"' not in page
    recap = citra.get(f"{account}.pdf?tahun={year}").content
    assert "SD Contoh" in text_of(recap)
    assert [citra.get(address).status_code for address in (account, f"{account}?tahun={year - 1}")] == [404, 200]
    assert [fitri.get(address).status_code for address in (account, f"{account}?tahun={year}")] == [200, 200]
    assert fitri.get(f"/opd/pegawai/{cast.budi.public_id}/jp?tahun={year}").status_code == 404
    # Of what he was as a PPPK the ceiling stays, and what is approved late is counted as of that year.
    assert "PPPK paling banyak 24 JP" in eko.get(f"/capaian?tahun={year}").text
    filed = {"started_on": date(year, 10, 5), "ended_on": date(year, 10, 5), "form_code": "KL06"}
    late = academy.a_record(session, cast.eko, **filed)
    approve(session, dewi.actor, late.public_id, Approval(), utc_now())
    assert session.scalars(select(LedgerLine).order_by(LedgerLine.id.desc()).limit(1)).one().asn_kind == "PPPK"


def test_a_past_year_costs_the_same_number_of_statements_however_many_people(session, database, cast, dewi, last_year):
    def statements():
        session.commit()
        seen = []
        note = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            for address in ("", "&tampilan=nama"):
                seen.append("")
                assert dewi.get(f"/opd?tahun={last_year.year}{address}").status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        asked = [each.startswith(("SELECT", "WITH")) for each in seen]
        second = seen.index("", 1)
        return sum(asked[:second]), sum(asked[second:])

    few = statements()
    crowd = [world.a_person(session, f"Orang {n}", f"{198001012005000000 + n}", cast.sekolah) for n in range(60)]
    place(session, SYSTEM, [person.id for person in crowd[::2]], datetime(last_year.year, 5, 1, tzinfo=UTC))
    assert statements() == few
    assert max(few) <= 8
