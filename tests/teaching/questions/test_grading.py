import json
from collections import Counter
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.foundation.errors import Invalid
from elearn.teaching.questions.drafts import Kind, Option, Pair, QuestionDraft
from elearn.teaching.questions.grading import (
    chosen_options,
    clean_answer,
    is_answered,
    learner_view,
    released_view,
    score,
)
from tests.teaching.questions.written import drafts

SINGLE = QuestionDraft(Kind.SINGLE, "a", options=(Option("x"), Option("y", True), Option("z")))
MULTIPLE = QuestionDraft(Kind.MULTIPLE, "a", options=(Option("w", True), Option("x", True), Option("y"), Option("z")))
TRUE = QuestionDraft(Kind.TRUE_FALSE, "a", truth=True)
SHORT = QuestionDraft(Kind.SHORT, "a", accepted=("Plt", "Pelaksana Tugas"))
NUMBER = QuestionDraft(Kind.NUMBER, "a", number=Decimal("2.5"), tolerance=Decimal("0.5"))
MATCHING = QuestionDraft(
    Kind.MATCHING, "a", pairs=(Pair("Plt", "tetap"), Pair("Plh", "sementara"), Pair("pensiun", "Tetap"))
)
ALL = [SINGLE, MULTIPLE, TRUE, SHORT, NUMBER, MATCHING]
SEED = "s3cret:1"


def ids(draft: QuestionDraft, seed: str = SEED) -> dict[str, str]:
    """Text of each choice to its id."""
    view = learner_view(draft, seed)
    choices = view.get("options", []) + view.get("lefts", []) + view.get("rights", [])
    return {choice["text"]: choice["id"] for choice in choices}


def worth(draft: QuestionDraft, raw: object) -> float:
    return score(draft, SEED, clean_answer(draft, SEED, raw))


def right_answer(draft: QuestionDraft, seed: str) -> object:
    """What a learner who knows everything sends."""
    view = learner_view(draft, seed)
    texts = {option["text"]: option["id"] for option in view.get("options", [])}
    match draft.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            return [texts[option.text] for option in draft.options if option.right]
        case Kind.TRUE_FALSE:
            return texts["Benar" if draft.truth else "Salah"]
        case Kind.SHORT:
            return draft.accepted[0]
        case Kind.NUMBER:
            return str(draft.number).replace(".", ",")
        case Kind.MATCHING:
            rights = {" ".join(right["text"].split()).casefold(): right["id"] for right in view["rights"]}
            return {
                left["id"]: rights[" ".join(pair.right.split()).casefold()]
                for left, pair in zip(view["lefts"], draft.pairs, strict=True)
            }


@given(drafts(), st.text(min_size=1, max_size=20).filter(lambda seed: seed.isprintable()))
def test_the_right_answer_earns_everything_and_no_answer_nothing(draft: QuestionDraft, seed: str) -> None:
    answer = clean_answer(draft, seed, right_answer(draft, seed))
    assert is_answered(draft.kind, answer)
    assert score(draft, seed, answer) == 1.0
    assert score(draft, seed, None) == 0.0
    # What is kept is understood again, after a journey through the database.
    assert clean_answer(draft, seed, json.loads(json.dumps(answer))) == answer


@given(drafts(), st.data())
def test_any_choice_earns_between_nothing_and_everything(draft: QuestionDraft, data: st.DataObject) -> None:
    view = learner_view(draft, SEED)
    raw: object
    if draft.kind is Kind.MATCHING:
        rights = st.sampled_from([right["id"] for right in view["rights"]])
        raw = data.draw(st.dictionaries(st.sampled_from([left["id"] for left in view["lefts"]]), rights))
    elif "options" in view:
        raw = data.draw(st.lists(st.sampled_from([option["id"] for option in view["options"]]), max_size=1))
    else:
        raw = "7"
    assert 0.0 <= score(draft, SEED, clean_answer(draft, SEED, raw)) <= 1.0


