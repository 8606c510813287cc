import json
from dataclasses import replace

from hypothesis import given

from elearn.teaching.questions.drafts import (
    Difficulty,
    Kind,
    Option,
    QuestionDraft,
    faults,
    from_body,
    to_body,
    topic_within,
)
from tests.teaching.questions.written import drafts


@given(drafts())
def test_a_draft_survives_its_version_in_the_database(draft: QuestionDraft) -> None:
    body = json.loads(json.dumps(to_body(draft)))
    kept = from_body(draft.kind.value, draft.stem, body, basis=draft.basis, weight=draft.weight)
    assert replace(kept, key=draft.key, topic=draft.topic, difficulty=draft.difficulty) == draft


def test_the_body_repeats_no_column_of_its_version() -> None:
    draft = QuestionDraft(
        Kind.SINGLE, "stem", options=(Option("a", True), Option("b")), basis="basis", key="key", topic="topic"
    )
    assert set(to_body(draft)) == {"explanation", "options"}


def test_too_many_options_are_refused() -> None:
    many = tuple(Option(str(place), place == 0) for place in range(21))
    found = faults(QuestionDraft(Kind.SINGLE, "a", options=many))
    assert [fault.message for fault in found] == ["Tulis paling banyak 20 pilihan."]


def test_a_topic_takes_in_those_below_it_only() -> None:
    assert topic_within("wewenang", "wewenang")
    assert topic_within("wewenang/mandat", "wewenang")
    assert topic_within("wewenang/mandat", "")
    assert not topic_within("wewenang-lain", "wewenang")
    assert not topic_within("wewenang", "wewenang/mandat")


def test_the_levels_are_the_words_of_the_format() -> None:
    assert [level.value for level in Difficulty] == ["mudah", "sedang", "sulit"]
