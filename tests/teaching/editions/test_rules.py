import pytest

from elearn.foundation.errors import Invalid
from elearn.teaching.editions.rules import LONGEST_TITLE, check_title, next_title


def test_a_title_of_a_year_is_followed_by_the_next_one_and_any_other_by_a_number():
    assert next_title("Seminar Keuangan 2026", 2026, []) == "Seminar Keuangan 2027"
    assert next_title("Seminar 2024 tentang arsip", 2026, []) == "Seminar 2026 tentang arsip"
    assert next_title("Etika ASN", 2026, []) == "Etika ASN (edisi 2)"
    assert next_title("Etika ASN (edisi 2)", 2026, []) == "Etika ASN (edisi 3)"


def test_a_title_that_is_taken_is_not_suggested():
    assert next_title("Etika ASN", 2026, ["etika asn (edisi 2)"]) == "Etika ASN (edisi 3)"
    assert next_title("Seminar 2026", 2026, ["Seminar 2027"]) == "Seminar 2028"
    assert (
        next_title("Seminar 2026", 2026, ["Seminar 2027", "Seminar 2028", "Seminar 2029"]) == "Seminar 2029 (edisi 2)"
    )


def test_the_year_of_a_law_is_left_alone():
    assert next_title("UU 30 Tahun 2014", 2026, []) == "UU 30 Tahun 2014 (edisi 2)"


def test_the_longest_title_still_has_room_for_its_edition():
    title = next_title("A" * LONGEST_TITLE, 2026, [])
    assert len(title) == LONGEST_TITLE
    assert title.endswith("A(edisi 2)")
    assert len(next_title("A" * 191 + "(edisi 9)", 2026, [])) == LONGEST_TITLE


def test_an_edition_is_not_called_like_another_course():
    check_title("Etika ASN 2027", ["Etika ASN"])
    with pytest.raises(Invalid) as refused:
        check_title("  etika   asn ", ["Etika ASN"])
    assert "title" in refused.value.fields
