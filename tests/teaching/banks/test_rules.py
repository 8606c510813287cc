import pytest

from elearn.foundation.errors import Invalid
from elearn.teaching.banks.rules import check_sound, check_text, read_text
from elearn.teaching.questions.drafts import Kind, QuestionDraft

UNFINISHED = QuestionDraft(Kind.TRUE_FALSE, "Plt adalah mandat.")


def test_only_where_nobody_learns_may_a_question_be_unfinished():
    check_sound(UNFINISHED, unfinished=True)
    with pytest.raises(Invalid) as refused:
        check_sound(UNFINISHED, unfinished=False)
    assert set(refused.value.fields) == {"truth"}


def test_a_question_that_asks_nothing_is_kept_nowhere():
    with pytest.raises(Invalid):
        check_sound(QuestionDraft(Kind.TRUE_FALSE, " ", truth=True), unfinished=True)


def test_problems_come_by_line_with_ids_that_are_taken():
    parsed = read_text("? Satu\nid: ada\njawaban: benar\n\n? Dua\n- a\n- b", {"ada"})
    assert [problem.line for problem in parsed.problems] == [1, 5]
    with pytest.raises(Invalid, match="Baris 1"):
        check_text(parsed)


def test_a_text_without_a_question_is_refused():
    with pytest.raises(Invalid, match="paling sedikit satu soal"):
        check_text(read_text("# catatan saja", set()))
