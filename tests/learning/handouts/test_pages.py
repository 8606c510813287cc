"""An organiser gives files to a class; its people open them, nobody else."""

import pytest
from sqlalchemy import select, update

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile
from elearn.learning.handouts.models import Handout
from elearn.people.audit.models import AuditEntry
from tests import academy, world


@pytest.fixture
def cohort(session, cast):
    made = academy.a_cohort(session, world.a_course(session, by=cast.budi))
    academy.joined(session, cast.ani, made)
    academy.joined(session, cast.citra, made, status="waiting", joined_at=None)
    session.commit()
    return made


def test_a_file_is_given_opened_and_taken_back(budi, gilang, ani, citra, eko, cohort, session, database):
    desk, shelf = f"/kelola/angkatan/{cohort.public_id}/berkas", f"/angkatan/{cohort.public_id}/berkas"
    photo = academy.a_photo("Denah", "PNG")
    for name, content, said in (
        ("surat.exe", b"MZ\x90\x00" + b"\x00" * 200, ""),
        ("kosong.pdf", b"", "Berkas kosong"),
        ("rusak.pdf", b"%PDF-1.4 rusak", ""),
    ):
        answer = budi.post(desk, {"title": "Jadwal"}, files={"file": (name, content)})
        assert answer.status_code == 422, name
        assert said in answer.text
    assert session.scalars(select(Handout)).all() == []
    assert gilang.post(desk, {"title": "Jadwal"}, files={"file": ("denah.png", photo)}).status_code == 404
    assert budi.post(desk, {"title": "Denah kelas"}, files={"file": ("denah.png", photo)}).status_code == 303
    assert "sudah ada di angkatan ini" in budi.post(desk, {}, files={"file": ("lagi.png", photo)}).text
    handout = session.scalars(select(Handout)).one()
    assert "Denah kelas" in ani.get(shelf).text
    assert shelf in ani.get(f"/pelatihan/{world_slug(session, cohort)}").text
    got = ani.get(f"{shelf}/{handout.public_id}")
    assert (got.status_code, got.headers["content-type"]) == (200, "image/webp")
    assert got.headers["content-disposition"].startswith("attachment")
    # A copy of the class brings the file along, with bytes of its own.
    assert budi.post(f"/kelola/angkatan/{cohort.public_id}/salin", {"starts_on": world.today()}).status_code == 303
    for _again in range(2):
        run_pending(database.write)
        twin = session.scalars(select(Handout).where(Handout.cohort_id != cohort.id)).one()
        session.execute(update(Job).where(Job.kind == "handouts.copy").values(state="waiting", done=0))
        session.commit()
    assert (twin.title, twin.sha256) == (handout.title, handout.sha256)
    assert twin.storage_key != handout.storage_key
    for other in (citra, eko, gilang):
        assert other.get(shelf).status_code == other.get(f"{shelf}/{handout.public_id}").status_code == 404
    assert budi.post(f"{desk}/{handout.public_id}/hapus").status_code == 303
    assert ani.get(f"{shelf}/{handout.public_id}").status_code == 404
    with pytest.raises(MissingFile):
        store().read(handout.storage_key)
    assert store().read(twin.storage_key) == got.content
    deeds = select(AuditEntry.action).where(AuditEntry.action.startswith("class.file"))
    told = session.scalars(deeds.order_by(AuditEntry.id)).all()
    assert told == ["class.file_given", "class.file_given", "class.file_taken_back"]


def world_slug(session, cohort):
    return session.get_one(world.Course, cohort.course_id).slug
