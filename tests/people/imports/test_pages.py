"""The way of an admin through an import."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import func, select

from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.sheets import read_rows
from elearn.people.accounts.models import Person
from elearn.people.imports.models import Roster
from tests.people.imports.files import HEADERS, as_csv, nip, row


def bring(visitor, rows, headers=HEADERS, name="pegawai.csv"):
    answer = visitor.post("/impor/pegawai", files={"file": (name, as_csv(rows, headers))})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def with_bad_rows():
    bad = [row(n, **{"NIP BARU": f"{n}"}) for n in range(10)] + [row(900 + n, EMAIL="@") for n in range(10)]
    return [*(row(n) for n in range(480)), *bad]


def test_five_hundred_people_with_twenty_bad_rows(dewi, session, database):
    check = bring(dewi, with_bad_rows())
    page = dewi.get(check).text
    assert "Impor 480 baris" in page
    assert "Baris\u00a0482" in page
    before = session.scalar(select(func.count(Person.id)))
    job = dewi.post(check.replace("periksa", "jalankan")).headers["location"]
    assert job.startswith("/pekerjaan/")
    run_pending(database.write)
    session.expire_all()
    assert session.scalar(select(func.count(Person.id))) == before + 480
    done = dewi.get(job).text
    assert "Baru: 480" in done
    place = check.removesuffix("/periksa")
    assert f'href="{place}"' in done
    report = dewi.get(place).text
    assert "/opd/kode/" in report
    refused = dewi.get(place + "/ditolak")
    rows = list(load_workbook(BytesIO(refused.content)).active.values)
    assert rows[0] == (*HEADERS[:-1], "Baris", "Alasan")  # AGAMA is never kept
    assert len(rows) == 21
    assert refused.headers["cache-control"] == "no-store"


def test_codes_are_for_the_importer_alone(dewi, citra, session, database):
    place = bring(dewi, [row(1)]).removesuffix("/periksa")
    dewi.post(place + "/jalankan")
    run_pending(database.write)
    session.expire_all()
    sheet = session.scalar(select(Roster.code_sheet))
    assert "Pegawai Contoh 1" in dewi.get(f"/opd/kode/{sheet}").text
    assert citra.get(f"/opd/kode/{sheet}").status_code == 404
    assert citra.get(place).status_code == 404


def test_a_download_of_refused_rows_holds_no_formula(dewi):
    place = bring(dewi, [row(1, NAMA='=HYPERLINK("http://jahat.test";"x")')]).removesuffix("/periksa")
    content = dewi.get(place + "/ditolak").content
    sheet = load_workbook(BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]].count("f") == 0
    assert read_rows(BytesIO(content), "x.xlsx").rows[0].values[1].startswith("=HYPERLINK")


def test_a_mended_download_can_be_brought_again(dewi):
    place = bring(dewi, [row(1, EMAIL="@")]).removesuffix("/periksa")
    again = dewi.post("/impor/pegawai", files={"file": ("ditolak.xlsx", dewi.get(place + "/ditolak").content)})
    assert again.headers["location"].endswith("/periksa")


def test_hostile_names_are_shown_as_text(dewi):
    check = bring(dewi, [row(1, NAMA="<script>alert(1)</script>"), row(2, EMAIL="<b>x</b>")])
    page = dewi.get(check).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;x" in page


def test_unknown_headers_lead_to_the_choice_of_columns_which_is_remembered(dewi):
    headers, rows = ("Nomor", "Siapa", "Di mana"), [[nip(1), "Sari Contoh", "DIK"]]
    place = bring(dewi, rows, headers)
    assert place.endswith("/kolom")
    wrong = dewi.post(place, {"nip": "Nomor", "name": "Nomor"})
    assert wrong.status_code == 422
    assert "dipilih dua kali" in wrong.text
    right = dewi.post(place, {"nip": "Nomor", "name": "Siapa", "unit": "Di mana"})
    assert right.headers["location"].endswith("/periksa")
    assert bring(dewi, rows, headers).endswith("/periksa")


def test_files_that_are_no_table_come_back_with_a_sentence(dewi):
    for content, name in (
        (b"", "a.csv"),
        (b"PK\x03\x04junk", "a.xlsx"),
        (b"NIP;Nama\r\n", "b.csv"),
        (b"\x00\x01", "c"),
    ):
        answer = dewi.post("/impor/pegawai", files={"file": (name, content)})
        assert answer.status_code == 422
        assert "e-es" in answer.text


def test_running_twice_is_one_job_and_an_applied_file_stays_applied(dewi, database):
    place = bring(dewi, [row(1)]).removesuffix("/periksa")
    first = dewi.post(place + "/jalankan").headers["location"]
    assert dewi.post(place + "/jalankan").headers["location"] == first
    run_pending(database.write)
    assert dewi.post(place + "/jalankan").status_code == 409
    assert dewi.get(place + "/periksa").headers["location"] == place


def test_a_file_that_says_nothing_new_offers_nothing_to_run(dewi, database):
    place = bring(dewi, [row(1)]).removesuffix("/periksa")
    dewi.post(place + "/jalankan")
    run_pending(database.write)
    assert "/jalankan" not in dewi.get(bring(dewi, [row(1)])).text


def test_the_template_is_read_as_it_is(dewi):
    place = dewi.post("/impor/pegawai", files={"file": ("t.xlsx", dewi.get("/impor/pegawai/templat").content)})
    page = dewi.get(place.headers["location"]).text
    assert "Unit DINKES tidak dikenal" in page
    assert "Diabaikan" not in page
