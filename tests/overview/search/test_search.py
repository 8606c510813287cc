from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session
from tests import world

from elearn.activities.readings.kind import READING
from elearn.activities.readings.models import Reading
from elearn.overview.search.actions import reindex_course
from elearn.overview.search.models import SearchDocument
from elearn.overview.search.queries import answering_courses, documents, search
from elearn.people.access.actor import Actor
from elearn.teaching.courses import kinds
from elearn.teaching.courses.models import Activity, Course

SYSTEM = Actor.system("tests")
ANI = Actor(1)
CORPUS = {
    "administrasi": (
        "Administrasi Pemerintahan",
        "Kewenangan, keputusan, dan diskresi pejabat di Kabupaten Batang Hari.",
        {
            "Wewenang dan mandat": "Plt bekerja atas dasar mandat. Plt tidak memutuskan hal kepegawaian.",
            "Membuat keputusan": "Keputusan yang sah dibuat pejabat yang berwenang. Keputusan diumumkan.",
            "Diskresi": "Diskresi dipakai bila peraturan tidak mengatur. Pegawai menyimpan catatan.",
        },
    ),
    "pelayanan": (
        "Pelayanan Publik",
        "Standar pelayanan dan pengaduan.",
        {
            "Standar": "Setiap layanan memiliki standar. Penilaian dilakukan tiap tahun.",
            "Mengelola keluhan": "Keluhan warga Batanghari ditindaklanjuti pegawai dalam 5 hari 15wib 1e5 0x1f 6e3b.",
        },
    ),
    "pegawai": (
        "Manajemen Kinerja Pegawai",
        "Sasaran kinerja pegawai dan umpan balik.",
        {"Kepala dinas menilai": "Atasan menilai hasil kerja. Nilai disampaikan kepada pegawai. Pegawai menanggapi."},
    ),
}


@pytest.fixture(autouse=True)
def _plain_readings() -> Iterator[None]:
    """Readings whose text is found as it was written; what a lesson's marks mean is tested elsewhere."""
    kinds.register(replace(READING, texts=_source))
    yield
    kinds.register(READING)


def _source(session: Session, activity: Activity) -> str:
    return session.get_one(Reading, activity.id).source


@pytest.fixture
def corpus(session: Session) -> dict[str, Course]:
    """Three published courses, indexed."""
    made = {}
    for slug, (title, summary, lessons) in CORPUS.items():
        course = made[slug] = world.a_course(session, slug, title=title, summary=summary, outcomes=[])
        module = world.a_module(session, course)
        for name, source in lessons.items():
            world.a_reading(session, module, name, source)
        reindex_course(session, SYSTEM, course.id)
    return made


def titles(session: Session, words: str, actor: Actor = ANI) -> list[str]:
    return [document.title for document in documents(session, actor, words)]


# One table for both databases: what is found, and in which order.
FOUND = {
    "pegawai": [
        "Manajemen Kinerja Pegawai",
        "Kepala dinas menilai",
        "Wewenang dan mandat",
        "Diskresi",
        "Mengelola keluhan",
    ],
    "kepegawaian": [
        "Manajemen Kinerja Pegawai",
        "Wewenang dan mandat",
        "Kepala dinas menilai",
        "Diskresi",
        "Mengelola keluhan",
    ],
    "layanan": ["Pelayanan Publik", "Standar"],
    "penilaian": ["Kepala dinas menilai", "Standar"],
    "Batang Hari": ["Administrasi Pemerintahan", "Mengelola keluhan"],
    "batanghari pegawai": ["Mengelola keluhan"],
    "berwenang": ["Wewenang dan mandat", "Membuat keputusan", "Administrasi Pemerintahan"],
    "tindak lanjut": ["Mengelola keluhan"],
    "kelapa": [],
    "diskresi pejabat": ["Administrasi Pemerintahan"],
    "15wib": ["Mengelola keluhan"],
    "1e5": ["Mengelola keluhan"],
    "0x1f": ["Mengelola keluhan"],
    "6e3b": ["Mengelola keluhan"],
    "6e3": [],
    "yang dan di": [],
    "": [],
}


@pytest.mark.parametrize("words", FOUND)
def test_both_databases_find_the_same_in_the_same_order(corpus: Any, session: Session, words: str):
    assert titles(session, words) == FOUND[words]


@pytest.mark.parametrize(
    "words",
    ['"', "'", "a'b", 'pegawai" OR "', "pegawai:*", "NEAR(a b)", "a & !b", "\\", "%", "_", "(", "🙂", "\0", "統治"],
)
def test_signs_that_mean_something_to_a_database_do_no_harm(corpus: Any, session: Session, words: str):
    documents(session, ANI, words)
    documents(session, ANI, f"pegawai {words}")


