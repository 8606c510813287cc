import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.clock import wib_date
from elearn.overview.search.actions import reindex_course
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity
from tests import world


@pytest.fixture
def course(session, cast):
    course = world.a_course(session, title="Pelayanan Publik Contoh")
    world.a_reading(session, world.a_module(session, course))
    reindex_course(session, Actor.system("tests"), course.id)
    session.commit()
    return course


def test_the_catalogue_finds_a_course_by_another_form_of_the_word(ani, course):
    assert "Pelayanan Publik Contoh" in ani.get("/pelatihan?q=layanan").text
    assert "Tidak ada yang cocok" in ani.get("/pelatihan?q=anggaran").text


def test_the_catalogue_finds_what_stands_in_a_lesson(ani, course):
    assert "Pelayanan Publik Contoh" in ani.get("/pelatihan?q=mandat").text


def test_drafts_are_not_shown_and_not_found(ani, session, course):
    world.a_course(session, "rahasia", title="Konsep Rahasia", state="draft")
    session.commit()
    assert "Konsep Rahasia" not in ani.get("/pelatihan").text
    assert ani.get("/pelatihan/rahasia").status_code == 404
    assert ani.post("/pelatihan/rahasia/pendaftaran").status_code == 404


def test_enrolling_opens_the_first_step(ani, course):
    assert ani.post("/pelatihan/etika-asn/pendaftaran").status_code == 303
    page = ani.get("/pelatihan/etika-asn").text
    assert "Mulai belajar" in page
    assert "/bacaan" in page


def test_leaving_and_coming_back_keeps_the_place(ani, course):
    ani.post("/pelatihan/etika-asn/pendaftaran")
    ani.post("/pelatihan/etika-asn/pendaftaran/batal")
    assert "Daftar" in ani.get("/pelatihan/etika-asn").text
    ani.post("/pelatihan/etika-asn/pendaftaran")
    assert "Mulai belajar" in ani.get("/pelatihan/etika-asn").text


def test_home_says_what_to_do_when_there_is_nothing(ani):
    page = ani.get("/").text
    assert "Belum ada pelatihan" in page
    assert "Kurang 20 JP" in page


def test_home_resumes_at_the_exact_place(ani, session, cast):
    reading = world.a_reading(session, world.a_module(session, world.a_course(session, "lanjut")))
    world.enrolled(session, cast.ani, reading.course)
    ani.get(f"/belajar/{reading.public_id}/bacaan")
    assert f'href="/belajar/{reading.public_id}/bacaan"' in ani.get("/").text


def test_a_deadline_says_how_much_time_it_asks_for(ani, session, cast):
    course = world.a_course(session, "tenggat")
    reading = world.a_reading(session, world.a_module(session, course))
    world.enrolled(session, cast.ani, course, due_on=wib_date(datetime.now(UTC)) + timedelta(days=3))
    assert f"3 hari lagi, perlu kira-kira {reading.minutes} menit" in ani.get("/").text


def test_home_without_anything_left_points_to_the_next_course(ani, session, cast):
    course = world.a_course(session, "usai")
    world.enrolled(session, cast.ani, course, completed_at=datetime.now(UTC), completed_jp=2)
    page = ani.get("/").text
    assert "Semua pelatihan Anda selesai" in page
    assert "Belum ada pelatihan" not in page


def test_a_word_of_a_lesson_leads_to_the_lesson_of_ones_course(ani, session, cast, course):
    reading = session.scalars(select(Activity).filter_by(course_id=course.id)).one()
    assert f'href="/belajar/{reading.public_id}"' not in ani.get("/pelatihan?q=mandat").text
    world.enrolled(session, cast.ani, course)
    session.commit()
    page = ani.get("/pelatihan?q=mandat").text
    assert "Ditemukan di materi" in page
    assert f'href="/belajar/{reading.public_id}"' in page


def test_only_kinds_of_competency_that_there_are_can_be_chosen(ani, session, course):
    assert "jenis=" not in ani.get("/pelatihan").text
    world.a_course(session, "rapat", title="Memimpin Rapat", competency="manajerial")
    session.commit()
    page = ani.get("/pelatihan").text
    assert "Manajerial (1)" in page
    assert "Sosial kultural" not in page
    assert "Memimpin Rapat" not in ani.get("/pelatihan?jenis=teknis").text


def test_a_closed_course_says_so_instead_of_taking_people_in(ani, session):
    world.a_course(session, "tutup", closes_on=date(2025, 1, 31))
    page = ani.get("/pelatihan/tutup").text
    assert "Pendaftaran ditutup pada 31 Januari 2025" in page
    assert "/pelatihan/tutup/pendaftaran" not in page


def test_a_module_of_quizzes_alone_has_no_number(ani, session):
    course = world.a_course(session, "nomor")
    world.a_quiz(session, world.a_module(session, course, "Sebelum mulai"), world.a_bank(session, course))
    world.a_reading(session, world.a_module(session, course, "Dasar"))
    dots = re.findall(r'class="e-dot" aria-hidden="true">(.*?)</span>', ani.get("/pelatihan/nomor").text)
    assert "svg" in dots[0]
    assert dots[1] == "1"


@pytest.mark.parametrize("path", ["/bantuan", "/privasi", "/masuk", "/aktivasi", "/lupa-sandi", "/healthz", "/readyz"])
def test_public_pages_need_nobody(guest, path):
    assert guest.get(path).status_code == 200


def test_an_unknown_address_is_a_page_that_says_what_to_do(ani):
    answer = ani.get("/tidak-ada")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
