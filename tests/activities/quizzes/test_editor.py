"""The quiz editor: questions by form and by text, order, draws, rules, and what never disturbs who is in an attempt."""

import pytest
from sqlalchemy import event, select

from elearn.activities.quizzes import actions, queries
from elearn.activities.quizzes.models import Attempt, Quiz
from elearn.activities.quizzes.queries import own_questions, shortcomings, worded_questions
from elearn.learning.player.queries import desk
from elearn.teaching.courses.models import Course
from elearn.teaching.questions.models import QuestionBank, QuestionVersion
from elearn.teaching.questions.queries import authored, standing_in
from tests import world

TEXT = """? Plt bekerja atas dasar mandat.
jawaban: benar

? Berapa hari batas waktunya?
angka: 5
"""


@pytest.fixture
def quiz(session, cast):
    """A quiz of Budi's draft, as the outline has just made it."""
    course = world.a_course(session, by=cast.budi, state="draft", published_at=None)
    activity = world.an_activity(session, world.a_module(session, course), "quiz", "Kuis Modul 1")
    session.commit()
    return activity


@pytest.fixture
def here(quiz):
    return f"/ajar/kuis/{quiz.public_id}"


def single(**fields):
    given = {
        "kind": "single",
        "stem": "Siapa memutuskan cuti?",
        "option": ["Atasan langsung", "Bupati", "", ""],
        "why": ["Pasal 1", "", "", ""],
        "right": "0",
    }
    return {**given, **fields}


def own(session, quiz):
    session.expire_all()
    return own_questions(session, queries.quiz_of(session, quiz))


def course_is(session, quiz, **fields):
    for name, value in fields.items():
        setattr(session.get_one(Course, quiz.course_id), name, value)
    session.commit()


