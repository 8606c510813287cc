"""How many questions draws find: all draws from a topic and those below it must find different ones."""

from elearn.activities.quizzes.rules import Draw, own_bank_id, random_draws, shortage, standing_within

COUNTS = {(1, "wewenang"): 1, (1, "wewenang/mandat"): 3, (1, "keputusan"): 2, (2, "wewenang"): 9}


def test_a_topic_counts_those_below_it_in_its_bank_only():
    assert standing_within(COUNTS, 1, "wewenang") == 4
    assert standing_within(COUNTS, 1, "wewenang/mandat") == 3
    assert standing_within(COUNTS, 1, "") == 6
    assert standing_within(COUNTS, 3, "") == 0


def test_draws_that_overlap_share_what_is_there():
    assert shortage([Draw(1, "wewenang", 2), Draw(1, "wewenang/mandat", 2)], COUNTS) == 0
    assert shortage([Draw(1, "wewenang", 2), Draw(1, "wewenang/mandat", 3)], COUNTS) == 1
    assert shortage([Draw(1, "wewenang/mandat", 5)], COUNTS) == 2
    assert shortage([Draw(1, "", 6), Draw(2, "wewenang", 9)], COUNTS) == 0
    assert shortage([], COUNTS) == 0


def test_the_bank_that_is_asked_whole_is_the_quizs_own():
    draws = [{"bank": 2, "topic": "a", "count": 3}, {"bank": 1, "all": True}, {"bank": 3, "count": 1}]
    assert own_bank_id(draws) == 1
    assert random_draws(draws) == [Draw(2, "a", 3), Draw(3, "", 1)]
    assert own_bank_id(draws[:1]) is None
