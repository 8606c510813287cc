from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.teaching.questions.drafts import Difficulty, Kind, Option, Pair, QuestionDraft, faults
from elearn.teaching.questions.text import KIND_WORDS, parse, to_text, topic_path
from tests.teaching.questions.written import drafts

PLT = """\
# Modul 3
? Pejabat pengganti yang bekerja karena kepala dinas pensiun disebut …
id: plt-01
* Plt -- Berhalangan tetap: Pasal 14 ayat (2).
- Plh -- Plh untuk berhalangan sementara.
- Pjs -- Istilah lain, untuk kepala daerah.
topik: Wewenang / Mandat
tingkat: mudah
dasar: UU 30/2014 Pasal 14 ayat (2)
pembahasan: Penjelasan umum, ditampilkan setelah dijawab.

- bukan pilihan
"""


def one(text: str) -> QuestionDraft:
    drafts, problems = parse(text)
    assert problems == []
    assert len(drafts) == 1
    return drafts[0]


def messages(text: str, *, bank: bool = False) -> list[str]:
    return [problem.message for problem in parse(text, bank=bank).problems]


@given(st.lists(drafts(), max_size=3, unique_by=lambda draft: draft.key or object()))
def test_what_is_written_reads_the_same_again(written: list[QuestionDraft]) -> None:
    found = parse(to_text(written))
    assert found.problems == []
    assert found.drafts == written


@given(drafts())
def test_every_built_question_is_sound(draft: QuestionDraft) -> None:
    assert faults(draft) == []


@given(st.text(alphabet=st.sampled_from("?*-=#:|\\> \n\r\t0a,.") | st.characters(), max_size=200))
def test_any_text_is_read_without_failing_and_only_sound_questions_come_out(text: str) -> None:
    drafts, problems = parse(text, bank=True)
    assert [faults(draft) for draft in drafts] == [[] for _ in drafts]
    assert all(1 <= problem.line <= len(text) + 1 and problem.message for problem in problems)
    # What came out of any text can be written and read again, too.
    assert parse(to_text(drafts)).drafts == drafts


def test_the_example_of_the_format_is_read() -> None:
    draft = one(PLT.removesuffix("\n- bukan pilihan\n"))
    assert draft == QuestionDraft(
        kind=Kind.SINGLE,
        stem="Pejabat pengganti yang bekerja karena kepala dinas pensiun disebut …",
        options=(
            Option("Plt", True, "Berhalangan tetap: Pasal 14 ayat (2)."),
            Option("Plh", False, "Plh untuk berhalangan sementara."),
            Option("Pjs", False, "Istilah lain, untuk kepala daerah."),
        ),
        explanation="Penjelasan umum, ditampilkan setelah dijawab.",
        basis="UU 30/2014 Pasal 14 ayat (2)",
        topic="wewenang/mandat",
        difficulty=Difficulty.EASY,
        key="plt-01",
    )
    assert draft.line == 2


def test_a_list_in_the_explanation_is_not_taken_for_options_silently() -> None:
    assert messages(PLT) == ["Tulis pilihan sebelum pembahasan. Butir di dalam pembahasan diawali \\-."]
    draft = one(PLT.replace("- bukan", "\\- bukan"))
    assert draft.explanation.endswith("\n\n- bukan pilihan")
    assert len(draft.options) == 3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("? a\n* b\n- c", Kind.SINGLE),
        ("? a\n* b\n* c\n- d", Kind.MULTIPLE),
        ("? a\n* b\n- c\njenis: beberapa", Kind.MULTIPLE),
        ("? a\njawaban: benar", Kind.TRUE_FALSE),
        ("? a\nJawaban: SALAH", Kind.TRUE_FALSE),
        ("? a\njawaban: benar\njenis: isian", Kind.SHORT),
        ("? a\njawaban: Plt | Pelaksana Tugas", Kind.SHORT),
        ("? a\nangka: 5", Kind.NUMBER),
        ("? a\n= b => c\n= d => e", Kind.MATCHING),
    ],
)
def test_the_parts_tell_the_kind(text: str, kind: Kind) -> None:
    assert one(text).kind is kind


def test_each_kind_has_a_word() -> None:
    assert set(KIND_WORDS.values()) == set(Kind)


def test_true_false_short_number_and_pairs_are_read() -> None:
    assert one("? a\njawaban: benar").truth is True
    assert one("? a\njawaban: salah").truth is False
    assert one("? a\njawaban: Plt|Pelaksana  Tugas | a\\|b").accepted == ("Plt", "Pelaksana Tugas", "a|b")
    number = one("? a\nangka: 1.234,5\ntoleransi: 0,5\nnilai: 2,5")
    assert (number.number, number.tolerance, number.weight) == (Decimal("1234.5"), Decimal("0.5"), 2.5)
    assert one("? a\n= b => c => d\n= e => f").pairs == (Pair("b", "c => d"), Pair("e", "f"))


def test_a_question_may_have_several_lines_and_paragraphs() -> None:
    draft = one("? Baca tabel.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nMana yang benar?\n* a\n- b\n")
    assert draft.stem == "Baca tabel.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nMana yang benar?"


def test_an_indented_line_continues_an_option_a_pair_or_a_field() -> None:
    draft = one("? a\n* satu\n  dua -- karena\n  tiga\n- empat\ndasar: UU 30/2014\n  Pasal 1")
    assert draft.options[0] == Option("satu dua", True, "karena tiga")
    assert draft.basis == "UU 30/2014 Pasal 1"