KINDS = {
    "single": single(),
    "multiple": single(kind="multiple", right=["0", "1"]),
    "true_false": {"kind": "true_false", "stem": "Plt adalah mandat.", "truth": "salah"},
    "short": {"kind": "short", "stem": "Singkatannya?", "accepted": "Plt\r\nPelaksana Tugas\r\n"},
    "number": {"kind": "number", "stem": "Berapa?", "figure": "1.234,5", "tolerance": "0,5"},
    "matching": {"kind": "matching", "stem": "Pasangkan.", "left": ["A", "B", ""], "partner": ["1", "2", ""]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_written_by_form_and_comes_back_to_be_changed(kind, budi, quiz, here, session):
    facts = {"explanation": "Sebab.", "basis": "Pasal 14", "topic": "Wewenang / Mandat", "difficulty": "sulit"}
    saved = budi.post(here, {**KINDS[kind], **facts, "weight": "2"})
    assert saved.headers["location"] == f"{here}?jenis={kind}"
    version = own(session, quiz)[0]
    draft = authored(version)
    assert (draft.kind, draft.basis, draft.topic, draft.difficulty, draft.weight) == (
        kind, "Pasal 14", "wewenang/mandat", "sulit", 2.0,
    )  # fmt: skip
    assert shortcomings(session, quiz) == []
    form = budi.get(f"{here}?ubah={version.question.public_id}").text
    assert draft.stem in form
    assert "wewenang/mandat" in form
    for field in ("option", "accepted", "figure", "left"):
        typed = KINDS[kind].get(field)
        first = typed[0] if isinstance(typed, list) else (typed or "").split("\r\n")[0].replace(".", "")
        assert first in form


def test_the_quiz_keeps_its_questions_in_a_bank_of_its_own(budi, quiz, here, session):
    budi.post(here, single())
    budi.post(here, single(stem="Yang kedua?"))
    session.expire_all()
    bank = session.scalars(select(QuestionBank)).one()
    assert (bank.name, bank.course_id) == ("Kuis Modul 1", quiz.course_id)
    assert session.get_one(Quiz, quiz.id).draws == [{"bank": bank.id, "all": True}]
    assert quiz.completion == "passed"


def test_other_fields_and_more_rows_are_shown_without_saving_and_nothing_typed_is_lost(budi, quiz, here, session):
    shown = budi.post(here, single(kind="matching", lakukan="tampil"))
    assert shown.status_code == 200
    assert "Siapa memutuskan cuti?" in shown.text
    assert 'name="partner"' in shown.text
    more = budi.post(here, single(lakukan="baris"))
    assert more.text.count('name="option"') == 6
    assert "Atasan langsung" in more.text
    assert own(session, quiz) == []


def test_a_wrong_form_comes_back_with_what_was_typed(budi, quiz, here, session):
    for wrong, said in (
        (single(stem=""), "Tulis pertanyaannya."),
        (single(weight="banyak"), "Tulis dengan angka"),
        (single(topic="wewenang//mandat"), "Tulis topik tanpa bagian kosong"),
        (single(kind="lagu"), "Pilih salah satu dari daftar."),
        (single(option=["x" * 1001, "b"]), "Paling panjang 1000 huruf."),
        (single(option=["x"] * 21), "tidak dapat dibaca"),
    ):
        refused = budi.post(here, wrong)
        assert refused.status_code == 422, said
        assert said in refused.text
        assert "Kesalahan:" in refused.text.split("</title>")[0]
        assert "Pasal 1" in refused.text
    assert own(session, quiz) == []
    assert session.scalars(select(QuestionBank)).all() == []


def test_a_draft_keeps_unfinished_questions_and_the_check_list_counts_them(budi, quiz, here, session):
    saved = budi.post(here, single(right=[]))
    assert saved.status_code == 303
    assert "Tandai jawaban yang benar." in budi.get(here).text
    budi.post(here, {"kind": "true_false", "stem": "Benarkah?"})
    assert shortcomings(session, quiz) == ["Kuis Modul 1: 2 soal tanpa kunci."]
    assert "2 soal tanpa kunci" in budi.get("/ajar/etika-asn").text
    assert budi.post("/ajar/etika-asn/keadaan", {"state": "published"}).status_code == 422


def test_a_published_course_takes_no_unfinished_question(budi, quiz, here, session):
    course_is(session, quiz, state="published")
    refused = budi.post(here, single(right=[]))
    assert refused.status_code == 422
    assert "Tandai jawaban yang benar." in refused.text
    assert "Siapa memutuskan cuti?" in refused.text
    assert own(session, quiz) == []


def test_pasted_text_becomes_questions_all_or_none(budi, quiz, here, session):
    broken = budi.post(f"{here}/teks", {"text": TEXT + "\n? Tanpa kunci\n- Salah\n- Keliru\n"})
    assert broken.status_code == 422
    assert "Baris 7: Tandai jawaban yang benar dengan tanda * di awal baris." in broken.text
    assert "Plt bekerja atas dasar mandat." in broken.text
    assert own(session, quiz) == []
    assert budi.post(f"{here}/teks", {"text": ""}).status_code == 422
    assert budi.post(f"{here}/teks", {"text": TEXT}).status_code == 303
    assert [version.kind for version in own(session, quiz)] == ["true_false", "number"]


def test_an_id_that_the_bank_has_already_is_refused_with_its_line(budi, quiz, here):
    text = "? Satu\nid: satu\njawaban: benar"
    budi.post(f"{here}/teks", {"text": text})
    again = budi.post(f"{here}/teks", {"text": "\n" + text})
    assert again.status_code == 422
    assert "Baris 2: Ganti id “satu”" in again.text


def test_questions_move_up_and_down_and_stay_at_the_ends(budi, quiz, here, session):
    budi.post(f"{here}/teks", {"text": "? Satu\njawaban: benar\n? Dua\njawaban: benar\n? Tiga\njawaban: benar"})
    first, _second, third = (version.question.public_id for version in own(session, quiz))
    for question, way in ((third, "naik"), (first, "naik"), (first, "turun")):
        assert budi.post(f"{here}/soal/{question}/pindah", {"ke": way}).status_code == 303
    assert [version.stem for version in own(session, quiz)] == ["Tiga", "Satu", "Dua"]


def test_a_changed_question_gets_a_version_and_a_running_attempt_keeps_the_old_one(budi, ani, quiz, here, session, now):
    budi.post(here, single())
    course_is(session, quiz, state="published")
    world.enrolled(session, ani.person, session.get_one(Course, quiz.course_id))
    attempt = actions.start(session, ani.actor, desk(session, ani.actor, quiz.public_id, "quiz"), now)
    session.commit()
    question = own(session, quiz)[0].question.public_id
    changed = budi.post(f"{here}/soal/{question}", single(stem="Siapa yang memutuskan?", version="1"))
    assert changed.status_code == 303
    assert [version.stem for version in own(session, quiz)] == ["Siapa yang memutuskan?"]
    assert [asked.version.stem for asked in worded_questions(session, attempt)] == ["Siapa memutuskan cuti?"]
    budi.post(f"{here}/soal/{question}", single(stem="Siapa yang memutuskan?", version="2"))
    assert len(session.scalars(select(QuestionVersion)).all()) == 2, "the same wording again is no version"


def test_the_second_editor_of_a_question_overwrites_nothing(budi, quiz, here, session):
    budi.post(here, single())
    question = own(session, quiz)[0].question.public_id
    budi.post(f"{here}/soal/{question}", single(stem="Yang pertama?", version="1"))
    late = budi.post(f"{here}/soal/{question}", single(stem="Yang terlambat?", version="1"))
    assert late.status_code == 422
    assert "Orang lain sudah mengubah soal ini" in late.text
    assert "Yang terlambat?" in late.text
    assert own(session, quiz)[0].stem == "Yang pertama?"


def test_the_last_question_of_a_published_quiz_stays(budi, quiz, here, session):
    budi.post(f"{here}/teks", {"text": TEXT})
    course_is(session, quiz, state="published")
    first, second = (version.question.public_id for version in own(session, quiz))
    assert budi.post(f"{here}/soal/{first}/lepas").status_code == 303
    kept = budi.post(f"{here}/soal/{second}/lepas")
    assert kept.status_code == 409
    assert quiz.title in kept.text
    assert len(own(session, quiz)) == 1


def test_a_bank_keeps_what_a_published_quiz_draws_from_it(budi, quiz, here, session):
    bank = world.a_bank(session, session.get_one(Course, quiz.course_id))
    session.commit()
    budi.post(f"{here}/ambil", {"source": f"{bank.public_id}:wewenang", "count": "3"})
    course_is(session, quiz, state="published")
    drawn = [each for each in standing_in(session, [bank.id]) if each.question.topic.startswith("wewenang")]
    spare, needed = (each.question.public_id for each in drawn[:2])
    assert budi.post(f"/ajar/bank/soal/{spare}/lepas").status_code == 303
    refused = budi.post(f"/ajar/bank/soal/{needed}/lepas")
    assert refused.status_code == 409
    assert quiz.title in refused.text
    assert "Tambahkan soal pengganti" in refused.text
    fields = {"kind": "true_false", "stem": "Pindah topik.", "truth": "benar", "topic": "lain", "version": "1"}
    moved = budi.post(f"/ajar/bank/soal/{needed}", fields)
    assert moved.status_code == 422
    assert quiz.title in moved.text
    session.expire_all()
    left = [each for each in standing_in(session, [bank.id]) if each.question.topic.startswith("wewenang")]
    assert len(left) == 3
    budi.post(f"{here}/ambil", {"source": f"{bank.public_id}:wewenang", "count": "2"})
    assert budi.post(f"/ajar/bank/soal/{needed}/lepas").status_code == 303


def test_questions_are_drawn_at_random_from_a_bank_with_its_numbers_shown(budi, quiz, here, session):
    bank = world.a_bank(session, session.get_one(Course, quiz.course_id))
    session.commit()
    shown = budi.get(f"{here}?tambah=bank").text
    assert "Semua topik: 5 soal" in shown
    assert "wewenang: 4 soal" in shown
    assert "wewenang/mandat: 3 soal" in shown
    source = f"{bank.public_id}:wewenang"
    few = budi.post(f"{here}/ambil", {"source": source, "count": "5"})
    assert few.status_code == 422
    assert "hanya 4" in few.text
    assert budi.post(f"{here}/ambil", {"source": source, "count": "3"}).status_code == 303
    assert budi.post(f"{here}/ambil", {"source": f"{bank.public_id}:wewenang/mandat", "count": "2"}).status_code == 422
    assert "3 soal dari Bank bank" in budi.get(here).text
    assert queries.question_count(session, queries.quiz_of(session, quiz)) == 3
    assert shortcomings(session, quiz) == []
    assert budi.post(f"{here}/ambil/lepas", {"source": source}).status_code == 303
    assert budi.post(f"{here}/ambil/lepas", {"source": source}).status_code == 404


def test_a_bank_of_another_course_is_not_found(budi, gilang, quiz, here, session):
    other = world.a_bank(session, world.a_course(session, "lain", by=gilang.person))
    session.commit()
    assert budi.post(f"{here}/ambil", {"source": f"{other.public_id}:", "count": "1"}).status_code == 404


def test_the_rules_are_saved_and_a_running_attempt_keeps_its_own(budi, ani, quiz, here, session, now):
    budi.post(here, single())
    course_is(session, quiz, state="published")
    world.enrolled(session, ani.person, session.get_one(Course, quiz.course_id))
    actions.start(session, ani.actor, desk(session, ani.actor, quiz.public_id, "quiz"), now)
    session.commit()
    rules = {
        "title": "Post-test", "minutes": "20", "required": "1", "revision": str(quiz.revision),
        "assessment": "posttest", "time_limit": "30", "attempts": "2", "pass_mark": "80", "release": "after_pass",
        "shuffle_options": "1", "grace": "5",
    }  # fmt: skip
    assert budi.post(f"{here}/aturan", rules).headers["location"].startswith("/ajar/etika-asn")
    session.expire_all()
    saved = session.get_one(Quiz, quiz.id)
    assert (saved.assessment, saved.time_limit, saved.attempts_allowed, saved.pass_mark) == ("posttest", 30, 2, 80)
    assert (saved.release, saved.shuffle_questions, saved.shuffle_options) == ("after_pass", False, True)
    assert saved.grace_seconds == 300
    attempt = session.scalars(select(Attempt)).one()
    assert (attempt.deadline_at, attempt.pass_mark, attempt.release) == (None, 70, "after_submit")
    assert "Post-test" in budi.get(f"{here}/aturan").text
    late = budi.post(f"{here}/aturan", {**rules, "title": "Terlambat"})
    assert late.status_code == 422
    assert "Terlambat" in late.text


def test_a_pretest_has_no_pass_mark_and_is_done_when_handed_in(budi, quiz, here, session):
    rules = {"title": "Pre-test", "revision": str(quiz.revision), "assessment": "pretest", "completion": "read"}
    assert budi.post(f"{here}/aturan", rules).status_code == 303
    session.expire_all()
    assert session.get_one(Quiz, quiz.id).pass_mark is None
    assert quiz.completion == "handed_in"


def test_wrong_rules_come_back_with_what_was_typed(budi, quiz, here, session):
    refused = budi.post(f"{here}/aturan", {"title": "Judul saya", "pass_mark": "101", "time_limit": "lama"})
    assert refused.status_code == 422
    assert "Paling besar 100." in refused.text
    assert "Isi dengan angka." in refused.text
    assert "Judul saya" in refused.text


def test_the_preview_shows_what_learners_see_and_no_key(budi, quiz, here):
    budi.post(here, single(why=["RAHASIA", "", "", ""], explanation="RAHASIA"))
    shown = budi.get(f"{here}/pratinjau").text
    assert "Atasan langsung" in shown
    assert "RAHASIA" not in shown


def test_a_course_from_files_is_shown_and_not_changed(budi, quiz, here, session):
    budi.post(here, single())
    question = own(session, quiz)[0].question.public_id
    course_is(session, quiz, from_files=True)
    shown = budi.get(here)
    assert "disusun dari berkas" in shown.text
    assert "Siapa memutuskan cuti?" in shown.text
    for page in (shown, budi.get(f"{here}?ubah={question}")):
        assert "<form" not in page.text.split("<main")[1]
    assert here in budi.get("/ajar/etika-asn").text
    for path, data in (
        (here, single()),
        (f"{here}/teks", {"text": TEXT}),
        (f"{here}/soal/{question}", single(version="1")),
        (f"{here}/soal/{question}/lepas", {}),
        (f"{here}/soal/{question}/pindah", {"ke": "naik"}),
        (f"{here}/aturan", {"title": "Baru", "revision": str(quiz.revision)}),
    ):
        assert budi.post(path, data).status_code in (409, 422), path
    assert [version.number for version in own(session, quiz)] == [1]


def test_a_quiz_without_questions_tells_its_learners_so(budi, ani, quiz, session):
    course_is(session, quiz, state="published")
    world.enrolled(session, ani.person, session.get_one(Course, quiz.course_id))
    rules = f"/belajar/{quiz.public_id}/kuis"
    assert "Kuis ini belum mempunyai soal" in ani.get(rules).text
    assert ani.post(f"{rules}/mulai").status_code == 409


def test_the_editor_takes_as_many_statements_for_60_questions_as_for_2(budi, quiz, here, session, database):
    def statements():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(database.connection, "before_cursor_execute", note)
        try:
            assert budi.get(here).status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return len(seen)

    budi.post(f"{here}/teks", {"text": TEXT})
    few = statements()
    budi.post(f"{here}/teks", {"text": TEXT * 29})
    assert len(own(session, quiz)) == 60
    assert statements() == few
