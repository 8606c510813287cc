import pytest
from sqlalchemy import event, select

from elearn.activities.documents.kind import DOCUMENT
from elearn.activities.documents.models import Document
from elearn.learning.progress.models import ActivityProgress
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.materials.models import Material
from tests import world
from tests.teaching.materials import made


@pytest.fixture
def document(session, cast):
    course = world.a_course(session, by=cast.budi)
    activity = world.a_document(session, world.a_module(session, course), "Pedoman Contoh", "Cuti tahunan", "", "Izin")
    world.enrolled(session, cast.ani, course)
    return activity


def path(activity, rest=""):
    return f"/belajar/{activity.public_id}/dokumen{rest}"


def material_of(session, activity):
    return session.get_one(Material, session.get_one(Document, activity.id).material_id)


def test_pages_are_lazy_pictures_with_size_words_and_the_original(ani, document, session):
    page = ani.get(path(document)).text
    public_id = material_of(session, document).public_id
    assert page.count('loading="lazy"') == 3
    assert 'width="1000" height="1414"' in page
    assert "Halaman 2 dari 3" in page
    assert f"/berkas/{public_id}?unduh=1" in page
    assert ani.get(f"/berkas/{public_id}/halaman/3").content == b"gambar"
    told = ani.get(f"/berkas/{public_id}?unduh=1").headers["content-disposition"]
    assert told.startswith("attachment")


def test_the_document_reads_as_text(ani, document):
    text = ani.get(path(document, "?teks=1")).text
    assert "Cuti tahunan" in text
    assert "Izin" in text
    assert "tidak berisi teks" in text
    assert ani.get(path(document, "?teks=99999999999")).status_code == 200


def test_reading_to_the_end_is_done(ani, document, session):
    assert ani.post(path(document, "/selesai")).headers["location"] == "/pelatihan/etika-asn"
    assert session.scalars(select(ActivityProgress)).one().completed_at


def test_least_seconds_hold_as_for_readings(ani, document, session):
    document.least_seconds = 600
    session.commit()
    ani.get(path(document))
    back = ani.post(path(document, "/selesai"))
    assert back.headers["location"] == path(document)
    assert not session.scalars(select(ActivityProgress)).one().completed_at
    assert ani.client.post(path(document, "/waktu"), json={"seconds": 5, "place": 0.4, "end": True}).json() == {
        "done": False
    }


@pytest.mark.parametrize(
    ("state", "words"), [("processing", "sedang disiapkan"), ("failed", "tidak dapat ditampilkan")]
)
def test_what_is_not_ready_says_so_and_offers_the_original(ani, document, session, state, words):
    material_of(session, document).state = state
    session.commit()
    page = ani.get(path(document)).text
    assert words in page
    assert "Unduh berkas asli" in page
    assert DOCUMENT.shortcomings(session, document)


def test_an_office_file_is_a_download(ani, document, session):
    word = world.a_document(session, document.module, "Formulir", kind="office")
    session.commit()
    page = ani.get(path(word)).text
    assert "aplikasi Office" in page
    assert "Unduh berkas asli" in page


def test_files_and_pages_are_for_learners_and_teachers_of_the_course(document, session, ani, eko, budi, gilang, dewi):
    public_id = material_of(session, document).public_id
    for address in (f"/berkas/{public_id}", f"/berkas/{public_id}/halaman/1"):
        for visitor, status in ((ani, 200), (budi, 200), (dewi, 200), (eko, 404), (gilang, 404)):
            assert visitor.get(address).status_code == status
    for number in (0, 4, 10**12):
        assert ani.get(f"/berkas/{public_id}/halaman/{number}").status_code == 404
    document.course.state = "draft"
    session.commit()
    assert ani.get(f"/berkas/{public_id}").status_code == 404
    assert budi.get(f"/berkas/{public_id}").status_code == 200


def test_a_long_document_costs_few_statements(ani, document, session, database):
    material = material_of(session, document)
    for number in range(4, 120):
        world.a_page(session, material, number, "x" * 2_000)
    material.page_count = 119
    session.commit()
    ani.get(path(document))
    said = []
    event.listen(database.connection, "before_cursor_execute", lambda *a: said.append(a[2]))
    page = ani.get(path(document))
    asked = [statement for statement in said if statement.lstrip().upper().startswith("SELECT")]
    assert len(asked) <= 8, asked
    assert len(page.text) < 90_000
    assert "xxxx" not in page.text


def test_the_editor_saves_and_guards_against_two_editors(budi, document, session):
    here = f"/ajar/dokumen/{document.public_id}"
    form = {"title": "Pedoman Baru", "minutes": "12", "introduction": "Baca **halaman 2**.", "required": "1"}
    assert "Pedoman Contoh" in budi.get(here).text
    assert budi.post(here, {**form, "revision": str(document.revision)}).headers["location"] == "/ajar/etika-asn"
    session.expire_all()
    activity = session.get_one(Activity, document.id)
    assert (activity.title, activity.minutes, activity.required) == ("Pedoman Baru", 12, True)
    assert session.get_one(Course, activity.course_id).minutes == 12
    stale = budi.post(here, {**form, "revision": "1"})
    assert stale.status_code == 409
    wrong = budi.post(here, {**form, "title": "", "minutes": "banyak", "introduction": "tetap ada"})
    assert wrong.status_code == 422
    assert "Isi dengan angka" in wrong.text
    assert "tetap ada" in wrong.text


def test_the_file_can_be_changed_for_a_document_only(budi, document, session):
    here = f"/ajar/dokumen/{document.public_id}"
    refused = budi.client.post(f"{here}/berkas", files={"file": ("v.mp4", made.mp4(b"vide"))})
    assert refused.status_code == 422
    assert "Dokumen harus PDF" in refused.text
    changed = budi.client.post(f"{here}/berkas", files={"file": ("baru.docx", made.docx())})
    assert changed.headers["location"] == here
    session.expire_all()
    assert material_of(session, document).file_name == "baru.docx"


def test_search_reads_introduction_and_pages(document, session):
    session.get_one(Document, document.id).introduction = "Tentang **cuti**"
    session.flush()
    assert DOCUMENT.texts(session, document) == "Tentang cuti\nCuti tahunan\n\nIzin"
