import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.teaching.courses.yaml_lines import Unreadable, read_mapping
from elearn.teaching.questions.drafts import Problem


def said(text: str) -> list[Problem]:
    """What reading every kind of value from `a` complains of."""
    problems: list[Problem] = []
    fields = read_mapping(text, problems)
    fields.text("a")
    return problems


def test_values_are_read_with_their_types() -> None:
    problems: list[Problem] = []
    fields = read_mapping("t: a  b\nn: 3\nb: false\nc: x\nl:\n - p\n - q\nm:\n - k: 1\n - {k: 2}\n", problems)
    assert fields.text("t") == "a b"
    assert fields.number("n", least=1, most=5) == 3
    assert fields.truth("b", default=True) is False
    assert fields.choice("c", ["w", "x"]) == "x"
    assert fields.texts("l") == ["p", "q"]
    inner = list(fields.mappings("m"))
    assert [(one.line, one.number("k", least=0, most=9)) for one in inner] == [(9, 1), (10, 2)]
    fields.refuse_unknown()
    assert problems == []


def test_defaults_stand_for_what_is_not_there() -> None:
    problems: list[Problem] = []
    fields = read_mapping("x: 1", problems)
    assert fields.number("n", least=0, most=9, default=4) == 4
    assert fields.truth("b", default=True) is True
    assert fields.choice("c", ["a", "b"], default="b") == "b"
    assert fields.text("t", required=False) == ""
    assert problems == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("b: 1", 1),
        ("b: 1\na:", 2),
        ("b: 1\n\na: 5", 3),
        ("a: [x]", 1),
        ("a: {b: c}", 1),
        ("a: yes", 1),
        ("a: 2026-01-01", 1),
    ],
)
def test_a_text_that_is_none_is_refused_at_its_line(text: str, line: int) -> None:
    assert [problem.line for problem in said(text)] == [line]


def test_lengths_numbers_words_and_lists_are_checked() -> None:
    problems: list[Problem] = []
    fields = read_mapping("t: aaaa\nn: 9\nf: 1.5\nb: ya\nc: z\nl: []\nm: [x]\nw: true\n", problems, first_line=11)
    fields.text("t", limit=3)
    fields.number("n", least=1, most=5)
    fields.number("f", least=1, most=5)
    fields.truth("b", default=True)
    fields.choice("c", ["x"])
    fields.texts("l")
    list(fields.mappings("m"))
    fields.number("w", least=0, most=5)
    assert [problem.line for problem in problems] == [11, 12, 13, 14, 15, 16, 17, 18]


def test_unknown_and_double_keys_are_named() -> None:
    problems: list[Problem] = []
    fields = read_mapping("a: x\nz: 1\na: y\n", problems)
    assert fields.text("a") == "x"
    fields.refuse_unknown()
    assert problems == [
        Problem(3, "Hapus salah satu “a”: tertulis dua kali."),
        Problem(2, "“z” tidak dikenal. Yang dapat ditulis: a."),
    ]


@pytest.mark.parametrize(
    "text", ["", "teks", "- a", "a: b: c", "a: [", "\ta: b", "a: *b", "a: !!python/object:os.system b\nc: [", "a: \x07"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_mapping(text, [], first_line=5)
    assert refusal.value.problem.line >= 5


def test_tags_that_would_build_objects_are_refused() -> None:
    assert next(problem.message for problem in said("a: !!python/name:os.system ''")) == (
        "Tulis isian ini di dalam tanda petik."
    )


def test_a_file_that_refers_to_itself_ends() -> None:
    problems: list[Problem] = []
    read_mapping("a: &a\n  b: *a\n", problems)
    assert problems


def test_a_file_without_bottom_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_mapping("a: " + "[" * 20_000, [])


def test_a_file_that_multiplies_itself_ends() -> None:
    problems: list[Problem] = []
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    read_mapping("l0: &l0 [x]\n" + levels, problems)
    assert problems


@given(st.text(alphabet=st.sampled_from("a: -[]{}&*!|>'\"\n#,?") | st.characters(), max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        fields = read_mapping(text, [])
    except Unreadable:
        return
    fields.text("a")
    fields.texts("a")
    list(fields.mappings("a"))
    fields.choice("a", ["x"])
    fields.number("a", least=0, most=1)
    fields.refuse_unknown()
