"""A workbook of many rows is made by a job: the same rows as the CSV, for whoever asked alone, in one file."""

import csv
import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select

from elearn.foundation.jobs.actions import cancel
from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.runner import Runner
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.overview.exports.actions import Book, have_made
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import RoleGrant
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.wiring import connect
from tests import academy, world
from tests.overview.reports.done import asked_in_sql, many_completions
from tests.programs import kill_at


@pytest.fixture
def short(monkeypatch):
    """As if three rows were many, and word were given after every second one."""
    monkeypatch.setattr("elearn.overview.exports.rules.LONG", 3)
    monkeypatch.setattr("elearn.overview.exports.jobs.TOLD_EVERY", 2)


def rows_of(content):
    """All cells as a spreadsheet shows them; two readers agree on them."""
    told = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    rows = [[_cell(cell) for cell in row] for row in told]
    assert rows == [[_cell(cell) for cell in row] for row in read]
    return rows


def _cell(cell):
    if cell is None or isinstance(cell, str):
        return (cell or "").replace("_x000D_", "\r").replace("\r", "\n")
    return str(cell)[:10] if hasattr(cell, "year") else f"{float(cell):g}"


def csv_of(content):
    """The same cells out of a CSV: without the marks and the groups that it needs."""
    found = []
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"):
        cells = [_cell(cell).removeprefix("'") for cell in row]
        found.append([cells[0].replace(" ", ""), *(cell.replace(",", ".") for cell in cells[1:])])
    return found


def same(book, lines):
    """Whether a workbook and a CSV say the same; numbers by their first six digits."""
    plain = [[cell.replace(",", ".") for cell in row] for row in rows_of(book)]
    wanted = csv_of(lines)
    for row, told in zip(plain, wanted, strict=True):
        for cell, other in zip(row, told, strict=True):
            assert cell == other or f"{float(other):g}" == cell, (row, told)
    return len(plain) - 1


def said(session, action):
    """The formats that the audit tells of, in order."""
    found = session.scalars(select(AuditEntry).filter_by(action=f"{action}.exported").order_by(AuditEntry.id))
    return [each.after["format"] for each in found]


def test_a_long_workbook_of_completions_is_the_same_rows_and_its_owner_s_alone(session, database, cast, dewi, citra):
    many_completions(session, cast)
    here, wish = "/laporan/unduh", {"pelatihan": "etika-asn", "unit": "KAB", "dari": "2026-01-01"}
    at_once = dewi.post(here, {"format": "xlsx", **wish})
    lines = dewi.post(here, {"format": "csv", **wish}).content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("elearn.overview.exports.rules.LONG", 3)
        patch.setattr("elearn.overview.exports.jobs.TOLD_EVERY", 2)
        assert dewi.post(here, {"format": "csv", **wish}).content == lines
        asked = dewi.post(here, {"format": "xlsx", **wish})
        assert (asked.status_code, asked.headers["location"][:11]) == (303, "/pekerjaan/")
        job = asked.headers["location"]
        assert dewi.post(here, {"format": "xlsx", **wish}).headers["location"] == job, "it is being made"
        other = dewi.post(here, {"format": "xlsx", "sampai": "2026-11-30"}).headers["location"]
        assert citra.post(here, {"format": "xlsx"}).headers["location"] not in (job, other)
        waiting = dewi.get(job).text
        assert "Berkas Excel Penyelesaian, Etika ASN Contoh, Kabupaten Contoh, sejak 1 Januari 2026" in waiting
        assert f"{job}/berkas" not in waiting
        run_pending(database.write)
    page = dewi.get(job).text
    count = same(dewi.get(f"{job}/berkas").content, lines)
    assert f"Baris: {count}" in page
    assert "/laporan?pelatihan=etika-asn&amp;unit=KAB&amp;dari=2026-01-01" in page
    answer = dewi.get(f"{job}/berkas")
    assert rows_of(answer.content) == rows_of(at_once.content)
    assert answer.headers["content-disposition"] == at_once.headers["content-disposition"]
    assert answer.headers["content-type"] == at_once.headers["content-type"]
    assert {citra.get(job).status_code, citra.get(f"{job}/berkas").status_code} == {404}
    made = session.scalars(select(Job).filter_by(public_id=job.rsplit("/", 1)[1])).one()
    assert (made.state, made.done, made.total) == ("done", count, count)
    # One line for the file at once, two for the CSVs, one for each of the three jobs.
    assert said(session, "completions") == ["xlsx", "csv", "csv", "xlsx", "xlsx", "xlsx"]
    again = dewi.post(here, {"format": "xlsx", **wish})
    assert again.content.startswith(b"PK"), "so few rows go at once"


