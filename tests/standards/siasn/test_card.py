"""The card for MyASN: SIASN's own names and codes, one's own lines only."""

from datetime import date

from elearn.recognition.learning_hours.models import LedgerLine
from elearn.standards.siasn import pages
from elearn.standards.siasn.models import SiasnExport
from elearn.standards.siasn.record import record_of
from elearn.teaching.delivery.models import DeliveryForm
from tests import belongings
from tests.standards.siasn import ledger


def a_line(form):
    return LedgerLine(
        title="Pelatihan Contoh",
        organiser="BKPSDM Contoh",
        evidence="BKPSDM/0001/2026",
        started_on=date(2026, 1, 5),
        ended_on=date(2026, 2, 3),
        form=form,
    )


def test_a_course_is_a_kursus_with_the_services_own_spelling():
    form = DeliveryForm(code="NKL03", name="E-learning", siasn_id=16, siasn_letter="T", history="kursus")
    record = record_of(a_line(form), 20)
    assert (record.history, record.document) == ("kursus", 881)
    assert record.fields == {
        "jenisDiklatId": "16",
        "jenisKursus": "",
        "jenisKursusSertipikat": "T",
        "namaKursus": "Pelatihan Contoh",
        "nomorSertipikat": "BKPSDM/0001/2026",
        "institusiPenyelenggara": "BKPSDM Contoh",
        "jumlahJam": 20,
        "tahunKursus": 2026,
        "tanggalKursus": "05-01-2026",
        "tanggalSelesaiKursus": "03-02-2026",
    }


def test_structural_leadership_is_a_diklat():
    form = DeliveryForm(code="KL01", name="Struktural", siasn_id=1, siasn_letter="T", history="diklat")
    record = record_of(a_line(form), 900)
    assert (record.history, record.document) == ("diklat", 874)
    assert record.fields["tanggalSelesai"] == "03-02-2026"
    assert record.fields["tahun"] == 2026


def test_a_learner_copies_the_own_line_and_takes_its_certificate(session, cast, ani, eko):
    ids = belongings.of_person(session, cast.ani)
    session.commit()
    page = ani.get(f"/capaian/myasn/{ids['line']}")
    assert page.status_code == 200
    assert "Pelatihan Tuntas" in page.text
    assert f"/sertifikat/{ids['certificate']}.pdf" in page.text
    assert f"/capaian/baris/{ids['line']}" in ani.get("/capaian").text
    assert f"/capaian/myasn/{ids['line']}" in ani.get(f"/capaian/baris/{ids['line']}").text
    assert eko.get(f"/capaian/myasn/{ids['line']}").status_code == 404


def test_what_has_left_already_is_not_copied_unseen_and_what_would_not_leave_not_at_all(session, cast, ani, dewi, now):
    """Filed by hand as well it would stand in SIASN twice."""
    line = ledger.a_line(session, cast.ani, 12)
    sent = SiasnExport(line_id=line.id, way="file", change="new", fingerprint="x", jp=12, left_at=now)
    session.add(sent)
    session.commit()
    card = f"/capaian/myasn/{line.public_id}"
    assert "atau sudah ada di sana, pada 23 November 2026." in ani.get(card).text
    sent.state = "withdrawn"
    session.commit()
    page = ani.get(card).text
    assert "sudah ada di sana" not in page
    assert line.evidence in page
    ledger.corrected(session, dewi.actor, line, 0, now)
    session.commit()
    page = ani.get(card).text
    assert "tidak ada yang perlu disalin" in page
    assert line.evidence not in page


def test_study_leave_is_no_course_to_copy():
    form = DeliveryForm(code="TUBEL", name="Tugas belajar", siasn_id=None, siasn_letter="T", history="tubel")
    assert "riwayat lain" in pages._no_use(form, 20)
