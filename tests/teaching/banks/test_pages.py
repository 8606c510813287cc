"""The question bank: what it shows of which courses, and what is written into it."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from tests import world

from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.teaching.courses.models import Course
from elearn.teaching.questions.drafts import Kind, QuestionDraft
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion

QUESTION = {"kind": "true_false", "stem": "Plt adalah mandat.", "truth": "benar"}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@pytest.fixture
def bank(session, cast):
    bank = world.a_bank(session, world.a_course(session, by=cast.budi))
    session.commit()
    return bank


def standing(session, bank):
    session.expire_all()
    found = select(Question).filter_by(bank_id=bank.id, retired_at=None).order_by(Question.position)
    return session.scalars(found).all()


def many(session, bank, count):
    for n in range(count):
        draft = QuestionDraft(Kind.TRUE_FALSE, f"Pernyataan {n}", truth=True, topic=f"topik-{n % 7}")
        world.a_question(session, bank, draft, n + 10)
    session.commit()


def test_only_banks_of_courses_that_one_teaches_are_seen(budi, gilang, dewi, bank):
    assert "Mana saja yang tidak boleh diputuskan Plt?" in budi.get("/ajar/bank").text
    assert "Belum ada soal" in gilang.get("/ajar/bank").text
    assert "Bank bank" not in gilang.get(f"/ajar/bank?bank={bank.public_id}&pelatihan=etika-asn").text
    assert "Mana saja yang tidak boleh diputuskan Plt?" in dewi.get("/ajar/bank").text


def test_filters_narrow_the_list_and_say_when_nothing_is_left(budi, bank, session, cast):
    other = world.a_bank(session, world.a_course(session, "lain", by=cast.budi), "? Lain\njawaban: benar", "lain")
    session.commit()
    for asked, count in (
        ("", 6),
        ("pelatihan=lain", 1),
        (f"bank={other.public_id}", 1),
        ("topik=wewenang", 4),
        ("topik=wewenang/mandat", 3),
        ("jenis=number", 1),
        ("tingkat=sulit", 0),
        ("q=MANDAT", 1),
        ("q=mandat+sumber", 0),
        ("q=%25", 0),
    ):
        shown = budi.get(f"/ajar/bank?{asked}").text
        assert (f"{count} soal</caption>" in shown) if count else ("Tidak ada soal yang cocok" in shown), asked


def test_the_list_tells_how_questions_fared_in_graded_attempts(budi, bank, session, cast, now):
    quiz = world.a_quiz(session, world.a_module(session, session.get_one(Course, bank.course_id)), bank)
    enrolment = world.enrolled(session, cast.ani, session.get_one(Course, bank.course_id))
    version = session.scalars(select(QuestionVersion).join(Question).where(Question.key == "batas")).one()
    for number, (points, graded) in enumerate(((1.0, now), (0.0, now), (0.5, now), (0.0, None)), start=1):
        attempt = Attempt(
            public_id=f"percobaan{number}", enrolment_id=enrolment.id, activity_id=quiz.id, person_id=cast.ani.id,
            number=number, seed="s", started_at=now - timedelta(hours=1), grace_seconds=0, release="never",
            shuffle_options=True, graded_at=graded,
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        session.add(AttemptQuestion(attempt_id=attempt.id, position=1, version_id=version.id, points=points))
    session.commit()
    shown = budi.get("/ajar/bank?jenis=number").text
    assert "3 kali" in shown
    assert "50 %" in shown
    assert "belum" in budi.get("/ajar/bank?jenis=matching").text


def test_the_list_takes_as_many_statements_for_300_questions_as_for_10(budi, bank, session, database):
    def statements():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.upper().startswith(NOT_COUNTED):
                seen.append(statement)

        event.listen(database.connection, "before_cursor_execute", note)
        try:
            assert budi.get("/ajar/bank").status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return seen

    many(session, bank, 5)
    few = statements()
    many(session, bank, 290)
    assert len(statements()) == len(few)
    assert len(few) <= 8, "\n".join(few)


def test_a_long_list_comes_a_page_at_a_time(budi, bank, session):
    many(session, bank, 60)
    first, last = budi.get("/ajar/bank").text, budi.get("/ajar/bank?halaman=3&topik=").text
    assert first.count('scope="row"') == 25
    assert last.count('scope="row"') == 15
    assert budi.get("/ajar/bank?halaman=99").text.count('scope="row"') == 15


def test_a_bank_is_made_and_filled_by_form_and_by_text(budi, session, cast):
    world.a_course(session, by=cast.budi, state="draft")
    session.commit()
    assert "Buat bank soal" in budi.get("/ajar/bank").text
    made = budi.post("/ajar/bank/baru", {"course": "etika-asn", "name": "Evaluasi akhir"})
    bank = session.scalars(select(QuestionBank)).one()
    assert made.headers["location"] == f"/ajar/bank/soal?bank={bank.public_id}"
    saved = budi.post("/ajar/bank/soal", {**QUESTION, "bank": bank.public_id})
    assert saved.headers["location"] == f"/ajar/bank/soal?bank={bank.public_id}&jenis=true_false"
    text = "? Dua\nid: dua\njawaban: benar\n? Tiga\nangka: 3"
    assert budi.post("/ajar/bank/teks", {"bank": bank.public_id, "text": text}).status_code == 303
    assert [question.position for question in standing(session, bank)] == [1, 2, 3]
    assert "Evaluasi akhir" in budi.get("/ajar/bank").text


def test_a_refused_bank_or_text_comes_back_with_what_was_typed(budi, bank, session):
    assert "Isi kolom ini." in budi.post("/ajar/bank/baru", {"course": "etika-asn", "name": ""}).text
    broken = budi.post("/ajar/bank/teks", {"bank": bank.public_id, "text": "? Tulisan saya\nid: plt\njawaban: benar"})
    assert broken.status_code == 422
    assert "Baris 1: Ganti id “plt”" in broken.text
    assert "Tulisan saya" in broken.text
    wrong = budi.post("/ajar/bank/soal", {"bank": bank.public_id, "kind": "true_false", "stem": "Kalimat saya"})
    assert wrong.status_code == 422
    assert "Pilih benar atau salah." in wrong.text
    assert "Kalimat saya" in wrong.text
    assert len(standing(session, bank)) == 5


def test_the_id_of_a_retired_question_brings_it_back_with_a_new_wording(budi, bank, session):
    question = standing(session, bank)[0]
    assert budi.post(f"/ajar/bank/soal/{question.public_id}/lepas").status_code == 303
    assert budi.get(f"/ajar/bank/soal/{question.public_id}").status_code == 404
    budi.post("/ajar/bank/teks", {"bank": bank.public_id, "text": "? Baru\nid: plt\njawaban: benar"})
    assert (standing(session, bank)[-1].public_id, question.current) == (question.public_id, 2)


def test_a_question_is_changed_as_a_new_version(budi, bank, session):
    question = next(each for each in standing(session, bank) if each.key == "mandat-tj")
    here = f"/ajar/bank/soal/{question.public_id}"
    assert "Pada mandat, tanggung jawab tetap" in budi.get(here).text
    assert budi.post(here, {**QUESTION, "truth": "salah", "version": "1"}).status_code == 303
    session.expire_all()
    assert (question.current, question.key) == (2, "mandat-tj")
    assert budi.post(here, {**QUESTION, "version": "1"}).status_code == 422
    assert "Versi 2" in budi.get(here).text


def test_a_foreign_bank_or_course_is_not_found_and_nothing_is_written(gilang, bank, session):
    world.a_course(session, "pelatihan-gilang", by=gilang.person)
    session.commit()
    assert gilang.post("/ajar/bank/soal", {**QUESTION, "bank": bank.public_id}).status_code == 404
    assert gilang.post("/ajar/bank/teks", {"text": "? X\nangka: 1", "bank": bank.public_id}).status_code == 404
    assert gilang.post("/ajar/bank/baru", {"course": "etika-asn", "name": "Milik saya"}).status_code == 404
    assert len(standing(session, bank)) == 5
    assert len(session.scalars(select(QuestionBank)).all()) == 1


def test_a_bank_from_files_is_shown_and_not_changed(budi, bank, session):
    session.get_one(Course, bank.course_id).from_files = True
    session.commit()
    question = standing(session, bank)[0]
    shown = budi.get(f"/ajar/bank/soal/{question.public_id}").text
    assert "disusun dari berkas" in shown
    assert "<textarea" not in shown
    assert "Tempel teks" not in budi.get("/ajar/bank").text
    for path, data in (
        ("/ajar/bank/soal", {**QUESTION, "bank": bank.public_id}),
        ("/ajar/bank/teks", {"text": "? X\nangka: 1", "bank": bank.public_id}),
        (f"/ajar/bank/soal/{question.public_id}", {**QUESTION, "version": "1"}),
        (f"/ajar/bank/soal/{question.public_id}/lepas", {}),
        ("/ajar/bank/baru", {"course": "etika-asn", "name": "Baru"}),
    ):
        assert budi.post(path, data).status_code in (409, 422), path
    session.expire_all()
    assert [each.current for each in standing(session, bank)] == [1] * 5
