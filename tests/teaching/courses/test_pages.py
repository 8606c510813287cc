import pytest
from sqlalchemy import event, select

from elearn.learning.enrolment.models import Enrolment
from elearn.people.audit.models import AuditEntry
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.rules import slug_of
from tests import world
from tests.teaching.materials import made


@pytest.fixture
def course(session, cast):
    course = world.a_course(session, by=cast.budi)
    module = world.a_module(session, course)
    world.a_reading(session, module, "Satu")
    world.a_reading(session, module, "Dua")
    world.a_module(session, course, "Modul Kedua")
    session.commit()
    return course


def reading(session, title):
    return session.scalars(select(Activity).filter_by(title=title)).one()


def order(session):
    session.expire_all()
    rows = session.execute(
        select(Module.title, Activity.title)
        .join(Activity, Activity.module_id == Module.id)
        .where(Activity.retired_at.is_(None))
        .order_by(Module.position, Activity.position)
    )
    return [tuple(row) for row in rows]


def test_slugs_come_from_titles_and_are_never_a_page_of_ours():
    assert slug_of("Étika & Disiplin ASN!", set()) == "etika-disiplin-asn"
    assert slug_of("Baru", set()) == "baru-2"
    assert slug_of("Cuti", {"cuti", "cuti-2"}) == "cuti-3"
    assert slug_of("中", set()) == "pelatihan"


def test_a_text_becomes_a_published_course(budi, ani, session):
    assert "Belum ada pelatihan" in budi.get("/ajar").text
    made = budi.post("/ajar/baru", {"title": "Cuti ASN Contoh", "summary": "Cara mengurus cuti."})
    assert made.headers["location"] == "/ajar/cuti-asn-contoh"
    module = session.scalars(select(Module)).one()
    asked = {"kind": "reading", "module": module.public_id, "title": "Dasar Cuti"}
    editor = budi.post("/ajar/cuti-asn-contoh/materi", asked).headers["location"]
    assert "belum ada isinya" in budi.get("/ajar/cuti-asn-contoh").text
    refused = budi.post("/ajar/cuti-asn-contoh/keadaan", {"state": "published"})
    assert refused.status_code == 422
    assert "Belum siap terbit" in refused.text
    text = {"title": "Dasar Cuti", "source": world.LESSON, "minutes": "45", "completion": "read", "required": "1"}
    budi.post(editor, {**text, "revision": "1"})
    assert budi.post("/ajar/cuti-asn-contoh/keadaan", {"state": "published"}).status_code == 303
    assert ani.get("/pelatihan/cuti-asn-contoh").status_code == 200
    deeds = set(session.scalars(select(AuditEntry.action)))
    assert {"course.drafted", "activity.added", "course.published"} <= deeds


def test_activities_move_within_and_over_modules_and_never_into_foreign_courses(budi, course, session, cast):
    two = reading(session, "Dua")
    here = f"/ajar/etika-asn/materi/{two.public_id}/pindah"
    budi.post(here, {"ke": "naik"})
    assert [title for _, title in order(session)] == ["Dua", "Satu"]
    budi.post(here, {"ke": "turun"})
    budi.post(here, {"ke": "turun"})
    assert order(session) == [("Modul Contoh", "Satu"), ("Modul Kedua", "Dua")]
    foreign = world.a_module(session, world.a_course(session, "lain", by=cast.budi))
    session.commit()
    assert budi.post(here, {"module": foreign.public_id}).status_code == 404
    second = session.scalars(select(Module).filter_by(title="Modul Kedua")).one()
    budi.post(f"/ajar/etika-asn/modul/{second.public_id}/pindah", {"ke": "naik"})
    assert order(session)[0] == ("Modul Kedua", "Dua")
    assert budi.post(f"/ajar/etika-asn/modul/{second.public_id}/lepas").status_code == 409


def test_a_retired_activity_neither_blocks_nor_takes_away_and_can_come_back(budi, ani, course, session, cast):
    world.enrolled(session, cast.ani, course)
    one, two = reading(session, "Satu"), reading(session, "Dua")
    ani.post(f"/belajar/{one.public_id}/bacaan/selesai")
    assert session.scalars(select(Enrolment)).one().completed_at is None
    budi.post(f"/ajar/etika-asn/materi/{two.public_id}/lepas")
    session.expire_all()
    done = session.scalars(select(Enrolment)).one().completed_at
    assert done is not None
    assert session.scalars(select(AuditEntry).filter_by(action="activity.retired")).one()
    budi.post(f"/ajar/etika-asn/materi/{two.public_id}/kembali")
    budi.post(f"/ajar/etika-asn/materi/{one.public_id}/lepas")
    session.expire_all()
    assert session.scalars(select(Enrolment)).one().completed_at == done
    assert order(session) == [("Modul Contoh", "Dua")]


