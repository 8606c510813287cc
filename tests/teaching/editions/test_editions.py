"""A course is copied to be held again: all that it teaches, and nobody in it."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select

from elearn.activities.documents.models import Document
from elearn.activities.quizzes.models import Quiz, QuizAllowance
from elearn.activities.readings.models import Reading
from elearn.activities.recordings.models import Recording
from elearn.foundation.clock import utc_now
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.jobs.models import Job
from elearn.foundation.storage.current import store
from elearn.learning.cohorts.models import Cohort
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.teaching.content.actions import sync_folder
from elearn.teaching.courses.kinds import Copied
from elearn.teaching.courses.models import Activity, Course, CourseInstructor, Module
from elearn.teaching.editions.actions import copy_course
from elearn.teaching.editions.forms import EditionWish
from elearn.teaching.materials import actions as materials
from elearn.teaching.materials.models import Material, MaterialPage
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion
from elearn.teaching.questions.text import parse
from tests import academy, world

WISH = EditionWish(title="Etika ASN Contoh 2027")
NEW = "/ajar/etika-asn-contoh-2027"


@pytest.fixture
def course(session, cast):
    """A course of every kind of activity, with somebody who has completed it and a class."""
    made = world.a_course(session, by=cast.budi, closes_on=world.today(), form="NKL05", audience="Semua ASN")
    one, two = world.a_module(session, made, "Awal"), world.a_module(session, made, "Akhir")
    world.a_material(session, made, "image", file_name="gambar/alur.webp", width=10, height=10)
    lesson = world.a_reading(session, one, "Bacaan", "## Alur\n\n![Alur surat](gambar/alur.webp)\n")
    lesson.minutes = 45
    world.a_document(session, one, "Pedoman", "Halaman satu", "Halaman dua")
    captions = world.a_material(session, made, "captions", text="Selamat datang.")
    world.a_recording(session, two, "Video", captions_id=captions.id, transcript="Naskah", introduction="Lihat dahulu.")
    bank = world.a_bank(session, made)
    quiz = world.a_quiz(session, two, bank, "Post-test", assessment="posttest", attempts_allowed=2, release="never")
    session.add(QuizAllowance(activity_id=quiz.id, person_id=cast.ani.id, extra_minutes=5, reason="Contoh"))
    gone = world.a_reading(session, two, "Sudah dilepas")
    gone.retired_at = world.THEN
    session.scalars(select(Question).filter_by(key="batas")).one().retired_at = world.THEN
    world.enrolled(session, cast.ani, made, completed_at=utc_now())
    academy.a_cohort(session, made)
    session.commit()
    return made


def copied(session, budi, course):
    return copy_course(session, budi.actor, course, WISH, utc_now())


def outline(session, course):
    rows = select(Module.title, Activity.title, Activity.kind, Activity.completion, Activity.minutes, Activity.required)
    rows = rows.join(Activity, Activity.module_id == Module.id).order_by(Module.position, Activity.position)
    return [
        tuple(row) for row in session.execute(rows.where(Module.course_id == course.id, Activity.retired_at.is_(None)))
    ]


def held(session, kind, course):
    """What the activities of a kind hold, without the ids that differ."""
    wanted = select(kind).join(Activity, Activity.id == kind.activity_id).where(Activity.course_id == course.id)
    ids = {"activity_id", "material_id", "captions_id", "draws"}
    names = [column.name for column in kind.__table__.columns if column.name not in ids]
    standing = wanted.where(Activity.retired_at.is_(None)).order_by(Activity.position)
    return [{name: getattr(row, name) for name in names} for row in session.scalars(standing)]


def how_many(session, table, **of):
    return session.scalar(select(func.count()).select_from(table).filter_by(**of))


def test_all_that_a_course_teaches_comes_along_and_nobody_in_it(budi, course, session):
    edition = copied(session, budi, course)
    assert (edition.slug, edition.title, edition.state) == ("etika-asn-contoh-2027", WISH.title, "draft")
    assert (edition.form, edition.audience, edition.outcomes) == ("NKL05", "Semua ASN", course.outcomes)
    assert edition.closes_on is None
    assert edition.published_at is None
    assert edition.minutes == sum(row[4] for row in outline(session, course))
    assert outline(session, edition) == outline(session, course)
    assert [row[1] for row in outline(session, edition)] == ["Bacaan", "Pedoman", "Video", "Post-test"]
    for kind in (Reading, Document, Recording, Quiz):
        assert held(session, kind, edition) == held(session, kind, course) != []
    for table in (Enrolment, Cohort):
        assert how_many(session, table, course_id=edition.id) == 0
    assert how_many(session, QuizAllowance) == 1
    noted = session.scalars(select(AuditEntry).filter_by(action="course.drafted")).one()
    assert noted.after == {"title": WISH.title, "copy_of": "etika-asn"}


def test_quizzes_ask_the_editions_own_questions(budi, course, session):
    edition = copied(session, budi, course)
    bank = session.scalars(select(QuestionBank).filter_by(course_id=edition.id)).one()
    quiz = session.scalars(select(Quiz).join(Activity).where(Activity.course_id == edition.id)).one()
    assert quiz.draws == [{"bank": bank.id, "all": True}]
    questions = session.scalars(select(Question).filter_by(bank_id=bank.id).order_by(Question.position)).all()
    assert [each.key for each in questions] == ["plt", "plt-larangan", "mandat-tj", "pasang"]
    wordings = select(QuestionVersion.stem).join(Question).where(Question.bank_id == bank.id)
    assert len(session.scalars(wordings).all()) == 4
    assert {each.id for each in questions}.isdisjoint(
        session.scalars(select(Question.id).join(QuestionBank).where(QuestionBank.course_id == course.id))
    )


def test_files_are_stored_once_and_go_with_the_last_course_that_shows_them(budi, dewi, course, session):
    edition = copied(session, budi, course)
    session.commit()
    keys = {
        each.file_name: each.storage_key for each in session.scalars(select(Material).filter_by(course_id=course.id))
    }
    twins = session.scalars(select(Material).filter_by(course_id=edition.id)).all()
    assert {each.file_name: each.storage_key for each in twins} == keys
    pages = select(func.count()).select_from(MaterialPage).join(Material)
    assert session.scalar(pages.where(Material.course_id == edition.id)) == 2
    lesson = session.scalars(select(Activity).filter_by(course_id=edition.id, title="Bacaan")).one()
    picture = next(each for each in twins if each.kind == "image")
    shown = budi.post(f"/ajar/materi/{lesson.public_id}/pratinjau", {"source": "![Alur](gambar/alur.webp)"}).text
    assert f"/berkas/{picture.public_id}" in shown
    for holder in (edition, course):
        lesson = session.scalars(select(Activity).filter_by(course_id=holder.id, title="Bacaan")).one()
        session.get_one(Reading, lesson.id).source = "Tanpa gambar."
    session.commit()
    here = session.scalars(select(Material).filter_by(course_id=course.id, kind="image")).one()
    assert budi.post(f"/ajar/{course.slug}/berkas/{here.public_id}/hapus").status_code == 303
    assert store().read(picture.storage_key) == b"contoh"
    assert budi.get(f"/berkas/{picture.public_id}").status_code == 200
    assert budi.post(f"{NEW}/berkas/{picture.public_id}/hapus").status_code == 303
    assert picture.storage_key not in set(store().keys())


def test_pages_that_are_not_drawn_yet_are_drawn_for_the_edition_too(budi, course, session):
    drawing = world.a_material(session, course, "pdf", state="processing", page_count=3)
    world.a_page(session, drawing, 1, "Baru satu")
    edition = copied(session, budi, course)
    twin = session.scalars(select(Material).filter_by(course_id=edition.id, file_name=drawing.file_name)).one()
    assert how_many(session, MaterialPage, material_id=twin.id) == 0
    jobs = session.scalars(select(Job.arguments).filter_by(kind=materials.PREPARE_PDF)).all()
    assert [each["material_id"] for each in jobs] == [twin.id]


def test_a_page_drawn_anew_leaves_the_shared_picture_where_it_is(budi, course, session):
    copied(session, budi, course)
    document = session.scalars(select(Material).filter_by(course_id=course.id, kind="pdf")).one()
    picture = materials.PagePicture(1, "ab/baru.webp", 5, 10, 10, "Baru")
    assert materials.add_pages(session, Actor.system("test"), document.id, [picture]) == []
    again = materials.PagePicture(1, "ab/lebih-baru.webp", 5, 10, 10, "Baru")
    assert materials.add_pages(session, Actor.system("test"), document.id, [again]) == ["ab/baru.webp"]


def test_who_has_completed_the_course_takes_its_new_edition(budi, ani, dewi, course, session):
    course.closes_on = None
    session.commit()
    made = budi.post("/ajar/etika-asn/edisi", {"title": WISH.title})
    assert made.headers["location"] == NEW
    assert ani.get("/pelatihan/etika-asn-contoh-2027").status_code == 404
    published = budi.post(f"{NEW}/keadaan", {"state": "published"})
    assert published.status_code == 303, published.text
    assert ani.post(f"/pelatihan/{NEW[6:]}/pendaftaran").status_code == 303
    edition = session.scalars(select(Course).filter_by(slug=NEW[6:])).one()
    mine = session.scalars(select(Enrolment).filter_by(course_id=edition.id)).one()
    assert (mine.person_id, mine.completed_at) == (ani.person.id, None)


def test_the_form_suggests_a_title_and_refuses_the_old_one(budi, gilang, ani, course, session):
    page = budi.get("/ajar/etika-asn/edisi").text
    assert 'value="Etika ASN Contoh (edisi 2)"' in page
    assert "/ajar/etika-asn/edisi" in budi.get("/ajar/etika-asn").text
    refused = budi.post("/ajar/etika-asn/edisi", {"title": "etika asn contoh"})
    assert refused.status_code == 422
    assert "Sudah ada pelatihan berjudul ini" in refused.text
    assert gilang.post("/ajar/etika-asn/edisi", {"title": WISH.title}).status_code == 404
    assert ani.get("/ajar/etika-asn/edisi").status_code == 404
    with pytest.raises(NotFound):
        copied(session, gilang, course)
    assert how_many(session, Course) == 1


def test_the_same_wish_sent_twice_makes_one_edition(own_database):
    with own_database.write() as session:
        cast = world.cast(session)
        course = world.a_course(session, by=cast.budi)
        world.a_reading(session, world.a_module(session, course))
        session.commit()
        budi = actor_for(session, cast.budi.id)
    gate = Barrier(2)

    def send():
        gate.wait()
        with own_database.write() as session:
            try:
                copy_course(session, budi, session.get_one(Course, course.id), WISH, utc_now())
                session.commit()
            except Invalid as refused:
                return refused.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(each.result() for each in [pool.submit(send) for _n in range(2)])
    assert said[0] == ""
    assert said[1].startswith("Sudah ada pelatihan berjudul ini")
    with own_database.read() as session:
        assert how_many(session, Course) == 2


def test_a_file_that_is_removed_while_its_course_is_copied_stays_stored_for_the_copy(own_database):
    with own_database.write() as session:
        cast = world.cast(session)
        course = world.a_course(session, by=cast.budi)
        picture = world.a_material(session, course, "image")
        session.commit()
        budi = actor_for(session, cast.budi.id)
    begun = Event()

    def remove():
        begun.set()
        with own_database.write() as session:
            source = session.get_one(Course, course.id)
            keys = materials.remove(session, budi, source, session.get_one(Material, picture.id), utc_now())
            session.commit()
        return list(keys)

    with ThreadPoolExecutor(1) as pool:
        with own_database.write() as session:
            edition = copy_course(session, budi, session.get_one(Course, course.id), WISH, utc_now())
            removing = pool.submit(remove)
            begun.wait()
            wait([removing], 0.5)
            session.commit()
        assert removing.result() == []
    with own_database.read() as session:
        assert session.scalars(select(Material.course_id)).all() == [edition.id]


def test_instructors_come_along_while_they_may_teach(budi, dewi, cast, course, session):
    for person in (cast.gilang, cast.eko):
        session.add(CourseInstructor(course_id=course.id, person_id=person.id, added_at=world.THEN))
    session.commit()
    edition = copied(session, dewi, course)
    teaching = session.scalars(select(CourseInstructor.person_id).filter_by(course_id=edition.id))
    assert set(teaching) == {cast.dewi.id, cast.budi.id, cast.gilang.id}


def test_a_course_that_lives_as_files_gets_a_copy_that_is_edited_here(dewi, session, cast):
    folder = Path(__file__).parents[3] / "content"
    result = sync_folder(session, Actor.system("test"), folder, utc_now())
    assert result.problems == []
    source = session.scalars(select(Course).order_by(Course.id).limit(1)).one()
    edition = copy_course(session, dewi.actor, source, EditionWish(title="Edisi Contoh"), utc_now())
    session.commit()
    assert (edition.from_files, edition.minutes, edition.jp) == (False, source.minutes, source.jp)
    assert outline(session, edition) == outline(session, source)
    assert "Sebelum terbit" not in dewi.get(f"/ajar/{edition.slug}").text
    assert dewi.post(f"/ajar/{edition.slug}/keadaan", {"state": "published"}).status_code == 303
    # The files' next sync finds its own course, and leaves the edition alone.
    session.get_one(Course, source.id).source_hash = ""
    sync_folder(session, Actor.system("test"), folder, utc_now())
    assert how_many(session, Activity, course_id=edition.id) == how_many(session, Activity, course_id=source.id)


def test_a_long_course_with_a_large_bank_is_copied_whole(budi, course, session):
    module = session.scalars(select(Module).filter_by(course_id=course.id).limit(1)).one()
    bank = session.scalars(select(QuestionBank).filter_by(course_id=course.id)).one()
    for n in range(60):
        world.a_reading(session, module, f"Bacaan {n}")
    for n, draft in enumerate(parse(world.QUESTIONS).drafts * 60):
        world.a_question(session, bank, replace(draft, key=f"soal-{n}"), n + 10)
    session.commit()
    edition = copied(session, budi, course)
    assert outline(session, edition) == outline(session, course)
    assert len(held(session, Reading, edition)) == 61
    standing = select(func.count()).select_from(Question).join(QuestionBank).where(Question.retired_at.is_(None))
    assert session.scalar(standing.where(QuestionBank.course_id == edition.id)) == 304


def test_what_is_added_while_a_course_is_copied_refuses_the_copy():
    with pytest.raises(Conflict):
        Copied({}, {}, {}).bank(7)
    with pytest.raises(Conflict):
        Copied({}, {}, {}).material(7)
    assert Copied({}, {}, {}).material(None) is None


def test_organisers_are_led_from_the_refusal_to_the_new_edition(budi, citra, dewi, ani, course, session):
    course.closes_on = None
    cohort = session.scalars(select(Cohort)).one()
    cohort.ends_on = world.today() + timedelta(days=20)
    session.commit()
    here, way = f"/kelola/angkatan/{cohort.public_id}", 'href="/ajar/etika-asn/edisi"'
    assert way in budi.get(here).text
    told = dewi.post(f"{here}/peserta", {"nips": ani.person.nip}).text
    assert "Yang sudah menyelesaikan pelatihan ini dapat ikut lagi lewat edisi barunya." in told
    nominating = citra.post(f"/opd/usulan/{cohort.public_id}", {"nips": ani.person.nip}).text
    assert "Minta penyelenggara membuatkannya." in nominating
    assert way not in nominating
    academy.joined(session, ani.person, cohort, status="nominated", nominated_by=citra.person.id)
    session.commit()
    assert way in dewi.get("/persetujuan/usulan").text
