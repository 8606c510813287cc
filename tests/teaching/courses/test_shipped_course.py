"""The course that comes with the product keeps the rules that docs/writing-a-course.md gives to authors."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn.teaching.courses.files import read_course
from elearn.teaching.courses.lesson import Exercise, Note, Practice, Text, honest_minutes
from elearn.teaching.courses.outline import LessonFile, QuizFile
from elearn.teaching.questions.drafts import Kind, QuestionDraft, topic_within

COURSE = read_course(Path(__file__).parents[3] / "content/administrasi-pemerintahan")
LESSONS = [activity for activity in COURSE.activities if isinstance(activity, LessonFile)]
QUIZZES = [activity for activity in COURSE.activities if isinstance(activity, QuizFile)]
BANKS = {bank.key: bank.questions for bank in COURSE.banks}
BANKED = [question for questions in BANKS.values() for question in questions]
PRACTISED = [block.draft for file in LESSONS for block in file.lesson.blocks if isinstance(block, Practice)]
SINGLE = {
    name: [question for question in questions if question.kind is Kind.SINGLE]
    for name, questions in (("banks", BANKED), ("lessons", PRACTISED))
}

every_lesson = pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.key)


@every_lesson
def test_a_lesson_says_the_minutes_that_it_takes(file: LessonFile) -> None:
    assert file.minutes == pytest.approx(honest_minutes(file.lesson), abs=1)


def test_the_minutes_make_the_hours_and_most_lessons_fit_into_a_break() -> None:
    assert (COURSE.jp, COURSE.minutes // 45) == (20, 20)
    assert sum(5 <= file.minutes <= 15 for file in LESSONS) >= 35


@every_lesson
def test_a_lesson_begins_with_a_case_and_ends_with_what_to_keep(file: LessonFile) -> None:
    blocks = file.lesson.blocks
    notes = {block.name: block for block in blocks if isinstance(block, Note)}
    assert isinstance(blocks[0], Note)
    assert blocks[0].name == "kasus"
    assert 60 <= len(notes["kasus"].source.split()) <= 120
    assert [block.name for block in blocks[-2:] if isinstance(block, Note)] == ["ingat", "dasar"]
    assert len(re.findall(r"[.?!](?:\s|$)", notes["ingat"].source)) == 1


@every_lesson
def test_a_lesson_asks_before_it_tells_and_again_afterwards(file: LessonFile) -> None:
    if file.lesson.completion == "read":
        assert re.findall(r"^## (.+)$", file.source, re.MULTILINE) == ["Aturannya", "Kembali ke kasus"]
        asked = file.source.index("::: soal Putuskan dulu"), file.source.index("::: soal Coba")
        assert asked[0] < file.source.index("## Aturannya") < file.source.index("## Kembali ke kasus") < asked[1]
    else:
        (exercise,) = (block for block in file.lesson.blocks if isinstance(block, Exercise))
        assert exercise.model_answer
        assert len(exercise.checks) >= 4


@every_lesson
def test_sentences_are_short(file: LessonFile) -> None:
    long = [sentence for text in running_texts(file) for sentence in sentences(text) if len(sentence.split()) > 22]
    assert not long


def running_texts(file: LessonFile) -> Iterator[str]:
    """What is read from beginning to end; model answers quote drafts, which have their own sentences."""
    for block in file.lesson.blocks:
        if isinstance(block, Text) or (isinstance(block, Note) and block.name != "dasar"):
            yield block.source
        elif isinstance(block, Exercise):
            yield block.instruction


def sentences(text: str) -> Iterator[str]:
    pictures_out = re.sub(r"!\[.*?\]\(.*?\)", "", text)
    for line in pictures_out.split("\n"):
        if not line.lstrip().startswith(("|", "#")):
            yield from re.split(r"[.?!:;]\**[\"”]?\**\s+", line)


def test_every_answer_is_explained_and_none_is_all_of_the_above() -> None:
    questions = [*BANKED, *PRACTISED]
    assert [q.stem for q in questions if not all(o.explanation for o in q.options)] == []
    assert [q.stem for q in questions if not (q.options or q.explanation)] == []
    options = [option.text.lower() for question in questions for option in question.options]
    assert [text for text in options if re.search(r"semua(nya)? benar|semua di atas", text)] == []


def test_every_banked_question_names_its_source() -> None:
    assert [question.key for question in BANKED if "Pasal" not in question.basis] == []


@pytest.mark.parametrize("questions", SINGLE.values(), ids=SINGLE)
def test_the_right_answer_is_told_neither_by_its_length_nor_by_its_place(questions: list[QuestionDraft]) -> None:
    longest = sum(max(q.options, key=lambda option: len(option.text)).right for q in questions)
    assert longest / len(questions) < 0.35
    places = Counter([option.right for option in q.options].index(True) for q in questions if len(q.options) == 4)
    assert all(0.15 < places[place] / places.total() < 0.35 for place in range(4))


def test_each_module_has_its_quiz_and_the_last_test_draws_from_a_large_bank() -> None:
    drawn = {quiz.key: sum(draw.count for draw in quiz.draws) for quiz in QUIZZES}
    assert drawn == {"pre-test": 10, "post-test": 30} | {f"kuis-{n}": 5 for n in range(1, 8)}
    last = next(quiz for quiz in QUIZZES if quiz.key == "post-test")
    assert sum(len(BANKS[bank]) for bank in {draw.bank for draw in last.draws}) >= 90


def test_every_banked_question_can_come_up() -> None:
    draws = [draw for quiz in QUIZZES for draw in quiz.draws]
    never = {
        question.key
        for bank, questions in BANKS.items()
        for question in questions
        if not any(draw.bank == bank and topic_within(question.topic, draw.topic) for draw in draws)
    }
    assert never == set()


def test_a_silent_rule_means_five_working_days_and_never_the_ten_of_the_former_article() -> None:
    resting = [question for question in BANKED if "Pasal 53 ayat (2)" in question.basis]
    assert len(resting) >= 5
    assert [q.key for q in resting if q.number == 10 or any(o.right and "10 hari" in o.text for o in q.options)] == []


def test_the_dropped_condition_of_discretion_is_right_only_where_it_is_asked_for_as_dropped() -> None:
    dropped = "tidak bertentangan dengan ketentuan peraturan perundang-undangan"
    told = [q for q in [*BANKED, *PRACTISED] for o in q.options if o.right and o.text.lower() == dropped]
    assert told
    assert all("**tidak" in question.stem for question in told)