def test_a_hit_shows_where_it_was_found(corpus: dict[str, Course], session: Session):
    (hit, *_) = search(session, ANI, "tindak lanjut keluhan")
    assert hit.course is corpus["pelayanan"]
    assert hit.activity is not None
    assert hit.title == "Mengelola <mark>keluhan</mark>"
    assert "<mark>ditindaklanjuti</mark> pegawai" in hit.excerpt


def test_a_course_answers_by_its_lessons_too(corpus: dict[str, Course], session: Session):
    found = answering_courses(session, ANI, "pegawai")
    assert found == [corpus["pegawai"].id, corpus["administrasi"].id, corpus["pelayanan"].id]


def test_a_limit_is_kept(corpus: Any, session: Session):
    assert len(documents(session, ANI, "pegawai", limit=2)) == 2


def test_drafts_are_not_found(corpus: dict[str, Course], session: Session):
    corpus["pelayanan"].state = "draft"
    session.flush()
    assert titles(session, "keluhan") == []


def test_an_archived_course_is_found_by_those_who_have_a_place_in_it(corpus: dict[str, Course], session: Session):
    people = world.cast(session)
    corpus["pelayanan"].state = "archived"
    world.enrolled(session, people.ani, corpus["pelayanan"])
    assert titles(session, "keluhan", Actor(people.ani.id)) == ["Mengelola keluhan"]
    assert titles(session, "keluhan", Actor(people.eko.id)) == []


def test_a_changed_lesson_is_found_by_its_new_words_only(corpus: dict[str, Course], session: Session):
    lesson = session.scalars(select(Activity).filter_by(title="Standar")).one()
    session.get_one(Reading, lesson.id).source = "Maklumat pelayanan dipasang di loket."
    session.flush()
    assert reindex_course(session, SYSTEM, corpus["pelayanan"].id) == 1
    assert titles(session, "maklumat") == ["Standar"]
    assert titles(session, "penilaian") == ["Kepala dinas menilai"]


def test_a_retired_lesson_is_no_longer_found(corpus: dict[str, Course], session: Session, now: datetime):
    lesson = session.scalars(select(Activity).filter_by(title="Mengelola keluhan")).one()
    lesson.retired_at = now
    assert reindex_course(session, SYSTEM, corpus["pelayanan"].id) == 1
    assert titles(session, "keluhan") == []


def test_indexing_twice_writes_nothing(corpus: dict[str, Course], session: Session):
    assert reindex_course(session, SYSTEM, corpus["pegawai"].id) == 0


def test_a_moved_lesson_keeps_its_words(corpus: dict[str, Course], session: Session):
    lesson = session.scalars(select(Activity).filter_by(title="Standar")).one()
    lesson.position = 99
    session.flush()
    assert reindex_course(session, SYSTEM, corpus["pelayanan"].id) == 0
    found = session.scalars(select(SearchDocument.title).filter_by(course_id=lesson.course_id).order_by("position"))
    assert list(found) == ["Pelayanan Publik", "Mengelola keluhan", "Standar"]


def test_a_nul_in_a_text_is_left_out(session: Session):
    course = world.a_course(session)
    world.a_reading(session, world.a_module(session, course))
    kinds.register(replace(READING, texts=lambda *_: "sebelum\0sesudah lampiran"))
    reindex_course(session, SYSTEM, course.id)
    assert titles(session, "lampiran") == ["Plt Contoh"]


@pytest.mark.load
def test_a_text_of_endless_new_words_fits_into_the_index(session: Session):
    course = world.a_course(session)
    world.a_reading(session, world.a_module(session, course))
    endless = " ".join(f"{number:05x}z " * 5 for number in range(60_000))
    kinds.register(replace(READING, texts=lambda *_: endless))
    reindex_course(session, SYSTEM, course.id)
    assert titles(session, "00001z") == ["Plt Contoh"]
    assert titles(session, "0ea5fz") == []


def test_a_search_is_one_statement(corpus: Any, session: Session):
    with counted(session) as statements:
        search(session, ANI, "pegawai keputusan pelayanan")
    assert len(statements) == 1


def test_postgresql_uses_its_index_and_sqlite_its_full_text_table(corpus: Any, session: Session):
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("SELECT count(*) FROM search_index")) == session.scalar(
            select(func.count()).select_from(SearchDocument)
        )
        session.execute(text("INSERT INTO search_index(search_index) VALUES ('integrity-check')"))
        return
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = session.execute(
        text("EXPLAIN SELECT id FROM search_documents WHERE to_tsvector('simple', terms) @@ CAST('''a''' AS tsquery)")
    )
    assert "search_index" in "\n".join(plan.scalars())


class counted:
    """The statements that a session sends inside the block."""

    def __init__(self, session: Session) -> None:
        self.connection = session.connection()
        self.statements: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self.connection, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(self.connection, "before_cursor_execute", self._note)
