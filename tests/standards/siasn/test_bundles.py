"""Whatever people learned and officers corrected: the files hold exactly what is recognised, and each record once."""

import csv
import io
import json
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from sqlalchemy import select, text

from elearn.foundation.errors import Invalid
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.recognition.certificates.actions import reissue, revoke
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.standards.siasn.actions import begin_bundle, note_left
from elearn.standards.siasn.files import assemble
from elearn.standards.siasn.models import SiasnBundle
from elearn.standards.siasn.queries import Wanted
from tests import academy
from tests.standards.siasn.ledger import a_line, corrected, known_to_siasn

TODAY = date(2026, 11, 23)
ALL = Wanted(2026)
LEARNED = st.tuples(st.integers(0, 1), st.integers(1, 30), st.sampled_from(["NKL04", "KL03", "KL01", "KL06"]))
CORRECTED = st.tuples(st.integers(0, 99), st.integers(0, 30))
SUM = """
    SELECT coalesce(sum(l.jp_recognised), 0) FROM ledger_lines l
    JOIN ledger_lines o ON o.id = coalesce(l.corrects_id, l.id)
    JOIN delivery_forms f ON f.code = o.form_code JOIN people p ON p.id = o.person_id
    WHERE o.year = 2026 AND f.history <> 'tubel' AND p.siasn_id IS NOT NULL
"""


def steps(database):
    """Transactions as a job or a command has them."""

    @contextmanager
    def step():
        with database.write() as session:
            yield session
            session.commit()

    return step


