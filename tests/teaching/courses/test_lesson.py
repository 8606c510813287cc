import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.foundation.markdown import Picture
from elearn.teaching.courses.lesson import (
    Exercise,
    Lesson,
    Note,
    Practice,
    Text,
    honest_minutes,
    is_honest,
    markdown_parts,
    parse_body,
    parse_lesson,
    search_text,
    with_html,
    words,
)
from elearn.teaching.questions.drafts import Kind

WHOLE = """\
---
title: "Plt Kepala Dinas: bolehkah memindahkan pegawai?"
minutes: 28
complete: exercise
baca: 1
---

::: kasus
Kepala Dinas Contoh pensiun pada 1 Maret.
:::

::: soal Putuskan dulu
? Surat mana yang boleh ditandatangani?
- Keduanya -- Mandat tidak membawa seluruh wewenang.
* Hanya cuti tahunan -- Cuti tahunan adalah tugas rutin.
:::

## Aturannya
Satu **dua** [tiga](https://a.id).

![Alur lima langkah](gambar/alur.svg "Gambar 1. Alur")

::: latihan Susun sebuah Keputusan
menit: 25
Tulislah bagian menimbang.

1. Satu
--- contoh
Contoh **jawaban**.
--- periksa
- Konsiderans menyebut
  alasan.
- Dasar hukum disebut.
:::

::: INGAT Satu kalimat
Plt menjaga kantor tetap berjalan.
:::

::: dasar
UU 30/2014 Pasal 14.
:::
"""


def body(text: str) -> list[str]:
    """The problems of a body."""
    return [problem.message for problem in parse_body(text)[1]]


def lesson(front: str, text: str = "Isi.") -> Lesson:
    return parse_lesson(f"---\n{front}\n---\n{text}\n")


def test_a_whole_lesson_is_read() -> None:
    found = parse_lesson(WHOLE)
    assert found.problems == ()
    assert (found.title, found.minutes) == ("Plt Kepala Dinas: bolehkah memindahkan pegawai?", 28)
    assert (found.completion, found.reading_minutes, found.minutes_line) == ("exercise", 1, 3)
    case, practice, text, exercise, remember, basis = found.blocks
    assert case == Note("kasus", "", "Kepala Dinas Contoh pensiun pada 1 Maret.", 9)
    assert isinstance(practice, Practice)
    assert (practice.key, practice.title, practice.line) == ("soal-1", "Putuskan dulu", 13)
    assert practice.draft.kind is Kind.SINGLE
    assert isinstance(text, Text)
    assert (text.source[:12], text.line) == ("## Aturannya", 18)
    assert exercise == Exercise(
        key="latihan-1",
        title="Susun sebuah Keputusan",
        minutes=25,
        instruction="Tulislah bagian menimbang.\n\n1. Satu",
        model_answer="Contoh **jawaban**.",
        checks=("Konsiderans menyebut alasan.", "Dasar hukum disebut."),
        line=23,
    )
    assert remember == Note("ingat", "Satu kalimat", "Plt menjaga kantor tetap berjalan.", 37)
    assert basis == Note("dasar", "", "UU 30/2014 Pasal 14.", 41)


def test_texts_become_html_and_questions_are_left_to_who_shows_them() -> None:
    blocks = with_html(parse_lesson(WHOLE).blocks, image_url=lambda source: Picture("/x/" + source, 3, 2))
    case, practice, text, exercise, *_rest = blocks
    assert isinstance(case, Note)
    assert isinstance(text, Text)
    assert isinstance(exercise, Exercise)
    assert case.html == "<p>Kepala Dinas Contoh pensiun pada 1 Maret.</p>\n"
    assert '<figure class="e-fig"><img src="/x/gambar/alur.svg"' in text.html
    assert exercise.instruction_html.startswith("<p>Tulislah")
    assert exercise.model_answer_html == "<p>Contoh <strong>jawaban</strong>.</p>\n"
    assert practice == parse_lesson(WHOLE).blocks[1]


def test_words_are_those_of_text_and_boxes_only() -> None:
    # 7 kasus, 1 heading, 3 text, 3 picture, 5 ingat, 4 dasar; not the question, not the exercise.
    assert words(parse_lesson(WHOLE).blocks) == 7 + 1 + 3 + 3 + 5 + 4


def test_honest_minutes_add_reading_questions_exercises_and_the_regulations_text() -> None:
    assert honest_minutes(parse_lesson(WHOLE)) == pytest.approx(23 / 150 + 1.5 + 25 + 1)


@pytest.mark.parametrize(
    ("words_there", "stated", "honest"),
    [
        (750, 5, True),
        (750, 3, True),
        (750, 7, True),
        (750, 8, False),
        (3000, 25, True),
        (3000, 26, False),
        (3000, 14, False),
    ],
)
def test_a_quarter_or_two_minutes_are_forgiven(words_there: int, stated: int, honest: bool) -> None:
    assert is_honest(lesson(f"title: a\nminutes: {stated}", "kata " * words_there)) is honest


