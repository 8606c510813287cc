import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.activities.readings.models import ExerciseText, PracticeAnswer
from elearn.learning.progress.models import ActivityProgress
from tests import world

EXERCISE = """::: latihan Susun Keputusan
menit: 10
Tulislah bagian menimbang.
--- contoh
CONTOH-JAWABAN menimbang bahwa jabatan kosong.
--- periksa
- Alasan disebut.
:::
"""


@pytest.fixture
def lesson(session, cast):
    module = world.a_module(session, world.a_course(session))
    reading = world.a_reading(session, module)
    world.enrolled(session, cast.ani, reading.course)
    return reading


@pytest.fixture
def address(lesson):
    return f"/belajar/{lesson.public_id}/bacaan"


def options_of(page):

    return re.findall(r'name="answer" value="([0-9a-f]+)"', page)


def test_a_lesson_shows_its_text_and_asks_without_telling(ani, address):
    page = ani.get(address).text
    assert "atas dasar <strong>mandat</strong>" in page
    assert len(options_of(page)) == 2
    assert "Cuti tahunan adalah tugas rutin" not in page


def test_indonesian_content_on_an_english_page_is_marked_as_such(ani, address, session, cast):
    cast.ani.locale = "en"
    session.commit()
    page = ani.get(address).text
    assert '<html lang="en"' in page
    assert re.search(r'<div class="e-read[^>]*lang="id">', page)
    assert re.search(r'<section class="e-card" lang="en"', page)
    assert '<legend class="e-q" lang="id">Surat mana' in page
    course = ani.get("/pelatihan/etika-asn").text
    assert re.search(r'<h1 lang="id">', course)


def test_after_answering_every_option_is_explained(ani, address, session):
    chosen = options_of(ani.get(address).text)[0]
    assert ani.post(f"{address}/soal/soal-1", {"answer": chosen}).status_code == 303
    page = ani.get(address).text
    assert "Cuti tahunan adalah tugas rutin" in page
    assert "Ini mengubah status kepegawaian" in page
    assert len(session.scalars(select(PracticeAnswer)).all()) == 1


def test_an_option_that_was_never_offered_is_refused(ani, address):
    ani.get(address)
    assert ani.post(f"{address}/soal/soal-1", {"answer": "0000000000000000"}).status_code == 422


def test_opening_is_remembered_and_reading_to_the_end_completes(ani, address, session):
    ani.get(address)
    progress = session.scalars(select(ActivityProgress)).one()
    assert not progress.completed
    ani.post(f"{address}/selesai")
    session.refresh(progress)
    assert progress.completed


def test_the_least_time_is_asked_for_in_words(ani, address, lesson, session):
    lesson.least_seconds = 3_000
    session.commit()
    ani.get(address)
    ani.post(f"{address}/selesai")
    assert "kurang" in ani.get(address).text


def test_without_javascript_the_time_since_opening_counts(ani, address, lesson, session):
    lesson.least_seconds = 20
    ani.get(address)
    progress = session.scalars(select(ActivityProgress)).one()
    progress.last_seen_at = datetime.now(UTC) - timedelta(seconds=30)
    session.commit()
    ani.post(f"{address}/selesai")
    session.refresh(progress)
    assert progress.completed


def test_a_report_of_the_browser_cannot_claim_completion(ani, address):
    ani.get(address)
    forged = ani.client.post(f"{address}/waktu", json={"seconds": 1, "completed": True})
    assert forged.status_code == 422


def test_a_model_answer_shows_only_after_one_s_own_is_saved(ani, cast, session):
    module = world.a_module(session, world.a_course(session, "latihan"))
    reading = world.a_reading(session, module, source=EXERCISE)
    reading.completion = "exercise"
    world.enrolled(session, cast.ani, reading.course)
    address = f"/belajar/{reading.public_id}/bacaan"
    assert "CONTOH-JAWABAN" not in ani.get(address).text
    ani.post(f"{address}/latihan/latihan-1", {"text": "Menimbang bahwa kepala dinas pensiun"})
    assert "CONTOH-JAWABAN" in ani.get(address).text
    ani.post(f"{address}/latihan/latihan-1", {"text": ""})
    assert session.scalars(select(ExerciseText)).one().text.startswith("Menimbang")


def test_an_outsider_does_not_learn_that_the_lesson_exists(eko, address):
    assert eko.get(address).status_code == 404
    assert eko.post(f"{address}/selesai").status_code == 404
    assert eko.client.post(f"{address}/waktu", json={"seconds": 5}).status_code == 404


def test_a_guest_is_sent_to_sign_in_and_back(guest, address):
    assert guest.get(address).headers["location"] == f"/masuk?lanjut={address.replace('/', '%2F')}"