def files_of(database, actor, wanted=ALL):
    """What the bundle's folder holds: its tally, JSON rows, and the rows to remember."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "paket"
        folder.mkdir()
        made = assemble(database.read, actor, wanted, settings(), store(), folder, Path(place), TODAY, steps(database))
        rows = [each for name in ("kursus", "diklat") for each in json.loads((folder / f"{name}.json").read_text())]
        pdfs = {str(path.relative_to(folder)) for path in folder.rglob("*.pdf")}
        assert {row["berkas"] for row in rows} == pdfs
        return made.tally, rows, list(made.rows())


def leave(session, actor, rows, tally, now):
    note_left(session, actor, begin_bundle(session, actor, ALL, now), rows, tally.counts, now)


@given(history=st.lists(st.one_of(LEARNED, CORRECTED), min_size=1, max_size=8), later=st.lists(CORRECTED, max_size=3))
@hypothesis_settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_exported_is_recognised_is_what_sql_says(database, session, cast, dewi, now, history, later):
    known_to_siasn(session, cast.ani, cast.eko)
    session.commit()
    people, admin = (cast.ani, cast.eko), dewi.actor
    undone = database.connection.begin_nested()
    with database.write() as inside:
        lines = []
        for step in history:
            if len(step) == 3:
                lines.append(a_line(inside, inside.merge(people[step[0]]), *step[1:], title=f"Pelatihan {len(lines)}"))
            elif lines:
                with suppress(Invalid):
                    corrected(inside, admin, lines[step[0] % len(lines)], step[1], now)
        tally, rows, left = files_of(database, admin)
        exported = sum(row["jumlahJam"] for row in rows)
        assert exported == tally.jp == inside.scalar(text(SUM))
        assert tally.new == len(rows) == len(left)
        leave(inside, admin, left, tally, now)
        assert files_of(database, admin)[1:] == ([], [])
        before = {row["line_id"]: row["jp"] for row in left}
        for number, jp in later:
            if lines:
                with suppress(Invalid):
                    corrected(inside, admin, lines[number % len(lines)], jp, now)
        tally, rows, left = files_of(database, admin)
        # What SIASN has after the second bundle is what is recognised, again by SQL alone.
        assert sum({**before, **{row["line_id"]: row["jp"] for row in left}}.values()) == inside.scalar(text(SUM))
        assert tally.deletion == sum(row["change"] == "deletion" for row in left)
        leave(inside, admin, left, tally, now)
        assert files_of(database, admin)[1:] == ([], [])
    undone.rollback()


def test_the_tables_have_siasns_names_and_no_formula(database, session, cast, dewi, tmp_path):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12, title="=HYPERLINK(1)", organiser="@BKPSDM")
    a_line(session, cast.ani, 900, form="KL01", title="Diklat PIM III")
    a_line(session, cast.eko, 5, title="-Tanpa id")
    session.commit()
    folder = tmp_path / "paket"
    folder.mkdir()
    made = assemble(database.read, dewi.actor, ALL, settings(), store(), folder, tmp_path, TODAY, steps(database))
    assert (made.tally.new, made.tally.refused) == (2, 1)
    [row] = json.loads((folder / "kursus.json").read_text())
    office = settings().siasn_instansi_id
    assert row["berkas"].startswith(f"pdf/kursus/{cast.ani.nip}_")
    assert (folder / row.pop("berkas")).read_bytes().startswith(b"%PDF")
    assert row == {
        "nip": cast.ani.nip,
        "id": None,
        "pnsOrangId": cast.ani.siasn_id,
        "instansiId": office,
        "jenisDiklatId": "17",
        "jenisKursus": "",
        "jenisKursusSertipikat": "T",
        "namaKursus": "=HYPERLINK(1)",
        "nomorSertipikat": row["nomorSertipikat"],
        "institusiPenyelenggara": "@BKPSDM",
        "jumlahJam": 12,
        "tahunKursus": 2026,
        "tanggalKursus": "02-03-2026",
        "tanggalSelesaiKursus": "05-03-2026",
        "lokasiId": office,
    }
    [diklat] = json.loads((folder / "diklat.json").read_text())
    assert (diklat["latihanStrukturalId"], diklat["jumlahJam"], diklat["bobot"]) == ("3", 900, 0)
    told = list(csv.DictReader(io.StringIO((folder / "kursus.csv").read_text("utf-8-sig")), delimiter=";"))
    assert (told[0]["namaKursus"], told[0]["nip"].replace(" ", "")) == ("'=HYPERLINK(1)", cast.ani.nip)
    book = load_workbook(folder / "siasn.xlsx")
    assert book.sheetnames[:3] == ["kursus", "diklat", "Untuk dibaca"]
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book["kursus"]["A2"].value == cast.ani.nip
    assert "pnsOrangId" in str([cell.value for cell in book["Belum dapat dikirim"][2]])


def test_learning_elsewhere_leaves_with_its_evidence_as_a_pdf(database, session, cast, dewi, citra, now, tmp_path):
    known_to_siasn(session, cast.ani)
    record = academy.a_record(session, cast.ani)
    approve(session, citra.actor, record.public_id, Approval(), now)
    session.commit()
    folder = tmp_path / "paket"
    folder.mkdir()
    assemble(database.read, dewi.actor, ALL, settings(), store(), folder, tmp_path, TODAY, steps(database))
    row = json.loads((folder / "kursus.json").read_text())[0]
    assert (row["jenisDiklatId"], row["jumlahJam"], row["nomorSertipikat"]) == ("9", 8, "SEM-0042/UC/2026")
    with pikepdf.open(folder / row["berkas"]) as pdf:
        assert len(pdf.pages) == 1


def test_a_certificate_that_was_replaced_leaves_again_under_its_new_number(database, session, cast, dewi, now):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    tally, rows, left = files_of(database, dewi.actor)
    leave(session, dewi.actor, left, tally, now)
    old = session.scalars(select(Certificate)).one()
    replaced = reissue(session, dewi.actor, old.public_id, "Nama keliru.", now)
    session.commit()
    tally, rows, left = files_of(database, dewi.actor)
    assert (tally.new, [row["nomorSertipikat"] for row in rows]) == (0, [replaced.number])
    leave(session, dewi.actor, left, tally, now)
    revoke(session, dewi.actor, replaced.public_id, "Tidak ikut.", now)
    session.commit()
    page = dewi.get(f"/kelola/sertifikat/{replaced.public_id}").text
    assert "JP tidak berubah" in page
    line = session.scalars(select(LedgerLine)).one()
    moved = dewi.get(f"/kelola/sertifikat/{replaced.public_id}/jp")
    assert moved.headers["location"] == f"/kelola/jp/{line.public_id}"
    assert "Hapus di SIASN" in dewi.get("/kelola/siasn?tahun=2026").text
    tally, rows, left = files_of(database, dewi.actor)
    assert (tally.deletion, tally.jp, rows, left[0]["jp"]) == (1, 0, [], 0)
    leave(session, dewi.actor, left, tally, now)
    newest = session.scalars(select(SiasnBundle).order_by(SiasnBundle.id.desc())).first()
    assert "Entri yang dihapus di SIASN" in dewi.get(f"/kelola/siasn/paket/{newest.public_id}").text
    assert files_of(database, dewi.actor)[0].leaving == 0


def test_what_was_not_drawn_is_drawn_as_it_was_issued_and_kept_once_it_needs_no_signature(
    database, session, cast, dewi, now, tmp_path
):
    look = {"name": "Dinas", "kind": "sertifikat", "title": "Piagam Contoh", "note": "Ditandatangani secara elektronik"}
    assert dewi.post("/kelola/sertifikat/templat/baru", look).status_code == 303
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    certificate = session.scalars(select(Certificate)).one()
    certificate.wants_signature = True
    session.commit()
    tally, rows, _left = files_of(database, dewi.actor)
    assert (tally.refused, rows) == (1, [])
    page = dewi.get("/kelola/siasn?tahun=2026").text
    assert ("menunggu tanda tangan" in page, f"/kelola/sertifikat/{certificate.public_id}" in page) == (True, True)
    assert "Menunggu tanda tangan" in dewi.get("/kelola/sertifikat").text
    certificate.wants_signature = False
    session.commit()
    folder = tmp_path / "paket"
    folder.mkdir()
    assemble(database.read, dewi.actor, ALL, settings(), store(), folder, tmp_path, TODAY, steps(database))
    row = json.loads((folder / "kursus.json").read_text())[0]
    pdf = (folder / row["berkas"]).read_bytes()
    words = " ".join(PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert ("Piagam Contoh" in words, "secara elektronik" in words) == (True, True)
    session.expire_all()
    assert (store().read(certificate.storage_key), certificate.sha256) == (pdf, sha256(pdf).hexdigest())