def test_whoever_lost_the_scope_gets_nothing_of_others(session, database, cast, citra, fitri, short):
    many_completions(session, cast)
    moved = citra.post("/laporan/unduh", {"format": "xlsx"}).headers["location"]
    gone = citra.post("/laporan/unduh", {"format": "xlsx", "unit": "DIK"}).headers["location"]
    called_off = citra.post("/laporan/unduh", {"format": "xlsx", "q": "contoh"}).headers["location"]
    nobody = fitri.post("/laporan/unduh", {"format": "xlsx"}).headers["location"]
    session.scalars(select(RoleGrant).filter_by(person_id=cast.citra.id)).one().unit_id = cast.sekolah.id
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == cast.fitri.id, RoleGrant.role == Role.OPD_ADMIN))
    cancel(session, session.scalars(select(Job).filter_by(public_id=called_off.rsplit("/", 1)[1])).one(), world.THEN)
    session.commit()
    run_pending(database.write)
    own = [row[0] for row in asked_in_sql(session, within="DIK.SD1")]
    assert [row[0] for row in rows_of(citra.get(f"{moved}/berkas").content)[1:]] == own
    for visitor, job in ((citra, gone), (citra, called_off), (fitri, nobody)):
        assert visitor.get(f"{job}/berkas").status_code == 404
    states = {
        f"/pekerjaan/{job.public_id}": job.state
        for job in session.scalars(select(Job).filter_by(kind="exports.workbook"))
    }
    assert states == {moved: "done", gone: "failed", called_off: "cancelled", nobody: "failed"}


def test_attainment_and_programmes_become_jobs_too(session, database, cast, dewi, short):
    programme, rule = academy.a_programme(session, world.a_course(session), None, cast.dewi, title="Program Kabupaten")
    for person in (cast.ani, cast.budi, cast.citra, cast.eko, cast.fitri):
        academy.owing(session, person, programme, rule, due_on=world.today())
    session.commit()
    for here, wish, title, noted in (
        (
            "/opd",
            {"tahun": "2026", "keadaan": "belum", "unit": "KAB"},
            "Capaian JP 2026, Kabupaten Contoh",
            "attainment",
        ),
        (f"/kelola/program/{programme.public_id}", {"keadaan": "belum"}, "Program Kabupaten", "duties"),
    ):
        lines = dewi.post(f"{here}/unduh", {"format": "csv", **wish}).content
        job = dewi.post(f"{here}/unduh", {"format": "xlsx", **wish}).headers["location"]
        assert dewi.post(f"{here}/unduh", {"format": "xlsx", **wish}).headers["location"] == job
        assert f"Berkas Excel {title}" in dewi.get(job).text
        run_pending(database.write)
        assert same(dewi.get(f"{job}/berkas").content, lines) >= 5
        assert f"{here}?" in dewi.get(job).text
        assert said(session, noted) == ["csv", "xlsx"]


def books():
    return {key for key in store().keys() if key.endswith(".xlsx")}  # noqa: SIM118 - a store is no mapping


@pytest.mark.timeout(240)
def test_a_workbook_that_is_killed_is_made_once(own_database, now):
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        world.enrolled(session, cast.ani, world.a_course(session), completed_at=world.THEN, completed_jp=2)
        book = Book("completions", {}, 1, "Penyelesaian", "penyelesaian.xlsx", "/laporan")
        job = have_made(session, actor_for(session, cast.dewi.id), book, now, lambda: None)
        session.commit()
    before = books()
    # When the rows are written, and when the file is stored but nobody knows yet.
    for begins in ("UPDATE jobs SET done", "UPDATE jobs SET state"):
        kill_at(own_database, begins, 2)
        assert take_back(own_database.write, "here", now) == 1
    stored = books() - before
    Runner(own_database.write, "here", reading=own_database.read).run(job.public_id)
    with own_database.read() as session:
        job = session.scalars(select(Job)).one()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert stored == {job.result["file"]["key"]} == books() - before
    assert rows_of(store().read(job.result["file"]["key"]))[1][1] == cast.ani.name
