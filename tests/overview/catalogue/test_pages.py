import pytest

from elearn.overview.search.actions import reindex_course
from elearn.people.access.actor import Actor
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


@pytest.mark.parametrize("path", ["/bantuan", "/privasi", "/masuk", "/aktivasi", "/lupa-sandi", "/healthz", "/readyz"])
def test_public_pages_need_nobody(guest, path):
    assert guest.get(path).status_code == 200


def test_an_unknown_address_is_a_page_that_says_what_to_do(ani):
    answer = ani.get("/tidak-ada")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
