"""Screen 35: numbers, units and trend are those of the lists behind them, for each reader's own part."""

from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
import time_machine
from sqlalchemy import event, select, text

from elearn.foundation.clock import utc_now
from elearn.overview.attainment import actions, queries
from elearn.overview.attainment.actions import count_beforehand, count_months_beforehand
from elearn.overview.attainment.models import JpMonth
from elearn.overview.attainment.months import jp_by_month
from elearn.overview.attainment.queries import AttainmentFilters, tallies
from elearn.overview.attainment.rules import last_months, together
from elearn.overview.outcomes.queries import own_classes
from elearn.overview.summary.queries import summary
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.audit.models import AuditEntry
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerLine
from tests import academy, world

SYSTEM = Actor.system("tests")
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november():
    """The year has all its months but one, whenever the suite runs."""
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def hana(session, cast, visitor):
    """Head of Dinas Pendidikan Contoh."""
    person = world.a_person(session, "Hana Contoh", "197001012000031001", cast.dinas, Role.HEAD, scope=cast.dinas)
    session.commit()
    return visitor(person)


@pytest.fixture
def learned(session, cast):
    """Ani has 21 JP of this year, and 3 of a day too early for the trend; Eko, of another OPD, has 5."""
    for person, jp, day in (
        (cast.ani, 3, date(2025, 11, 30)),
        (cast.ani, 4, date(2025, 12, 1)),
        (cast.ani, 20, date(2026, 3, 2)),
        (cast.ani, 1, date(2026, 11, 23)),
        (cast.eko, 6, date(2026, 3, 31)),
    ):
        course = world.a_course(session, f"kursus-{person.id}-{day}", minutes=45 * jp, form="NKL04")
        done = world.enrolled(
            session,
            person,
            course,
            completed_at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
            completed_jp=jp,
            completed_unit_id=person.unit_id,
        )
        credit_course(session, SYSTEM, done.id, utc_now())
    line = session.scalars(select(LedgerLine).filter_by(person_id=cast.eko.id)).one()
    correct(session, SYSTEM, line.public_id, Correction(jp=5, reason="Satu JP keliru, contoh."), utc_now())
    cohort = academy.a_cohort(session, course, starts_on=TODAY, ends_on=TODAY + timedelta(days=1))
    academy.joined(session, cast.ani, cohort)
    session.commit()


OURS = {date(2025, 12, 1): 4, date(2026, 3, 1): 20, date(2026, 11, 1): 1}
THEIRS = {date(2026, 3, 1): 5}
ALL = {**OURS, date(2026, 3, 1): 25}


def test_each_reader_is_told_of_the_own_part_alone(session, cast, learned, hana, citra, fitri, dewi, ani):
    """Z3; each number is that of the list to which it leads."""
    everybody = ((hana, OURS, 1), (citra, OURS, 1), (fitri, THEIRS, 0), (dewi, ALL, 1))
    for visitor, trend, classes in everybody:
        found = summary(session, visitor.actor, AttainmentFilters(2026), TODAY)
        assert found.whole == together(list(tallies(session, visitor.actor, AttainmentFilters(2026)).values()))
        assert found.classes == classes == own_classes(session, visitor.actor, 2026, 1).total
        assert [each.month for each in found.trend] == last_months(TODAY)
        assert {each.month: each.jp for each in found.trend if each.jp} == trend
        this_year = sum(jp for month, jp in trend.items() if month.year == 2026)
        assert found.jp_each == round(this_year / found.whole.people, 1)
    plain = session.execute(
        text("SELECT sum(jp_recognised) FROM ledger_lines WHERE ended_on >= :first"), {"first": "2025-12-01"}
    ).scalar_one()
    assert plain == sum(ALL.values())
    page = hana.get("/ringkasan").text
    assert "Dinas Pendidikan Contoh" in page
    assert "SD Contoh" in page
    assert "Kesehatan" not in page
    assert "Data sampai 23 November 2026" in page
    for address in ("/opd?keadaan=sudah&amp;tampilan=nama", "/opd?unit=DIK.SD1", "/opd/angkatan?tahun=2026"):
        assert address in page
        assert hana.get(address.replace("&amp;", "&")).status_code == 200
    assert ani.get("/ringkasan").status_code == ani.get("/ringkasan.pdf").status_code == 403


def test_of_many_people_the_months_are_those_that_the_job_counted(session, learned, hana, dewi, monkeypatch):
    now, months = utc_now(), last_months(TODAY)
    live = [jp_by_month(session, each.actor, months, beforehand=False) for each in (hana, dewi)]
    count_months_beforehand(session, SYSTEM, now)
    assert session.scalars(select(JpMonth)).all() == [], "so few are counted at once"
    for module in (queries, actions):
        monkeypatch.setattr(module, "MANY", 1)
    count_beforehand(session, SYSTEM, 2026, now)
    session.commit()
    assert "Tren 12 bulan sedang dihitung." in dewi.get("/ringkasan").text
    assert dewi.get("/ringkasan.pdf").status_code == 200
    for _twice in range(2):
        count_months_beforehand(session, SYSTEM, now)
    session.commit()
    for visitor, counted in zip((hana, dewi), live, strict=True):
        found = summary(session, visitor.actor, AttainmentFilters(2026), TODAY)
        assert found.counted_at == now
        assert found.trend == counted
        assert visitor.get("/ringkasan").status_code == 200