@given(
    drafts(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_foreign_input_is_refused_or_kept_in_shape(draft: QuestionDraft, raw: object) -> None:
    with suppress(Invalid):
        answer = clean_answer(draft, SEED, raw)
        assert answer is None or len(answer) == 1
        assert 0.0 <= score(draft, SEED, answer) <= 1.0


def test_single_choice_is_all_or_nothing() -> None:
    known = ids(SINGLE)
    assert [worth(SINGLE, known[text]) for text in "xyz"] == [0, 1, 0]
    assert worth(SINGLE, "") == 0


@pytest.mark.parametrize(
    ("chosen", "earned"),
    [("", 0), ("w", 0.5), ("wx", 1), ("wxy", 0.5), ("wxyz", 0), ("wy", 0), ("y", 0), ("yz", 0)],
)
def test_several_choices_earn_right_minus_wrong(chosen: str, earned: float) -> None:
    known = ids(MULTIPLE)
    assert worth(MULTIPLE, [known[text] for text in chosen]) == earned


def test_true_false_is_judged() -> None:
    known = ids(TRUE)
    assert (worth(TRUE, known["Benar"]), worth(TRUE, known["Salah"])) == (1, 0)


@pytest.mark.parametrize(("text", "earned"), [("plt", 1), (" PELAKSANA   tugas. ", 1), ("Plh", 0), ("", 0)])
def test_a_short_answer_forgives_case_and_spaces(text: str, earned: int) -> None:
    assert worth(SHORT, text) == earned


@pytest.mark.parametrize(
    ("text", "earned"), [("2,5", 1), ("2.5", 1), ("2", 1), ("3,0", 1), ("3,01", 0), ("1,99", 0), ("2.500", 0)]
)
def test_a_number_counts_within_its_tolerance(text: str, earned: int) -> None:
    assert worth(NUMBER, text) == earned


def test_matching_earns_its_share_and_equal_right_sides_are_one() -> None:
    known = ids(MATCHING)
    assert set(known) == {"Plt", "Plh", "pensiun", "tetap", "sementara"}
    pairs = {known["Plt"]: known["tetap"], known["Plh"]: known["tetap"], known["pensiun"]: known["tetap"]}
    assert worth(MATCHING, pairs) == pytest.approx(2 / 3)
    assert worth(MATCHING, {known["Plh"]: known["sementara"], known["Plt"]: ""}) == pytest.approx(1 / 3)


@pytest.mark.parametrize("draft", ALL)
@pytest.mark.parametrize("raw", [None, "", [], {}])
def test_a_blank_is_no_answer(draft: QuestionDraft, raw: object) -> None:
    assert clean_answer(draft, SEED, raw) is None
    assert not is_answered(draft.kind, None)


def test_blanks_in_disguise_are_no_answer() -> None:
    assert clean_answer(SHORT, SEED, " \n ") is None
    assert clean_answer(NUMBER, SEED, "  ") is None
    assert clean_answer(MULTIPLE, SEED, [""]) is None
    assert clean_answer(MATCHING, SEED, {ids(MATCHING)["Plt"]: ""}) is None


def test_ids_of_another_attempt_are_refused() -> None:
    for draft, raw in (
        (SINGLE, ids(SINGLE, "other")["y"]),
        (MULTIPLE, [ids(MULTIPLE)["w"], ids(MULTIPLE, "other")["x"]]),
        (MATCHING, {ids(MATCHING)["Plt"]: ids(MATCHING)["Plh"]}),
        (SINGLE, "0"),
        (SINGLE, ids(SINGLE)["x"].upper()),
    ):
        with pytest.raises(Invalid):
            clean_answer(draft, SEED, raw)


def test_a_single_choice_takes_one_id() -> None:
    known = ids(SINGLE)
    with pytest.raises(Invalid):
        clean_answer(SINGLE, SEED, [known["x"], known["y"]])


def test_a_number_that_is_none_and_a_text_too_long_are_refused() -> None:
    with pytest.raises(Invalid, match="angka"):
        clean_answer(NUMBER, SEED, "lima")
    with pytest.raises(Invalid, match="500"):
        clean_answer(SHORT, SEED, "x" * 501)


def test_choosing_twice_is_choosing_once_and_the_order_does_not_matter() -> None:
    known = ids(MULTIPLE)
    once = clean_answer(MULTIPLE, SEED, [known["w"], known["x"]])
    assert clean_answer(MULTIPLE, SEED, [known["x"], known["w"], known["x"]]) == once


CANARIES = [
    QuestionDraft(
        kind=kind,
        stem="stem",
        options=(Option("o1", True, "CANARY-why1"), Option("o2", False, "CANARY-why2"))
        if kind in (Kind.SINGLE, Kind.MULTIPLE)
        else (),
        truth=True if kind is Kind.TRUE_FALSE else None,
        accepted=("CANARY-accepted",) if kind is Kind.SHORT else (),
        number=Decimal(31337) if kind is Kind.NUMBER else None,
        tolerance=Decimal(4711),
        pairs=(Pair("l1", "r1"), Pair("l2", "r2")) if kind is Kind.MATCHING else (),
        explanation="CANARY-explanation",
        basis="CANARY-basis",
        topic="canary-topic",
        weight=77.5,
        key="canary-key",
    )
    for kind in Kind
]


@pytest.mark.parametrize("draft", CANARIES, ids=lambda draft: draft.kind)
@pytest.mark.parametrize("shuffle", [True, False])
def test_the_learner_sees_no_key_explanation_or_weight(draft: QuestionDraft, shuffle: bool) -> None:
    view = learner_view(draft, SEED, shuffle=shuffle)
    shown = json.dumps(view).lower()
    for secret in ("canary", "31337", "4711", "77.5", 'true"', ": true", ": false", 'right"', "explanation", "weight"):
        assert secret not in shown
    assert set(view) <= {"kind", "stem", "options", "lefts", "rights"}
    for choice in view.get("options", []) + view.get("lefts", []) + view.get("rights", []):
        assert set(choice) == {"id", "text"}


@given(drafts((Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SHORT, Kind.NUMBER)))
def test_the_view_does_not_depend_on_the_key(draft: QuestionDraft) -> None:
    turned = QuestionDraft(
        kind=draft.kind,
        stem=draft.stem,
        options=tuple(Option(option.text, not option.right) for option in draft.options),
        truth=not draft.truth,
        accepted=("lain",),
        number=Decimal(1),
    )
    assert learner_view(draft, SEED) == learner_view(turned, SEED)


def chi_square(counts: Counter[int], cells: int) -> float:
    expected = counts.total() / cells
    return sum((counts[cell] - expected) ** 2 / expected for cell in range(cells))


def test_over_a_thousand_attempts_neither_place_nor_id_betrays_the_right_option() -> None:
    places: Counter[int] = Counter()
    ranks: Counter[int] = Counter()
    seen: set[str] = set()
    for attempt in range(1000):
        options = learner_view(SINGLE, f"attempt-{attempt}")["options"]
        right = next(option for option in options if option["text"] == "y")
        places[options.index(right)] += 1
        ranks[sorted(option["id"] for option in options).index(right["id"])] += 1
        seen |= {option["id"] for option in options}
    assert len(seen) == 3000
    # 9.21 is the 99 % point of chi-square with two degrees of freedom.
    assert chi_square(places, 3) < 9.21
    assert chi_square(ranks, 3) < 9.21


def test_without_shuffling_the_authors_order_stands_but_pairs_are_always_shuffled() -> None:
    assert [option["text"] for option in learner_view(SINGLE, SEED, shuffle=False)["options"]] == ["x", "y", "z"]
    assert [option["text"] for option in learner_view(TRUE, SEED)["options"]] == ["Benar", "Salah"]
    orders = {tuple(r["text"] for r in learner_view(MATCHING, f"{n}", shuffle=False)["rights"]) for n in range(40)}
    assert len(orders) == 2


def test_the_same_attempt_always_looks_the_same() -> None:
    assert learner_view(MULTIPLE, SEED) == learner_view(MULTIPLE, SEED)


@pytest.mark.parametrize("draft", CANARIES, ids=lambda draft: draft.kind)
def test_after_release_key_and_explanations_are_shown(draft: QuestionDraft) -> None:
    shown = json.dumps(released_view(draft, SEED, None))
    assert "CANARY-explanation" in shown
    assert "CANARY-basis" in shown
    for secret in [option.explanation for option in draft.options] + list(draft.accepted):
        assert secret in shown
    if draft.kind is Kind.NUMBER:
        assert "31337" in shown


def test_a_released_choice_says_what_was_chosen_and_what_is_right() -> None:
    known = ids(MULTIPLE)
    answer = clean_answer(MULTIPLE, SEED, [known["w"], known["y"]])
    view = released_view(MULTIPLE, SEED, answer)
    assert {o["text"]: (o["chosen"], o["right"]) for o in view["options"]} == {
        "w": (True, True),
        "x": (False, True),
        "y": (True, False),
        "z": (False, False),
    }
    assert (view["answered"], view["score"]) == (True, 0.0)
    assert chosen_options(MULTIPLE, SEED, answer) == [0, 2]


def test_a_released_true_false_says_what_is_right() -> None:
    view = released_view(TRUE, SEED, clean_answer(TRUE, SEED, ids(TRUE)["Salah"]))
    assert [(o["text"], o["chosen"], o["right"]) for o in view["options"]] == [
        ("Benar", False, True),
        ("Salah", True, False),
    ]


def test_a_released_matching_says_which_pairs_are_right() -> None:
    known = ids(MATCHING)
    answer = clean_answer(MATCHING, SEED, {known["Plt"]: known["sementara"], known["pensiun"]: known["tetap"]})
    assert [
        (p["text"], p["right"], p["chosen"], p["correct"]) for p in released_view(MATCHING, SEED, answer)["lefts"]
    ] == [
        ("Plt", "tetap", "sementara", False),
        ("Plh", "sementara", "", False),
        ("pensiun", "Tetap", "tetap", True),
    ]


def test_a_released_text_or_number_shows_what_was_given() -> None:
    short = released_view(SHORT, SEED, clean_answer(SHORT, SEED, "plh"))
    assert (short["given"], short["accepted"]) == ("plh", ["Plt", "Pelaksana Tugas"])
    number = released_view(NUMBER, SEED, clean_answer(NUMBER, SEED, "1.000,50"))
    assert (number["given"], number["number"], number["tolerance"]) == ("1000,5", "2,5", "0,5")
