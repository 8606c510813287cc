"""Completions from the shell: the same rows as on the page, written aside and renamed."""

import csv
import io
import json

import openpyxl
import pytest

from elearn.people.audit.models import AuditEntry
from tests import world
from tests.overview.reports.done import asked_in_sql, many_completions
from tests.standards.siasn.ledger import a_line, known_to_siasn


@pytest.fixture
def done(own_database):
    with own_database.write() as session:
        many_completions(session, world.cast(session))


def test_the_rows_are_those_that_the_filters_ask_for(elearn, own_database, done, tmp_path):
    words = ("--course", "etika-asn", "--unit", "DIK", "--from", "2026-01-01", "--to", "2026-04-01")
    for form in ("csv", "xlsx", "json"):
        ended = elearn("export", "completions", "--format", form, *words, "--out", tmp_path / f"x.{form}")
        assert ended.returncode == 0, ended.stderr
    wish = {"course": "etika-asn", "unit": "DIK", "since": world.date(2026, 1, 1), "until": world.date(2026, 4, 1)}
    with own_database.read() as session:
        wanted = [row[0] for row in asked_in_sql(session, **wish)]
        assert [
            entry.after["rows"] for entry in session.query(AuditEntry).filter_by(action="completions.exported")
        ] == [len(wanted)] * 3
    assert wanted
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig")), delimiter=";"))
    assert [row["nip"].replace(" ", "") for row in rows] == wanted
    assert [row["nip"] for row in json.loads((tmp_path / "x.json").read_text())] == wanted
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [cell.value for cell in sheet["A"][1:]] == wanted
    assert (tmp_path / "x.csv").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob("*x.*")) == ["x.csv", "x.json", "x.xlsx"]


def test_what_is_unknown_is_refused_with_a_sentence_and_leaves_the_old_file(elearn, done, tmp_path):
    kept = tmp_path / "x.csv"
    kept.write_text("kept")
    for words in (("--course", "tidak-ada"), ("--unit", "TIDAK")):
        ended = elearn("export", "completions", "--format", "csv", *words, "--out", kept)
        assert ended.returncode == 1
        assert words[1] in ended.stderr
    assert kept.read_text() == "kept"
    assert elearn("export", "completions", "--format", "csv", "--out", tmp_path / "none" / "x.csv").returncode == 1


def test_wrong_usage_is_told_apart(bare, tmp_path):
    out = ("--out", tmp_path / "x")
    for words in (
        ("--format", "pdf", *out),
        ("--format", "csv"),
        ("--format", "csv", "--from", "kemarin", *out),
        ("--format", "csv", "--from", "0001-01-01", *out),
        ("--format", "csv", "--from", "2026-02-01", "--to", "2026-01-01", *out),
    ):
        assert bare("export", "completions", *words).returncode == 2, words


def test_records_for_siasn_leave_once_into_a_folder_of_their_own(elearn, own_database, tmp_path):
    with own_database.write() as session:
        cast = world.cast(session)
        known_to_siasn(session, cast.ani)
        a_line(session, cast.ani, 12)
        a_line(session, cast.eko, 5)
        session.commit()
    words = ("export", "siasn", "--year", "2026")
    assert elearn(*words, "--unit", "TIDAK", "--out", tmp_path / "a").returncode == 1
    ended = elearn(*words, "--unit", "DIK", "--out", tmp_path / "a")
    assert ended.returncode == 0, ended.stderr
    assert "1 new records" in ended.stdout
    [row] = json.loads((tmp_path / "a" / "kursus.json").read_text())
    assert (tmp_path / "a" / row["berkas"]).read_bytes().startswith(b"%PDF")
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0
    assert "is not empty" in elearn(*words, "--out", tmp_path / "a").stderr
    again = elearn(*words, "--out", tmp_path / "b")
    assert (again.returncode, "0 new records" in again.stdout, "1 refused" in again.stdout) == (0, True, True)
    assert elearn("export", "siasn", "--year", "tahun ini", "--out", tmp_path / "c").returncode == 2
