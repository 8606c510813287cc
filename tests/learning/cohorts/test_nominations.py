"""OPD admins nominate their own people; the regency's admin decides."""

from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from elearn.learning.cohorts.models import Participant
from elearn.people.audit.models import AuditEntry
from elearn.teaching.courses.models import Course
from tests import academy, world


@pytest.fixture
def cohort(session, cast):
    made = academy.a_cohort(session, world.a_course(session, by=cast.budi), quota=1, self_enrol=False)
    session.commit()
    return made


def statuses(session, cohort):
    rows = select(Participant).filter_by(cohort_id=cohort.id).execution_options(populate_existing=True)
    return {each.person_id: each.status for each in session.scalars(rows)}


def waiting_ids(session):
    return session.scalars(select(Participant.public_id).filter_by(status="nominated")).all()


def test_ten_are_nominated_and_those_over_the_quota_wait(citra, dewi, ani, eko, cohort, session):
    here = f"/opd/usulan/{cohort.public_id}"
    shown = citra.get(here).text
    assert "Ani Contoh" in shown
    assert "Eko Contoh" not in shown
    pasted = f"{ani.person.nip}\n{ani.person.nip}\n{eko.person.nip}"
    ticked = {"people": [citra.person.public_id, eko.person.public_id], "nips": pasted}
    told = citra.post(here, ticked).text
    assert "2 pegawai diusulkan" in told
    assert "muncul lebih dari sekali" in told
    assert "tidak dikenal atau bukan pegawai Anda" in told
    assert statuses(session, cohort) == {ani.person.id: "nominated", citra.person.id: "nominated"}
    queue = dewi.get("/persetujuan/usulan").text
    assert "Citra Contoh, Dinas Pendidikan Contoh" in queue
    both = {"participants": waiting_ids(session), "verdict": "approve"}
    assert dewi.post("/persetujuan/usulan", both).status_code == 303
    assert "1 orang masuk daftar tunggu karena kuota penuh" in dewi.get("/persetujuan/usulan").text
    assert sorted(statuses(session, cohort).values()) == ["joined", "waiting"]
    row = session.scalars(select(Participant).filter_by(status="joined")).one()
    assert (row.nominated_by, row.approved_by) == (citra.person.id, dewi.person.id)
    letter = citra.get(f"{here}/surat-tugas.pdf")
    assert letter.content.startswith(b"%PDF")
    with pikepdf.open(BytesIO(letter.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "Surat tugas" in str(pdf.docinfo["/Title"])
    called = dewi.get(f"/kelola/angkatan/{cohort.public_id}/pemanggilan.pdf")
    assert called.headers["content-type"] == "application/pdf"
    # Whoever takes a letter takes people's particulars along.
    taken = select(AuditEntry).filter_by(action="class.letter_taken").order_by(AuditEntry.id)
    noted = [
        (each.actor_id, each.object_id, each.after["kind"], each.after["people"]) for each in session.scalars(taken)
    ]
    assert noted == [
        (citra.person.id, cohort.public_id, "surat tugas", 1),
        (dewi.person.id, cohort.public_id, "pemanggilan", 1),
    ]
    again = dewi.post("/persetujuan/usulan", both)
    assert again.status_code == 422
    assert "sudah diputuskan" in again.text


def test_a_refusal_names_its_reason_and_a_nomination_can_be_taken_back(citra, fitri, dewi, ani, cohort, session):
    here = f"/opd/usulan/{cohort.public_id}"
    citra.post(here, {"people": [ani.person.public_id]})
    (who,) = waiting_ids(session)
    assert citra.get(f"{here}/surat-tugas.pdf").status_code == 409
    assert session.scalars(select(AuditEntry).filter_by(action="class.letter_taken")).all() == []
    assert fitri.post(f"{here}/{who}/tarik").status_code == 404
    assert "Ani" not in fitri.get(here).text
    assert dewi.post("/persetujuan/usulan", {"participants": [who], "verdict": "refuse"}).status_code == 422
    refused = {"participants": [who], "verdict": "refuse", "standard": "audience", "reason": "Lihat surat."}
    assert dewi.post("/persetujuan/usulan", refused).status_code == 303
    assert "Bukan sasaran pelatihan ini. Lihat surat." in citra.get(here).text
    entry = session.scalars(select(AuditEntry).filter_by(action="class.refused")).one()
    assert entry.reason == "Bukan sasaran pelatihan ini. Lihat surat."
    citra.post(here, {"people": [ani.person.public_id]})
    assert citra.post(f"{here}/{who}/tarik").status_code == 303
    assert statuses(session, cohort) == {ani.person.id: "withdrawn"}
    assert citra.post(here, {"people": []}).status_code == 422
    assert citra.post(here, {"nips": "12"}).status_code == 422


def test_who_learns_elsewhere_stays_nominated_and_the_others_get_in(citra, dewi, ani, cohort, session, cast):
    other = academy.a_cohort(session, cohort_course(session, cohort), name="Angkatan Lain")
    academy.joined(session, cast.ani, other)
    cohort.quota = 5
    session.commit()
    citra.post(f"/opd/usulan/{cohort.public_id}", {"people": [ani.person.public_id, citra.person.public_id]})
    # Nobody is ticked beforehand; those on the page are approved by a button of their own.
    assert 'name="participants" value' in (shown := dewi.get("/persetujuan/usulan").text)
    assert " checked" not in shown
    answer = dewi.post("/persetujuan/usulan", {"shown": waiting_ids(session), "verdict": "approve_shown"})
    assert "1 orang menjadi peserta." in answer.text
    assert "Angkatan Lain" in answer.text
    assert statuses(session, cohort) == {ani.person.id: "nominated", citra.person.id: "joined"}
    row = session.scalars(select(Participant).filter_by(status="nominated")).one()
    assert row.approved_by is None


def cohort_course(session, cohort):
    return session.get_one(Course, cohort.course_id)


def test_who_has_completed_the_course_is_told_before_anybody_decides(citra, dewi, ani, cohort, session, cast):
    here = f"/opd/usulan/{cohort.public_id}"
    # Nominated, and completed by himself since: the queue says so.
    citra.post(here, {"people": [citra.person.public_id]})
    for who in (cast.ani, cast.citra):
        world.enrolled(session, who, cohort_course(session, cohort), completed_at=world.THEN)
    session.commit()
    page = citra.get(here).text
    assert "Sudah selesai 1 Nov 2026" in page
    assert f'value="{ani.person.public_id}"' not in page
    told = citra.post(here, {"nips": ani.person.nip}).text
    assert "Tidak ada usulan baru." in told
    assert "sudah diselesaikan pada 1 November 2026" in told
    assert statuses(session, cohort) == {citra.person.id: "nominated"}
    assert "Sudah selesai 1 Nov 2026" in dewi.get("/persetujuan/usulan").text
    answer = dewi.post("/persetujuan/usulan", {"participants": waiting_ids(session), "verdict": "approve"})
    assert "ikuti pelatihan edisi barunya" in answer.text
    assert statuses(session, cohort) == {citra.person.id: "nominated"}