def test_what_is_added_to_a_published_course_blocks_nobody(budi, course, session):
    module = session.scalars(select(Module).filter_by(title="Modul Kedua")).one()
    budi.post("/ajar/etika-asn/materi", {"kind": "reading", "module": module.public_id, "title": "Tiga"})
    assert not reading(session, "Tiga").required


def test_a_course_with_learners_is_archived_not_withdrawn(budi, ani, course, session, cast):
    world.enrolled(session, cast.ani, course)
    refused = budi.post("/ajar/etika-asn/keadaan", {"state": "draft"})
    assert refused.status_code == 422
    assert "Arsipkan saja" in refused.text
    budi.post("/ajar/etika-asn/keadaan", {"state": "archived"})
    assert ani.get(f"/belajar/{reading(session, 'Satu').public_id}/bacaan").status_code == 200


def test_settings_keep_what_was_typed_when_somebody_else_was_faster(budi, course, session):
    form = {"title": "Etika Baru", "summary": "Singkat.", "outcomes": "Satu\nDua", "revision": "0"}
    refused = budi.post("/ajar/etika-asn/pengaturan", form)
    assert refused.status_code == 422
    assert "Etika Baru" in refused.text
    session.expire_all()
    form["revision"] = str(session.scalars(select(Course)).one().revision)
    assert budi.post("/ajar/etika-asn/pengaturan", form).status_code == 303
    session.expire_all()
    assert session.scalars(select(Course)).one().outcomes == ["Satu", "Dua"]


def test_only_people_who_may_teach_become_instructors_and_one_stays(budi, gilang, course, session, cast):
    assert budi.post("/ajar/etika-asn/pengajar", {"nip": cast.ani.nip}).status_code == 422
    budi.post("/ajar/etika-asn/pengajar", {"nip": "19810707 200604 1 007"})
    assert gilang.get("/ajar/etika-asn").status_code == 200
    assert gilang.post(f"/ajar/etika-asn/pengajar/{cast.budi.public_id}/lepas").status_code == 303
    assert gilang.post(f"/ajar/etika-asn/pengajar/{cast.gilang.public_id}/lepas").status_code == 409


def test_a_course_from_files_is_shown_and_not_changed(budi, course, session):
    course.from_files = True
    session.commit()
    page = budi.get("/ajar/etika-asn").text
    assert "disusun dari berkas" in page
    assert "Tambah materi" not in page
    assert budi.post("/ajar/etika-asn/modul", {"module_title": "Baru"}).status_code == 409


def test_dragging_puts_an_activity_before_another(budi, course, session):
    two, one = reading(session, "Dua"), reading(session, "Satu")
    home = session.scalars(select(Module).filter_by(title="Modul Contoh")).one()
    here = f"/ajar/etika-asn/materi/{two.public_id}/pindah"
    budi.post(here, {"module": home.public_id, "sebelum": one.public_id})
    assert [title for _, title in order(session)] == ["Dua", "Satu"]
    budi.post(here, {"module": home.public_id, "sebelum": "0" * 12})
    assert [title for _, title in order(session)] == ["Satu", "Dua"]


def test_a_pdf_becomes_a_lesson_of_a_new_course(budi, session):
    budi.post("/ajar/baru", {"title": "Pedoman Contoh"})
    file = {"file": ("Pedoman cuti.pdf", made.pdf("Cuti tahunan"), "application/pdf")}
    sent = budi.client.post("/ajar/pedoman-contoh/berkas", files=file)
    assert sent.headers["location"].startswith("/ajar/dokumen/")
    page = budi.get("/ajar/pedoman-contoh").text
    assert "Pedoman cuti" in page
    assert "halaman PDF sedang disiapkan" in page


@pytest.mark.parametrize(("path", "most"), [("/ajar", 6), ("/ajar/etika-asn", 32), ("/ajar/etika-asn/pengaturan", 8)])
def test_the_pages_cost_few_statements(budi, course, session, database, path, most):
    module = session.scalars(select(Module).filter_by(title="Modul Kedua")).one()
    for number in range(20):
        world.a_reading(session, module, f"Materi {number}")
    session.commit()
    budi.get(path)
    said = []
    event.listen(database.connection, "before_cursor_execute", lambda *a: said.append(a[2]))
    budi.get(path)
    asked = [statement for statement in said if statement.lstrip().upper().startswith("SELECT")]
    assert len(asked) <= most, (len(asked), asked)
