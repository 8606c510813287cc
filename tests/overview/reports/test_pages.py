"""Screen 33: what an admin sees, filters, and takes along."""

import csv
import html
import io
import json
import re

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event, select

from elearn.people.accounts.passwords import hash_password
from elearn.people.audit.models import AuditEntry
from tests import world
from tests.overview.reports.done import NAMES, asked_in_sql, many_completions, random_filters

WORDS = {"course": "pelatihan", "unit": "unit", "words": "q", "since": "dari", "until": "sampai"}
PASSWORD = "kata sandi dewi contoh"


@pytest.fixture
def done(session, cast):
    return many_completions(session, cast)


def address(wish):
    return {WORDS[name]: str(word) for name, word in wish.items() if word}


def shown(text):
    """The words of a page, without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def figures(page):
    """The three large figures: completions, people, JP."""
    found = re.search(r'class="e-nums.*?</div></div>', page.text, re.S)
    return [int(number.replace(".", "")) for number in re.findall(r"<b>([\d.]+)</b>", found[0])] if found else [0, 0, 0]


def table_sums(page):
    """Completions and JP at the foot of the table, and summed over its rows."""
    rows = re.findall(r"<tr>.*?</tr>", page.text, re.S)
    numbers = [[int(n.replace(".", "")) for n in re.findall(r'class="n"[^>]*><span>([\d.]+)<', row)] for row in rows]
    numbers = [pair for pair in numbers if len(pair) == 2]
    return numbers[-1], [sum(pair[n] for pair in numbers[:-1]) for n in (0, 1)]


def take(visitor, form, **words):
    return visitor.post("/laporan/unduh", {"format": form, **words})


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") > 0
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_screen_chart_and_files_tell_the_same_for_any_filter(session, done, dewi):
    """E2"""
    for wish in random_filters(12, seed=3):
        words = address(wish)
        wanted = asked_in_sql(session, **wish)
        jp = sum(row[5] for row in wanted)
        page = dewi.get("/laporan", params=words)
        assert page.status_code == 200
        assert figures(page)[0::2] == [len(wanted), jp], wish
        for view in ("pelatihan", "unit", "bulan") if wanted else ():
            grouped = dewi.get("/laporan", params={**words, "tampilan": view})
            foot, summed = table_sums(grouped)
            assert foot == summed == [len(wanted), jp], (wish, view)
            assert grouped.text.count('<svg class="e-ch') == 2
        told = json.loads(take(dewi, "json", **words).content)
        assert [tuple(row.values())[:2] for row in told] == [(row[0], row[1]) for row in wanted], wish
        assert [row["jp"] for row in told] == [row[5] for row in wanted]
        assert [row["selesai_pada"] for row in told] == [row[6].isoformat() for row in wanted]
        assert [row["nomor_sertifikat"] for row in told] == [row[8] for row in wanted]
        as_csv = read_csv(take(dewi, "csv", **words).content)
        assert [row["nip"].replace(" ", "") for row in as_csv] == [row[0] for row in wanted]
        book = openpyxl.load_workbook(io.BytesIO(take(dewi, "xlsx", **words).content))
        rows = [row for row in book.active.iter_rows(min_row=2, values_only=True) if any(row)]
        assert [row[0] for row in rows] == [row[0] for row in wanted]


def test_no_cell_becomes_a_formula_and_nothing_is_lost(session, done, dewi):
    """E1"""
    book = openpyxl.load_workbook(io.BytesIO(take(dewi, "xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert [cell.value for cell in cells[:9]] == [
        "nip",
        "nama",
        "unit_kode",
        "unit",
        "pelatihan",
        "jp",
        "selesai_pada",
        "nilai",
        "nomor_sertifikat",
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    names = {cell.value for cell in book.active["B"]}
    assert {'=HYPERLINK("http://contoh.test";"klik")', "+62 Contoh", "-1 Contoh", "@Contoh"} <= names
    assert all(len(cell.value) == 18 and cell.data_type == "s" for cell in book.active["A"][1:])
    assert {cell.data_type for cell in book.active["G"][1:]} == {"d"}
    again = CalamineWorkbook.from_filelike(io.BytesIO(take(dewi, "xlsx").content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in again[1:]] == [cell.value for cell in book.active["A"][1:]]
    rows = read_csv(take(dewi, "csv").content)
    assert re.fullmatch(r"\d{8} \d{6} \d \d{3}", rows[0]["nip"])
    for row in rows:
        assert not row["nama"].startswith(("=", "+", "-", "@", "\t", "\r")), row["nama"]
    plain = set(NAMES) - {NAMES[4], NAMES[9]}
    assert {row["nama"].lstrip("'") for row in rows} >= plain - {"\rCR Contoh"}
    told = json.loads(take(dewi, "json").content)
    assert {row["nama"] for row in told} >= plain
    assert all(isinstance(row["nip"], str) and len(row["nip"]) == 18 for row in told)


def test_an_opd_admin_takes_and_sees_the_own_subtree_only(session, done, citra, fitri, dewi):
    """Z3"""
    for visitor, code in ((citra, "DIK"), (fitri, "KES")):
        own = {row[0] for row in asked_in_sql(session, within=code)}
        foreign = {row[0] for row in asked_in_sql(session)} - own
        assert figures(visitor.get("/laporan"))[0] == len(asked_in_sql(session, within=code))
        assert {row["nip"] for row in json.loads(take(visitor, "json").content)} == own
        for answer in (take(visitor, "csv"), *(visitor.get(f"/laporan?tampilan={v}") for v in ("unit", "daftar"))):
            assert not [nip for nip in foreign if nip in answer.text.replace(" ", "")]
    for unit in ("KES", "KAB", "PUP", "TIDAK"):
        assert citra.get("/laporan", params={"unit": unit}).status_code == 404
        assert take(citra, "csv", unit=unit).status_code == 404
    assert "Dinas Kesehatan" not in citra.get("/laporan?tampilan=unit").text


def test_a_course_leads_to_its_names_and_from_there_to_the_file(done, dewi):
    """Three clicks: Laporan, the course, Unduh XLSX."""
    page = dewi.get("/laporan")
    link = html.unescape(re.search(r'href="(/laporan\?pelatihan=etika-asn[^"]*)"', page.text)[1])
    listed = dewi.get(link)
    form = re.search(r'<form[^>]*action="/laporan/unduh".*?</form>', listed.text, re.S)[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert fields["pelatihan"] == "etika-asn"
    taken = take(dewi, "xlsx", **fields)
    assert taken.status_code == 200
    assert "penyelesaian-etika-asn" in taken.headers["content-disposition"]


def test_every_file_leaves_a_line_in_the_audit(session, done, citra):
    take(citra, "csv", pelatihan="etika-asn", unit="DIK.SD1", dari="2026-01-01")
    entry = session.scalars(select(AuditEntry).filter_by(action="completions.exported")).one()
    assert entry.actor_id == citra.person.id
    assert entry.after["course"] == "etika-asn"
    assert (entry.after["unit"], entry.after["since"], entry.after["format"]) == ("DIK.SD1", "2026-01-01", "csv")
    assert entry.after["rows"] == len(
        asked_in_sql(session, course="etika-asn", unit="DIK.SD1", since=world.date(2026, 1, 1))
    )


@pytest.fixture
def guarded(session, done, dewi, monkeypatch):
    """As if three people were many, and an admin with a password."""
    monkeypatch.setattr("elearn.overview.exports.rules.ASKS_ABOVE", 3)
    monkeypatch.setattr("elearn.overview.exports.guard.ASKS_ABOVE", 3)
    dewi.person.password_hash = hash_password(PASSWORD)
    session.commit()
    return dewi


def test_a_file_about_many_people_asks_for_a_reason_and_the_password(session, guarded):
    """E4"""
    asked = take(guarded, "csv", pelatihan="etika-asn")
    assert asked.status_code == 200
    assert "text/html" in asked.headers["content-type"]
    assert 'name="pelatihan" value="etika-asn"' in asked.text
    reason = "Rekap tahunan untuk BKPSDM"
    refusals = (
        {"reason": "", "password": PASSWORD},
        {"reason": "x", "password": PASSWORD},
        {"reason": reason, "password": ""},
        {"reason": reason, "password": "salah sekali kata"},
    )
    for words in refusals:
        refused = take(guarded, "csv", pelatihan="etika-asn", asked="1", **words)
        assert refused.status_code == 422, words
        assert "text/html" in refused.headers["content-type"]
        assert PASSWORD not in refused.text
    assert reason in refused.text
    assert session.scalars(select(AuditEntry).filter_by(action="completions.exported")).all() == []
    taken = take(guarded, "csv", pelatihan="etika-asn", asked="1", reason=reason, password=PASSWORD)
    assert taken.headers["content-type"].startswith("text/csv")
    assert session.scalars(select(AuditEntry).filter_by(action="completions.exported")).one().reason == reason


def test_guesses_at_the_password_run_out(guarded):
    words = {"asked": "1", "reason": "Rekap tahunan untuk BKPSDM"}
    for _n in range(5):
        take(guarded, "csv", password="salah sekali kata", **words)
    shut = take(guarded, "csv", password=PASSWORD, **words)
    assert shut.status_code == 422
    assert "Terlalu banyak percobaan" in shut.text


@pytest.mark.parametrize(
    "words",
    [
        {"dari": "kemarin"},
        {"dari": "0001-01-01"},
        {"sampai": "9999-12-31"},
        {"dari": "2026-02-30"},
        {"dari": "2026-03-01", "sampai": "2026-02-01"},
        {"q": "x" * 300},
        {"pelatihan": "x" * 100},
    ],
)
def test_a_wrong_filter_comes_back_with_what_was_typed(done, dewi, words):
    page = dewi.get("/laporan", params=words)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert take(dewi, "csv", **words).status_code == 422


def test_empty_reports_say_what_to_do(cast, dewi):
    assert "Daftarkan pegawai" in dewi.get("/laporan").text
    page = dewi.get("/laporan", params={"q": "tidak ada orang ini"})
    assert "Tidak ada data untuk saringan ini." in page.text
    assert take(dewi, "csv").content.count(b"\r\n") == 1
    assert json.loads(take(dewi, "json").content) == []
    assert take(dewi, "pdf").status_code == 422


@pytest.mark.parametrize("view", ["pelatihan", "unit", "bulan", "daftar"])
def test_a_report_costs_the_same_number_of_statements_however_much_there_is(session, database, cast, dewi, view):
    words = {"tampilan": view, "pelatihan": "etika-asn", "unit": "KAB"}

    def statements():
        counted = []
        note = lambda *given: counted.append(given[2])  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            assert dewi.get("/laporan", params=words).status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return [one for one in counted if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]

    courses = many_completions(session, cast)
    # No second truth beside what is recognised: the page says which JP these are, and where the others stand.
    assert "JP pelatihan: yang diperoleh" in (told := dewi.get("/laporan", params=words).text)
    assert '<a href="/opd">' in told
    few = statements()
    for n in range(80):
        person = world.a_person(session, f"Ramai {n} Contoh", f"19920101201501{n:04d}", cast.sekolah)
        values = {"completed_at": world.THEN, "completed_jp": 2, "completed_unit_id": cast.sekolah.id}
        world.enrolled(session, person, courses[0], **values)
    many = statements()
    assert len(few) == len(many) <= 8, many
