import pytest
from sqlalchemy import select

from elearn.activities.readings.models import Reading
from tests import world


@pytest.fixture
def lesson(session, cast):
    course = world.a_course(session, by=cast.budi)
    activity = world.a_reading(session, world.a_module(session, course))
    session.commit()
    return activity


def form(lesson, **fields):
    given = {"title": "Plt", "minutes": "12", "completion": "read", "source": "## Baru\n\nIsi.", "required": "1"}
    return {**given, "revision": str(lesson.revision), **fields}


def test_the_text_is_saved_and_shown(budi, lesson, session):
    here = f"/ajar/materi/{lesson.public_id}"
    assert "Bu Rani" in budi.get(here).text
    assert budi.post(here, form(lesson)).headers["location"].startswith("/ajar/etika-asn")
    session.expire_all()
    assert session.scalars(select(Reading)).one().source == "## Baru\n\nIsi."
    assert lesson.minutes == 12


def test_a_preview_saves_nothing_and_tells_errors_by_line(budi, lesson, session):
    here = f"/ajar/materi/{lesson.public_id}"
    shown = budi.post(f"{here}/pratinjau", {"source": "## Coba\n\n::: kasus\nBelum ditutup"}).text
    assert "Coba</h2>" in shown
    assert "Baris 3" in shown
    assert "<script" not in budi.post(f"{here}/pratinjau", {"source": "<script>alert(1)</script>"}).text
    whole = budi.post(here, form(lesson, source="Kata baru", lakukan="pratinjau"))
    assert whole.status_code == 200
    assert "Kata baru" in whole.text
    session.expire_all()
    assert session.scalars(select(Reading)).one().source == world.LESSON


def test_a_published_lesson_never_breaks_and_nothing_typed_is_lost(budi, lesson, session):
    here = f"/ajar/materi/{lesson.public_id}"
    refused = budi.post(here, form(lesson, source="::: salah\nTulisan panjang saya\n:::"))
    assert refused.status_code == 422
    assert "Tulisan panjang saya" in refused.text
    assert "Baris 1" in refused.text
    assert budi.post(here, form(lesson, completion="exercise")).status_code == 422
    lesson.course.state = "draft"
    session.commit()
    assert budi.post(here, form(lesson, source="::: salah\nX\n:::")).status_code == 303


def test_the_second_editor_sees_both_texts(budi, lesson, session):
    here = f"/ajar/materi/{lesson.public_id}"
    budi.post(here, form(lesson, revision="1"))
    late = budi.post(here, form(lesson, revision="1", source="Tulisan Budi"))
    assert late.status_code == 422
    assert "Tulisan Budi" in late.text
    assert "Yang tersimpan sekarang" in late.text
