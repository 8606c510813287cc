"""Rules of quizzes that need no database."""

import pytest

from elearn.activities.quizzes.rules import topic_in_words


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("upaya-administratif/banding", "Upaya administratif"),
        ("aupb/delapan-asas", "AUPB"),
        ("wewenang", "Wewenang"),
        ("", ""),
    ],
)
def test_a_topic_is_told_in_words(topic, words):
    assert topic_in_words(topic) == words
