"""The form of a question: what is typed becomes a draft and the same form again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from elearn.foundation.errors import Invalid
from elearn.foundation.web.forms import check
from elearn.teaching.questions.drafts import Kind, QuestionDraft, faults_of_facts, faults_of_key
from elearn.teaching.questions.forms import QuestionWish, blank, drafted, typed_from, with_rows
from tests.teaching.questions.written import drafts


@given(drafts())
def test_a_sound_question_survives_its_form(draft: QuestionDraft) -> None:
    form = check(QuestionWish, with_rows(typed_from(draft)))
    again = drafted(form.get(), draft.key)
    kept = replace(draft, tolerance=draft.tolerance.normalize() + Decimal(0))
    assert replace(again, tolerance=again.tolerance.normalize() + Decimal(0)) == kept


def test_empty_rows_are_no_options_and_do_not_shift_the_right_one() -> None:
    wish = QuestionWish(stem="a", option=["", "satu", "", "dua"], why=["", "sebab"], right=[3])
    assert [(option.text, option.right, option.explanation) for option in drafted(wish).options] == [
        ("satu", False, "sebab"),
        ("dua", True, ""),
    ]


def test_a_right_mark_without_a_text_is_a_fault_and_not_forgotten() -> None:
    draft = drafted(QuestionWish(stem="a", option=["satu", "dua", ""], right=[2]))
    assert [fault.field for fault in faults_of_key(draft)] == ["option"]


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_form_of_each_kind_lacks_its_key_and_its_question(kind: Kind) -> None:
    draft = drafted(QuestionWish(kind=kind))
    assert faults_of_key(draft)
    assert [fault.field for fault in faults_of_facts(draft)] == ["stem"]


def test_a_number_that_is_none_is_told_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        drafted(QuestionWish(kind=Kind.NUMBER, stem="a", figure="lima", tolerance="1", weight="x"))
    assert set(refused.value.fields) == {"figure", "weight"}


def test_rows_grow_up_to_the_most_that_a_question_may_have() -> None:
    shown = blank()
    for wanted in (4, 6, 8):
        shown = with_rows(shown, more=wanted > 4)
        assert {len(shown[name]) for name in ("option", "why", "left", "partner")} == {wanted}
    for _n in range(20):
        shown = with_rows(shown, more=True)
    assert len(shown["option"]) == 20