def test_comments_and_foreign_line_ends_do_not_matter() -> None:
    assert one("\ufeff# satu\r\n? a\r\n# dua\r\n* b\r\n- c\x00\r\n") == one("? a\n* b\n- c")


def test_the_backslash_keeps_a_line_of_the_question_as_text() -> None:
    assert one("? Urutkan:\n\\- satu\n\\* dua\n\\dasar: tiga\n\\\\ empat\n\\*lima*\n* a\n- b").stem == (
        "Urutkan:\n- satu\n* dua\ndasar: tiga\n\\ empat\n\\*lima*"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("? \n* a\n- b", "Tulis pertanyaannya."),
        ("? a", "Tulis paling sedikit dua pilihan."),
        ("? a\n* b", "Tulis paling sedikit dua pilihan."),
        ("? a\n- b\n- c", "Tandai jawaban yang benar dengan tanda * di awal baris."),
        ("? a\n* b\n* c\njenis: satu", "Soal satu pilihan hanya boleh mempunyai satu jawaban benar."),
        ("? a\n* b\n- B", "Pilihan “b” tertulis dua kali. Ubah salah satunya."),
        ("? a\n* b\n-", "Isi teks setiap pilihan."),
        ("? a\n* b\n- -- karena", "Isi teks setiap pilihan."),
        ("? a\njawaban:\njenis: benar-salah", "Tulis jawaban: benar atau jawaban: salah."),
        ("? a\njawaban:", "Tulis jawaban yang diterima setelah jawaban:."),
        ("? a\njawaban: b |", "Isi setiap jawaban dengan huruf atau angka."),
        ("? a\nangka: lima", "Tulis angka dengan angka, misalnya 2,5."),
        ("? a\nangka: 5\ntoleransi: -1", "Tulis toleransi nol atau lebih."),
        ("? a\n= b => c", "Tulis paling sedikit dua pasangan."),
        ("? a\n= b => c\n= B => d", "Sisi kiri “b” tertulis dua kali. Ubah salah satunya."),
        ("? a\n= b => c\n= d", "Isi kedua sisi setiap pasangan: = kiri => kanan."),
        ("? a\n= b => c\n= d => C", "Tulis paling sedikit dua sisi kanan yang berbeda."),
        ("? a\n* b\n- c\nangka: 5", "Hapus angka:, atau pecah menjadi dua soal."),
        ("? a\n* b\n- c\njawaban: b", "Hapus jawaban:, atau pecah menjadi dua soal."),
        ("? a\n* b\n- c\n= d => e", "Hapus pilihan, atau pecah menjadi dua soal."),
        ("? a\n* b\n- c\nid: Plt 01", "Tulis id dengan huruf kecil, angka, dan tanda hubung, misalnya plt-01."),
        ("? a\n* b\n- c\nid:", "Isi id atau hapus barisnya."),
        ("? a\n* b\n- c\ntingkat: gampang", "Pilih tingkat: mudah, sedang, atau sulit."),
        ("? a\n* b\n- c\njenis: esai", "Pilih jenis: satu, beberapa, benar-salah, isian, angka, menjodohkan."),
        ("? a\n* b\n- c\nnilai: 0", "Tulis nilai lebih dari 0 dan paling banyak 100."),
        ("? a\n* b\n- c\nnilai: banyak", "Tulis nilai dengan angka, misalnya 2,5."),
        ("? a\n* b\n- c\ntopik: a//b", "Tulis topik tanpa bagian kosong, misalnya wewenang/mandat."),
        ("? a\n* b\n- c\ndasar: a\ndasar: b", "Hapus salah satu baris dasar:."),
        ("? a\n* b\n- c\ndasar: " + "x" * 301, "Ringkas dasar menjadi paling banyak 300 huruf."),
        ("Soal nomor satu", "Awali soal dengan tanda ? lalu spasi."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(text: str, message: str) -> None:
    assert message in messages(text)


def test_a_line_that_is_nothing_is_refused_where_it_stands() -> None:
    problems = parse("\n? a\n* b\n- c\nTopic: d\n").problems
    assert [problem.line for problem in problems] == [5]


def test_a_bank_needs_a_key_and_a_topic_and_keys_are_used_once() -> None:
    assert [m.split(",")[0] for m in messages("? a\n* b\n- c", bank=True)] == [
        "Tambahkan id: agar soal dikenali lagi",
        "Tambahkan topik:",
    ]
    twice = parse("? a\nid: x\ntopik: t\n* b\n- c\n? d\nid: x\ntopik: t\n* b\n- c", bank=True, first_line=10)
    assert len(twice.drafts) == 1
    assert [(p.line, p.message) for p in twice.problems] == [(15, "Ganti id “x”: sudah dipakai di baris 10.")]


def test_one_broken_question_does_not_hide_the_others() -> None:
    found = parse("? a\n* b\n? c\n* d\n- e\n")
    assert [draft.stem for draft in found.drafts] == ["c"]
    assert found.problems[0].line == 1


def test_topics_are_kept_in_lower_case() -> None:
    assert topic_path(" Keputusan /  Batas  Waktu ") == "keputusan/batas waktu"


def test_the_medium_level_and_weight_one_need_no_line() -> None:
    draft = one("? a\n* b\n- c")
    assert to_text([draft]) == "? a\n* b\n- c\n"
    assert "tingkat: sulit" in to_text([replace(draft, difficulty=Difficulty.HARD)])
