"""An internship from the agreement to the JP: placed, logged, reported, signed by a link, confirmed."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date, timedelta

import pypdfium2
import pytest
from sqlalchemy import func, select

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.errors import Invalid
from elearn.foundation.storage.current import store
from elearn.learning.placements import actions
from elearn.learning.placements.forms import PlacementWish
from elearn.learning.placements.models import Partner, Placement
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.standards.siasn.files import pdf_bytes
from elearn.standards.siasn.queries import Wanted, documents_of, entries
from elearn.teaching.delivery.models import FormRule
from tests import academy, world

pytestmark = pytest.mark.usefixtures("morning")
TODAY = wib_date(world.MORNING)
REPORT = "Saya belajar melayani pemohon izin dan akan memakainya di kantor sendiri."


@pytest.fixture
def partner(session, cast):
    made = academy.a_partner(session)
    session.commit()
    return made


def wish(partner, **fields):
    return {
        "nip": "19850101 201001 2 001",
        "partner": partner.public_id,
        "form_code": "NKL12",
        "title": "Magang pelayanan perizinan",
        "competency": "teknis",
        "starts_on": "2026-11-02",
        "ends_on": "2026-11-13",
        "letter": "800/12/2026",
        "host_name": "Rahmat Misalnya",
        **fields,
    }


def placed(admin, partner, **fields):
    answer = admin.post("/kelola/magang/baru", wish(partner, **fields))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def link_of(admin, placement):
    page = admin.post(f"/kelola/magang/{placement}/tautan").text
    return "/tanda-tangan-mitra/" + re.search(r"/tanda-tangan-mitra/([\w-]+)", page)[1]


def test_from_the_agreement_to_the_account(ani, citra, dewi, session, cast, visitor):
    answer = dewi.post("/kelola/mitra/baru", {"name": "Kantor Contoh", "contact": "Loket 1"})
    here = answer.headers["location"]
    partner = session.scalars(select(Partner)).one()
    assert "Tidak ada perjanjian" in citra.post("/kelola/magang/baru", wish(partner)).text
    agreement = {
        "agreement_number": "PKS/7/2026",
        "title": "Magang",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    assert dewi.post(f"{here}/perjanjian", agreement).status_code == 303
    placement = placed(citra, partner)
    day = {"day": "2026-11-02", "hours": "7.5", "text": "Melayani pemohon izin di loket."}
    assert ani.post(f"/magang/{placement}/catatan", day).status_code == 303
    assert ani.post(f"/magang/{placement}/catatan", {**day, "text": "Menulis ulang hari ini."}).status_code == 303
    page = ani.get(f"/magang/{placement}").text
    assert "Menulis ulang hari ini." in page
    assert "loket" not in page
    assert ani.post(f"/magang/{placement}/laporan", {"report": REPORT}).status_code == 303
    assert citra.post(f"/kelola/magang/{placement}/sah").status_code == 409
    link, guest = link_of(citra, placement), visitor(None)
    assert REPORT in guest.get(link).text
    assert "Centang pernyataan" in guest.post(f"{link}/setuju", {"name": "Rahmat Misalnya"}).text
    signed = guest.post(f"{link}/setuju", {"name": "Rahmat Misalnya", "agreed": "1", "remark": "Rajin."})
    assert "sudah Anda tanda tangani" in signed.text
    assert guest.get(link).status_code == 404
    assert session.scalar(select(func.count(LedgerLine.id))) == 0
    assert "Rajin." in citra.get(f"/kelola/magang/{placement}").text
    assert ani.get(f"/magang/{placement}/bukti.pdf").status_code == 409
    assert citra.post(f"/kelola/magang/{placement}/sah").status_code == 303
    assert citra.post(f"/kelola/magang/{placement}/sah").status_code == 409
    the_proof_says_it_all(ani, citra, placement)
    line = session.scalars(select(LedgerLine)).one()
    assert (line.source, line.form_code, line.jp_earned, line.jp_recognised) == ("placement", "NKL12", 20, 20)
    assert (line.organiser, line.evidence, line.approved_by) == ("Kantor Contoh", "800/12/2026", cast.citra.id)
    assert f"/magang/{placement}/bukti.pdf" in ani.get(f"/capaian/myasn/{line.public_id}").text
    deeds = set(session.scalars(select(AuditEntry.action)))
    assert {"placement.made", "placement.reported", "placement.signed", "placement.confirmed", "jp.credited"} <= deeds


def the_proof_says_it_all(ani, citra, placement):
    here = f"/magang/{placement}/bukti.pdf"
    assert here in ani.get(f"/magang/{placement}").text
    pdf = ani.get(here).content
    assert pdf == citra.get(f"/kelola{here}").content
    assert b"pdfuaid:part" in pdf
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    said = ["Ani Contoh", "19850101 201001 2 001", "Kantor Contoh", "PKS/7/2026", "2 November 2026", "20 JP"]
    said += ["Rahmat Misalnya", "Rajin.", "Saya membimbing pegawai ini", "WIB", "Citra Contoh"]
    said += ["belajar melayani pemohon izin", "Menulis ulang hari ini.", "7,5"]
    assert [words for words in said if words not in " ".join(text.split())] == []


def test_an_internship_without_a_letter_is_known_to_siasn_by_its_agreement(citra, dewi, partner, session, cast):
    placement = session.scalars(select(Placement).filter_by(public_id=placed(dewi, partner, letter=""))).one()
    placement.state, placement.signed_name, placement.signed_at = "signed", "Rahmat Misalnya", utc_now()
    session.commit()
    assert citra.post(f"/kelola/magang/{placement.public_id}/sah").status_code == 303
    session.expire_all()
    entry = next(entries(lambda: nullcontext(session), dewi.actor, Wanted(2026)))
    assert (entry.evidence, entry.document, entry.jp) == ("PKS/1/2026", True, 20)
    proof = documents_of(session, [entry.line_id])[entry.line_id]
    assert pdf_bytes(proof, store(), None) == citra.get(f"/kelola/magang/{placement.public_id}/bukti.pdf").content


def test_a_placement_abroad_counts_up_to_the_caps_of_abroad(citra, dewi, partner, session, cast):
    rule = {"effective_from": date(2026, 1, 1), "basis": "time", "jp": 20, "jp_international": 24, "times_a_month": 1}
    session.add(FormRule(form_code="NKL12", source="Aturan contoh", **rule))
    placement = session.scalars(select(Placement).filter_by(public_id=placed(dewi, partner, international="1"))).one()
    placement.state, placement.signed_name, placement.signed_at = "signed", "Rahmat Misalnya", utc_now()
    session.commit()
    assert citra.post(f"/kelola/magang/{placement.public_id}/sah").status_code == 303
    line = session.scalars(select(LedgerLine)).one()
    assert (line.jp_earned, line.jp_recognised) == (24, 24)
    # A correction by hand has the same room.
    here = f"/kelola/jp/{line.public_id}"
    assert dewi.post(here, {"jp": "1", "reason": "Salah ketik."}).status_code == 303
    assert dewi.post(here, {"jp": "24", "reason": "Dibetulkan kembali."}).status_code == 303


def test_a_day_that_was_written_by_mistake_is_taken_out_while_the_logbook_is_open(ani, eko, citra, partner, session):
    placement = placed(citra, partner)
    here = f"/magang/{placement}/catatan"
    for day in ("03", "04"):
        ani.post(here, {"day": f"2026-11-{day}", "hours": "8", "text": f"Belajar arsip {day}."})
    assert eko.post(f"{here}/hapus", {"day": "2026-11-04"}).status_code == 404
    assert ani.post(f"{here}/hapus", {"day": "kemarin"}).status_code == 422
    assert "Hapus 4 Nov" in ani.get(f"/magang/{placement}").text
    for _twice in range(2):
        assert ani.post(f"{here}/hapus", {"day": "2026-11-04"}).status_code == 303
    page = ani.get(f"/magang/{placement}").text
    assert "Belajar arsip 03." in page
    assert "Belajar arsip 04." not in page
    ani.post(f"/magang/{placement}/laporan", {"report": REPORT})
    assert ani.post(f"{here}/hapus", {"day": "2026-11-03"}).status_code == 422
    page = ani.get(f"/magang/{placement}").text
    assert "Belajar arsip 03." in page
    assert "Hapus 3 Nov" not in page


def test_the_host_may_send_it_back_and_an_old_link_opens_nothing(ani, citra, partner, session, visitor):
    placement = placed(citra, partner)
    ani.post(f"/magang/{placement}/catatan", {"day": "2026-11-03", "hours": "8", "text": "Belajar arsip."})
    ani.post(f"/magang/{placement}/laporan", {"report": REPORT})
    first, guest = link_of(citra, placement), visitor(None)
    second = link_of(citra, placement)
    assert guest.get(first).status_code == 404
    assert guest.post(f"{second}/kembalikan", {"remark": ""}).status_code == 422
    assert "dikembalikan" in guest.post(f"{second}/kembalikan", {"remark": "Tambahkan hari kedua."}).text
    assert guest.get(second).status_code == 404
    assert "Tambahkan hari kedua." in ani.get(f"/magang/{placement}").text
    assert ani.post(f"/magang/{placement}/laporan", {"report": REPORT}).status_code == 303
    link = link_of(citra, placement)
    session.scalars(select(Placement)).one().link_expires_at = utc_now() - timedelta(minutes=1)
    session.commit()
    assert guest.get(link).status_code == 404


def test_links_cannot_be_tried_without_end(visitor):
    guest = visitor(None)
    answers = [guest.get(f"/tanda-tangan-mitra/coba-{n}").status_code for n in range(62)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends_on": "2026-11-01"}, "mendahului tanggal mulai"),
        ({"ends_on": "2027-12-01"}, "paling lama satu tahun"),
        ({"ends_on": "2027-01-15"}, "Tidak ada perjanjian"),
        ({"form_code": "NKL03"}, "Pilih bentuk dari daftar"),
        ({"nip": "199005052015031005"}, "tidak ditemukan di antara pegawai Anda"),
        ({"host_name": ""}, "Isi kolom ini"),
        ({"nip": "", "host_name": ""}, '<li><a href="#f-nip">NIP pegawai: Isi kolom ini.</a></li><li>'),
    ],
)
def test_what_cannot_be_is_told(citra, partner, session, wrong, says):
    answer = citra.post("/kelola/magang/baru", wish(partner, **wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Magang pelayanan perizinan" in answer.text
    assert session.scalar(select(func.count(Placement.id))) == 0


def test_days_of_the_logbook_are_days_of_the_placement_that_have_come(ani, dewi, partner, session):
    future = TODAY + timedelta(days=5)
    placement = placed(dewi, partner, starts_on="2026-11-02", ends_on=min(future, date(2026, 12, 31)).isoformat())
    entry = {"hours": "8", "text": "Belajar arsip."}
    assert "Pilih hari antara" in ani.post(f"/magang/{placement}/catatan", {**entry, "day": "2026-11-01"}).text
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert "belum tiba" in ani.post(f"/magang/{placement}/catatan", {**entry, "day": tomorrow}).text
    assert "mulai hari terakhir" in ani.post(f"/magang/{placement}/laporan", {"report": REPORT}).text


def test_nobody_confirms_his_own_placement(citra, dewi, partner, cast, session):
    placement = placed(dewi, partner, nip=cast.citra.nip)
    session.scalars(select(Placement)).one().state = "signed"
    session.commit()
    assert citra.post(f"/kelola/magang/{placement}/sah").status_code == 409
    assert dewi.post(f"/kelola/magang/{placement}/sah").status_code == 303


def test_a_cancelled_placement_keeps_what_was_written_and_frees_the_days(ani, citra, partner, session):
    placement = placed(citra, partner)
    assert "sudah ditempatkan" in citra.post("/kelola/magang/baru", wish(partner)).text
    assert citra.post(f"/kelola/magang/{placement}/batal", {"reason": "Sakit."}).status_code == 303
    assert "Sakit." in session.scalars(select(AuditEntry.reason).filter_by(action="placement.cancelled")).one()
    placed(citra, partner)


def test_two_placements_at_once_do_not_share_days(own_database, now):
    with own_database.write() as session:
        cast = world.cast(session)
        partner = academy.a_partner(session)
        asked = PlacementWish(**wish(partner))
        session.commit()

    def place():
        with own_database.write() as inside:
            try:
                actions.place(inside, actor_for(inside, cast.dewi.id), asked, now)
            except Invalid:
                return 0
            inside.commit()
            return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(each.result() for each in [pool.submit(place) for _n in range(2)]) == 1
