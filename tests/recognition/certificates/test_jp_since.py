"""Attendance is corrected after the certificate was issued: whoever sees it is told, and it can be replaced."""

import pytest
from sqlalchemy import select
from tests.recognition.learning_hours.test_amending import a_class

from elearn.foundation.clock import wib_date
from elearn.learning.enrolment.models import Enrolment
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine

OLD = "Sertifikatnya masih menyebut JP yang lama."


@pytest.fixture
def here(session, cast, app):
    """Where the attendance of Ani, who has a certificate of 8 JP, is corrected."""
    who, meetings = a_class(session, cast, "KL06")
    session.commit()
    return f"/kelola/sesi/{meetings[0].public_id}/koreksi/{who.public_id}"


@pytest.fixture
def corrected(budi, session, here):
    """The certificate, after a day of it was taken away."""
    answer = budi.post(here, {"present": "0", "reason": "Tanda tangan orang lain."})
    said = budi.get(answer.headers["location"]).text
    assert "JP-nya kini 4, tadinya 8." in said
    assert "admin kabupaten menerbitkan penggantinya" in said
    session.expire_all()
    return session.scalars(select(Certificate)).one()


def test_its_owner_and_the_admin_are_told_until_it_is_replaced(ani, dewi, session, cast, corrected):
    line = session.scalars(select(LedgerLine).filter_by(corrects_id=None)).one().public_id
    assert session.scalars(select(Enrolment.completed_jp)).one() == 4
    deed = session.scalars(select(AuditEntry).filter_by(action="course.completion_corrected")).one()
    assert (deed.before["jp"], deed.after["jp"]) == (8, 4)
    assert "Setelah presensi dibetulkan menjadi 4 JP." in ani.get("/capaian").text
    assert "Minta admin kabupaten menerbitkan penggantinya." in ani.get(f"/capaian/baris/{line}").text
    assert "JP berubah" in dewi.get("/kelola/sertifikat").text
    here = f"/kelola/sertifikat/{corrected.public_id}"
    assert "pelatihan ini memberi 4 JP" in dewi.get(here).text
    page = dewi.get(f"/opd/pegawai/{cast.ani.public_id}/jp/{line}").text
    assert OLD in page
    assert f"{here}#ganti" in page
    made = dewi.post(f"{here}/ganti", {"why": "JP berubah setelah presensi dibetulkan."}).headers["location"]
    assert "memberi 4 JP" not in dewi.get(made).text
    assert "4 JP" in dewi.get(made).text
    for page in (dewi.get("/kelola/sertifikat").text, ani.get("/capaian").text, ani.get(f"/capaian/baris/{line}").text):
        assert "JP berubah<" not in page
        assert "presensi dibetulkan menjadi" not in page
        assert OLD not in page


def test_a_session_that_is_moved_says_how_many_it_concerns(budi, session, cast, app):
    _who, meetings = a_class(session, cast, "KL06")
    session.commit()
    here = f"/kelola/sesi/{meetings[1].public_id}/ubah"
    first = wib_date(meetings[0].starts_at).isoformat()
    moved = {"title": "Sore", "day": first, "starts": "13:00", "ends": "15:00"}
    answer = budi.post(here, moved)
    assert "JP 1 orang yang sudah lulus dihitung ulang." in budi.get(answer.headers["location"]).text
    assert "dihitung ulang" not in budi.get(budi.post(here, moved).headers["location"]).text


def test_put_back_the_certificate_is_right_again(ani, budi, session, here, corrected):
    answer = budi.post(here, {"present": "1", "reason": "Ternyata memang hadir."})
    assert "JP-nya kini 8, tadinya 4." in budi.get(answer.headers["location"]).text
    session.expire_all()
    assert session.scalars(select(Enrolment.completed_jp)).one() == 8
    assert "presensi dibetulkan menjadi" not in ani.get("/capaian").text
