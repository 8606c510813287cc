"""An organiser gives files to a class; its people open them, nobody else."""

import pytest
from sqlalchemy import select

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


def test_a_file_is_given_opened_and_taken_back(budi, gilang, ani, citra, eko, cohort, session):
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
    for other in (citra, eko, gilang):
        assert other.get(shelf).status_code == other.get(f"{shelf}/{handout.public_id}").status_code == 404
    assert budi.post(f"{desk}/{handout.public_id}/hapus").status_code == 303
    assert ani.get(f"{shelf}/{handout.public_id}").status_code == 404
    with pytest.raises(MissingFile):
        store().read(handout.storage_key)
    deeds = select(AuditEntry.action).where(AuditEntry.action.startswith("class.file"))
    told = session.scalars(deeds.order_by(AuditEntry.id)).all()
    assert told == ["class.file_given", "class.file_taken_back"]


def world_slug(session, cohort):
    return session.get_one(world.Course, cohort.course_id).slug