def test_keys_follow_the_order_and_one_box_may_ask_several_questions() -> None:
    ask = "? a\n* b\n- c\n"
    blocks, problems = parse_body(f"::: soal Coba\n{ask}{ask}:::\n\nx\n\n::: soal\n{ask}:::")
    assert problems == []
    found = [(block.key, block.title) for block in blocks if isinstance(block, Practice)]
    assert found == [("soal-1", "Coba"), ("soal-2", ""), ("soal-3", "")]


def test_search_finds_tasks_and_questions_but_no_keys_explanations_or_model_answers() -> None:
    found = search_text(parse_lesson(WHOLE).blocks)
    for there in ("Kepala Dinas Contoh", "Surat mana", "Satu dua tiga", "Tulislah", "Alur lima langkah"):
        assert there in found
    for hidden in ("tugas rutin", "Hanya cuti", "Contoh jawaban", "Konsiderans"):
        assert hidden not in found


def test_every_markdown_text_is_named_with_its_line() -> None:
    parts = markdown_parts(parse_lesson(WHOLE).blocks)
    assert ("Surat mana yang boleh ditandatangani?", 13) in parts
    assert ("Contoh **jawaban**.", 23) in parts


def test_marks_in_a_code_block_are_text() -> None:
    blocks, problems = parse_body("```\n::: kasus\n:::\n```\nlagi")
    assert problems == []
    assert [type(block) for block in blocks] == [Text]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("::: kasus\nisi", "Tutup kotak kasus dengan baris ::: tersendiri."),
        ("::: kasus\nisi\n::: ingat\nisi\n:::", "Tutup kotak kasus dengan ::: sebelum kotak berikutnya."),
        ("isi\n:::", "Hapus ::: ini: tidak ada kotak yang terbuka."),
        ("::: kassus\nisi\n:::", "Kotak “kassus” tidak dikenal."),
        ("::: kasus\n\n:::", "Isi kotak kasus."),
        ("::: soal\n# hanya komentar\n:::", "Isi kotak soal."),
        ("::: ingat\na\n:::\n::: ingat\nb\n:::", "Sisakan satu kotak ingat dalam satu materi."),
        ("::: soal\n? a\nid: b\n* c\n- d\n:::", "Hapus id: soal di dalam materi tidak memakainya."),
        ("::: soal\n? a\n* c\n:::", "Tulis paling sedikit dua pilihan."),
        ("::: latihan\nTulis.\n--- contoh\na\n:::", "Tulis lama latihan di baris pertama"),
        ("::: latihan\nmenit: 0\nTulis.\n--- contoh\na\n:::", "Tulis lama latihan di baris pertama"),
        ("::: latihan\nmenit: \u0663\nTulis.\n--- contoh\na\n:::", "Tulis lama latihan di baris pertama"),
        ("::: latihan\nmenit: 5\n--- contoh\na\n:::", "Tulis apa yang dikerjakan peserta."),
        ("::: latihan\nmenit: 5\nTulis.\n:::", "Tambahkan --- contoh atau --- periksa"),
        ("::: latihan\nmenit: 5\nTulis.\n--- kunci\na\n:::", "Bagian “kunci” tidak dikenal."),
        ("::: latihan\nmenit: 5\nTulis.\n--- contoh\na\n--- periksa\nb\n:::", "Tulis daftar periksa"),
        ("# Judul", "Awali judul bagian dengan ##."),
        ("## a\n\n#### b", "Pakai ### di sini: tingkat judul tidak boleh melompat."),
        ("### a", "Pakai ## di sini: tingkat judul tidak boleh melompat."),
    ],
)
def test_what_is_wrong_in_a_body_is_said(text: str, message: str) -> None:
    assert any(found.startswith(message) for found in body(text)), body(text)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("minutes: 1", "Tambahkan title."),
        ("title: a", "Tambahkan minutes."),
        ("title: a\nminutes: lama", "Tulis minutes berupa bilangan bulat 1 sampai 600."),
        ("title: a\nminutes: 1\ncomplete: passed", "Pilih complete: read, exercise."),
        ("title: a\nminutes: 1\nauthor: b", "“author” tidak dikenal."),
        ("title: a: b\nminutes: 1", "Periksa penulisan YAML."),
        ("title: a\nminutes: 1\ncomplete: exercise", "Tambahkan kotak latihan, atau tulis complete: read."),
    ],
)
def test_what_is_wrong_in_the_front_matter_is_said(front: str, message: str) -> None:
    found = [problem.message for problem in lesson(front).problems]
    assert any(text.startswith(message) for text in found), found


def test_problems_name_the_line_of_the_file() -> None:
    found = parse_lesson("---\ntitle: a\nminutes: 1\n---\n\n::: soal\n? a\n* b\n- c\nnilai: x\n:::\n\n# Judul\n")
    assert [problem.line for problem in found.problems] == [10, 13]


@pytest.mark.parametrize("text", ["", "Isi tanpa kepala", "---\ntitle: a\n", "---\n---\n"])
def test_a_file_without_front_matter_or_text_is_refused(text: str) -> None:
    assert parse_lesson(text).problems


@given(st.text(alphabet=st.sampled_from(":-?*= \nabmenit`#") | st.characters(), max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in (parse_lesson(text), lesson("title: a\nminutes: 1", text), lesson(text)):
        honest_minutes(found)
        with_html(found.blocks, image_url=lambda _source: None)
        assert all(problem.line >= 1 and problem.message for problem in found.problems)
