from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.teaching.questions.wording import compact, number_text, parse_number, tidy


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        ("1.000", "1000"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        (" - 3 ", "-3"),
        ("\u22123", "-3"),
        ("+7", "7"),
        ("007", "7"),
    ],
)
def test_numbers_are_read_the_indonesian_way(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "lima", "5 hari", "1,2,3", "1.23.4", "1,", ",5", "--1", "1e9", "NaN", "Infinity", "٣", "1_000", "9" * 31],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.decimals(-(10**9), 10**9, places=5))
def test_a_number_reads_the_same_after_it_was_written(number: Decimal) -> None:
    assert parse_number(number_text(number)) == number


@given(st.text())
def test_reading_a_number_never_fails(text: str) -> None:
    number = parse_number(text)
    assert number is None or number.is_finite()


@pytest.mark.parametrize("text", ["plt", "  PLT ", "P l t", "Plt.", "“Plt”", "Pl\u0301t", "Ｐｌｔ"])
def test_case_spaces_accents_and_edges_do_not_count(text: str) -> None:
    assert compact(text) == compact("Plt")


def test_what_is_different_stays_different() -> None:
    assert len({compact(text) for text in ("Plt", "Plh", "5", "50", "5%", "Pasal 14(1)", "Pasal 14(7)")}) == 7


def test_control_characters_go_and_lines_stay() -> None:
    assert tidy("\ufeffa\r\nb\rc\x00\x1b\ud800\td") == "a\nb\nc\td"
