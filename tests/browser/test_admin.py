"""The admin's way: 500 people from a file with 20 bad rows, and completions as files that open, in a real browser."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pytest
import python_calamine
from sqlalchemy import select

from elearn.people.accounts.models import Person
from tests import belongings, databases
from tests.browser.ways import DEWI, Clicks, sign_in

GOOD, BAD = 480, 20
MOST_FOR_AN_IMPORT, MOST_FOR_AN_EXPORT = 6, 3
ANI = "198501012010012001"


@pytest.fixture
def admin(server, chromium):
    """Dewi at work, after Ani has completed a course."""
    database = databases.Database(server.environment["ELEARN_DATABASE_URL"])
    with database.write() as session:
        belongings.of_person(session, session.scalars(select(Person).filter_by(nip=ANI)).one())
        session.commit()
    database.close()
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, server, DEWI)
    yield page
    context.close()


def roll():
    """A table as an office keeps it: 480 people, and 20 rows whose NIP nobody can have."""
    rows = [f"19900101201501{n % 2 + 1}{n:03d};Pegawai Contoh {n};DIK.SD1;Guru" for n in range(GOOD)]
    rows += [f"1990{n};Baris Rusak {n};DIK.SD1;Guru" for n in range(BAD)]
    return "\r\n".join(["NIP;Nama;Unit kerja;Jabatan", *rows]).encode()


def test_500_people_are_imported_and_the_20_bad_rows_come_back(admin, server):
    admin.goto(f"{server.address}/opd/pegawai")
    click = Clicks()
    click(admin.get_by_role("link", name="Impor").first)
    file = {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": roll()}
    click.choose(admin.locator("main input[type=file]"), file)
    click(admin.get_by_role("button", name="Periksa"))
    admin.wait_for_url("**/periksa")
    admin.get_by_text("Ini baru pemeriksaan").wait_for()
    click(admin.get_by_role("button", name=f"Impor {GOOD} baris"))
    assert click.count <= MOST_FOR_AN_IMPORT
    admin.wait_for_url("**/pekerjaan/*")
    admin.get_by_role("link", name="Lihat hasil").click(timeout=120_000)
    admin.get_by_role("heading", name=f"Ditolak ({BAD})").wait_for()
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Unduh baris yang ditolak").click()
    refused = download.value.path().read_bytes()
    _head, *rows = rows_of(refused)
    assert len(rows) == BAD
    assert all("Baris Rusak" in str(row) for row in rows)
    admin.goto(f"{server.address}/opd/pegawai?q=Pegawai+Contoh+479")
    admin.get_by_role("link", name="Pegawai Contoh 479").wait_for()


def rows_of(workbook):
    return openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True)


def test_the_completions_of_a_course_are_three_clicks_away_as_a_file_that_opens(admin, server):
    admin.goto(f"{server.address}/opd/pegawai")
    click = Clicks()
    click(admin.get_by_role("link", name="Laporan").first)
    click(admin.get_by_role("link", name="Pelatihan Tuntas").first)
    admin.wait_for_url("**pelatihan=tuntas**")
    with admin.expect_download() as download:
        click(admin.get_by_role("button", name="Unduh XLSX"))
    assert click.count <= MOST_FOR_AN_EXPORT
    workbook = download.value.path().read_bytes()
    sheet = python_calamine.load_workbook(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    for head, row in (list(rows_of(workbook)), sheet):
        told = dict(zip(head, row, strict=True))
        assert (told["nip"], told["pelatihan"]) == (ANI, "Pelatihan Tuntas")
    with admin.expect_download() as download:
        admin.get_by_role("button", name="CSV").click()
    text = download.value.path().read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in text
    (told,) = csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")
    assert told["nip"] == "19850101 201001 2 001"
    assert told["selesai_pada"].startswith(f"{datetime.now(UTC):%Y}")