def test_it_costs_the_same_however_many_units(session, database, cast, dewi, learned):
    def asked():
        seen = []
        note = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            assert dewi.get("/ringkasan").status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return sum(each.startswith(("SELECT", "WITH")) for each in seen)

    few = asked()
    for n in range(40):
        unit = world.a_unit(session, f"D{n}", f"Dinas {n} " + "yang namanya panjang sekali " * 4, cast.kabupaten)
        world.a_person(session, f"Nama {n}", f"19900101201501{n:04}", unit)
    session.commit()
    assert asked() == few <= 6
    # With as many units and such names the paper still is one sheet.
    pdf = dewi.get("/ringkasan.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(pdf.content)
    assert len(document) == 1
    told = " ".join(document[0].get_textpage().get_text_range().split())
    for words in (
        "Ringkasan pembelajaran 2026",
        "Kabupaten Contoh",
        "Data sampai 23 November 2026",
        "unit lain tidak dimuat",
    ):
        assert words in told
    assert b"/StructTreeRoot" in pdf.content
    assert b"pdfaid:part" in pdf.content


def test_without_anybody_it_says_who_brings_them(session, cast, visitor):
    empty = world.a_unit(session, "KSG", "Kantor Kosong Contoh", cast.kabupaten)
    head = world.a_person(session, "Ira Contoh", None, None, Role.HEAD, scope=empty)
    session.commit()
    page = visitor(head).get("/ringkasan").text
    assert "Belum ada pegawai di unit ini." in page
    assert "/ringkasan.pdf" not in page


@pytest.mark.words_alone
def test_year_and_unit_stand_in_the_address_and_hold_for_page_paper_and_files(session, cast, learned, hana, dewi):
    """Each number still leads to the list behind it, of the same year and unit."""
    page = dewi.get("/ringkasan?tahun=2025&unit=DIK").text
    assert "Ringkasan 2025" in page
    for address in (
        "/opd?tahun=2025&amp;unit=DIK&amp;keadaan=separuh&amp;tampilan=nama",
        "/opd?tahun=2025&amp;unit=DIK.SD1",
        "/opd/angkatan?tahun=2025&amp;unit=DIK",
        "/ringkasan.pdf?tahun=2025&amp;unit=DIK",
    ):
        assert address in page, address
        assert dewi.get(address.replace("&amp;", "&")).status_code == 200
    assert "31 Desember 2025" in page
    # The row of the unit alone leads to its very people.
    assert "/opd?tahun=2025&amp;unit=DIK&amp;tampilan=nama&amp;langsung=1" in page
    dinas = AttainmentFilters(2026, cast.dinas)
    found = summary(session, dewi.actor, dinas, TODAY)
    assert {each.month: each.jp for each in found.trend if each.jp} == OURS
    assert found.whole == together(list(tallies(session, dewi.actor, dinas).values()))
    assert found.classes == 1
    assert summary(session, dewi.actor, AttainmentFilters(2026, cast.kesehatan), TODAY).classes == 0
    last_year = summary(session, dewi.actor, AttainmentFilters(2025, cast.dinas, "", date(2025, 12, 31)), TODAY)
    assert [each.month.year for each in last_year.trend] == [2025] * 12
    assert {each.month: each.jp for each in last_year.trend if each.jp} == {date(2025, 11, 1): 3, date(2025, 12, 1): 4}
    rows = dewi.post("/ringkasan/unduh", {"format": "json", "tahun": "2025", "unit": "DIK"}).json()
    assert [row["jp_diakui"] for row in rows] == [0] * 10 + [3, 4]
    assert dewi.post("/ringkasan/unduh", {"format": "xlsx"}).content.startswith(b"PK")
    taken = session.scalars(select(AuditEntry).filter_by(action="summary.exported").order_by(AuditEntry.id)).first()
    assert (taken.actor_id, taken.after) == (cast.dewi.id, {"format": "json", "year": 2025, "unit": "DIK", "rows": 12})
    paper = pypdfium2.PdfDocument(dewi.get("/ringkasan.pdf?tahun=2025&unit=DIK").content)[0]
    told = paper.get_textpage().get_text_range()
    assert "Ringkasan pembelajaran 2025" in told
    assert "JP yang diakui tahun 2025" in told
    # Z3: another's unit is as unknown as none.
    for method, path in (("GET", "/ringkasan"), ("GET", "/ringkasan.pdf"), ("POST", "/ringkasan/unduh")):
        asked = {"params": {"unit": "KES"}} if method == "GET" else {"data": {"unit": "KES", "format": "csv"}}
        assert hana.client.request(method, path, **asked).status_code == 404
    for path in ("/ringkasan?tahun=kemarin", "/ringkasan.pdf?tahun=1"):
        assert dewi.get(path).status_code == 422


def test_months_of_a_past_year_are_not_told_of_more_people_than_a_page_counts(session, learned, dewi, monkeypatch):
    now = utc_now()
    for module in (queries, actions):
        monkeypatch.setattr(module, "MANY", 1)
    count_beforehand(session, SYSTEM, 2025, now)
    session.commit()
    found = summary(session, dewi.actor, AttainmentFilters(2025, None, "", date(2025, 12, 31)), TODAY)
    assert (found.counted_at, found.trend) == (now, [])
    assert "Pilih unit yang lebih kecil" in dewi.get("/ringkasan?tahun=2025").text
    assert dewi.get("/ringkasan.pdf?tahun=2025").status_code == 200


def test_the_last_months_go_back_over_the_new_year():
    assert last_months(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert last_months(date(2026, 12, 1))[0] == date(2026, 1, 1)
