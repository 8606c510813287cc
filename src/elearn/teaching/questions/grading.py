"""What a learner sees of a question, what the answer is worth, and what is shown after release.

An *answer* is a small JSON mapping, None while there is none. Choices are named in it by opaque ids that are made anew
for each attempt from a secret seed, so neither an id nor the order of the choices tells which one is right:

    single, true_false   {"choice": id}
    multiple             {"choices": [id, ...]}      in the order of the ids
    short                {"text": "Plt"}
    number               {"number": "2,5"}           as `wording.number_text` writes it
    matching             {"pairs": {left id: right id}}

The seed is a secret of one question in one attempt; whoever knows it can work out the author's order.
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.teaching.questions.drafts import Kind, QuestionDraft, plain_wording
from elearn.teaching.questions.wording import compact, number_text, parse_number, tidy

MAX_ANSWER = 500

Answer = dict[str, Any]


def learner_view(draft: QuestionDraft, seed: str, *, shuffle: bool = True) -> dict[str, Any]:
    """The question without key, explanation and weight: kind, stem and what there is to choose from.

    Texts are Markdown. `options` for choices; `lefts` and `rights` for matching, whose right sides are always shuffled.
    """
    view: dict[str, Any] = {"kind": draft.kind.value, "stem": draft.stem}
    if draft.kind is Kind.MATCHING:
        rights = _rights(draft)
        lefts = range(len(draft.pairs))
        view["lefts"] = [{"id": _id(seed, "left", i), "text": draft.pairs[i].left} for i in lefts]
        order = _order(seed, "right", len(rights), shuffle=True)
        view["rights"] = [{"id": _id(seed, "right", i), "text": rights[i]} for i in order]
    elif texts := _choices(draft):
        # Benar always stands before Salah: there is nothing to hide in their order.
        order = _order(seed, "option", len(texts), shuffle=shuffle and draft.kind is not Kind.TRUE_FALSE)
        view["options"] = [{"id": _id(seed, "option", i), "text": texts[i]} for i in order]
    return view


def clean_answer(draft: QuestionDraft, seed: str, raw: object) -> Answer | None:
    """The answer as it is kept, or None for a blank one.

    `raw` is such a mapping or, as forms send it, its bare value: an id, a list of ids, a text, a mapping of ids.
    Raises Invalid for ids of another attempt, a number that is none, and anything of another shape.
    """
    name = _FIELD[draft.kind]
    if isinstance(raw, Mapping) and set(raw) == {name}:
        raw = raw[name]
    if raw is None or raw == "" or raw == [] or raw == {}:
        return None
    match draft.kind:
        case Kind.SINGLE | Kind.TRUE_FALSE:
            return {name: _known(_text_of(raw), _ids(draft, seed))}
        case Kind.MULTIPLE:
            chosen = {_known(_text_of(item), _ids(draft, seed)) for item in _list_of(raw)}
            return {name: sorted(chosen)} if chosen else None
        case Kind.SHORT:
            text = " ".join(tidy(_text_of(raw)).split())
            if len(text) > MAX_ANSWER:
                raise Invalid(_("Ringkas jawaban menjadi paling banyak %(max)s huruf.", max=MAX_ANSWER))
            return {name: text} if text else None
        case Kind.NUMBER:
            text = _text_of(raw).strip()
            number = parse_number(text)
            if text and number is None:
                raise Invalid(_("Tulis jawaban dengan angka saja, misalnya 2,5."))
            return None if number is None else {name: number_text(number)}
        case Kind.MATCHING:
            return _clean_pairs(draft, seed, raw)


def is_answered(kind: Kind | str, answer: Mapping[str, Any] | None) -> bool:
    """Has the learner said anything? A matching question counts from its first pair."""
    return bool(answer and answer.get(_FIELD[Kind(kind)]))


def score(draft: QuestionDraft, seed: str, answer: Mapping[str, Any] | None) -> float:
    """What the answer is worth, 0 to 1; the question's weight is not in it.

    Several choices: (right ones chosen - wrong ones chosen) / right ones, never below 0, so that choosing everything
    earns nothing. Matching: the share of right pairs. All others: 1 or 0.
    """
    if answer is None or not is_answered(draft.kind, answer):
        return 0.0
    match draft.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            chosen = chosen_options(draft, seed, answer)
            balance = sum(1 if draft.options[i].right else -1 for i in chosen)
            return max(balance, 0) / max(sum(option.right for option in draft.options), 1)
        case Kind.TRUE_FALSE:
            return float(chosen_options(draft, seed, answer) == [0 if draft.truth else 1])
        case Kind.SHORT:
            return float(compact(answer["text"]) in {compact(text) for text in draft.accepted})
        case Kind.NUMBER:
            number = parse_number(answer["number"])
            if number is None or draft.number is None:
                return 0.0
            return float(abs(number - draft.number) <= draft.tolerance)
        case Kind.MATCHING:
            return sum(_paired_rightly(draft, seed, answer)) / len(draft.pairs)


def chosen_options(draft: QuestionDraft, seed: str, answer: Mapping[str, Any] | None) -> list[int]:
    """The chosen options by their place in the author's text (from 0; Benar 0, Salah 1); never for learners."""
    given = answer or {}
    ids = set(given.get("choices", ())) | {given.get("choice")}
    return [i for i, known in enumerate(_ids(draft, seed)) if known in ids]


def released_view(
    draft: QuestionDraft, seed: str, answer: Mapping[str, Any] | None, *, shuffle: bool = True
) -> dict[str, Any]:
    """The learner's view with the answer, its score, the key and all explanations; only after release.

    Options gain `right`, `chosen`, `explanation`; lefts gain `chosen` and `right` (texts) and `correct`; short gains
    `accepted`, number `number` and `tolerance`, both with `given` (texts).
    """
    view = learner_view(draft, seed, shuffle=shuffle)
    view |= {
        "answered": is_answered(draft.kind, answer),
        "score": score(draft, seed, answer),
        "explanation": draft.explanation,
        "basis": draft.basis,
    }
    match draft.kind:
        case Kind.SINGLE | Kind.MULTIPLE | Kind.TRUE_FALSE:
            chosen = chosen_options(draft, seed, answer)
            places = {known: i for i, known in enumerate(_ids(draft, seed))}
            for option in view["options"]:
                place = places[option["id"]]
                option["chosen"] = place in chosen
                option["right"], option["explanation"] = _key_of(draft, place)
        case Kind.MATCHING:
            texts = {right["id"]: right["text"] for right in view["rights"]}
            given = (answer or {}).get("pairs", {})
            verdicts = _paired_rightly(draft, seed, answer or {})
            for left, pair, correct in zip(view["lefts"], draft.pairs, verdicts, strict=True):
                left |= {"right": pair.right, "chosen": texts.get(given.get(left["id"]), ""), "correct": correct}
        case Kind.SHORT:
            view |= {"accepted": list(draft.accepted), "given": (answer or {}).get("text", "")}
        case Kind.NUMBER:
            view |= {
                "number": "" if draft.number is None else number_text(draft.number),
                "tolerance": number_text(draft.tolerance),
                "given": (answer or {}).get("number", ""),
            }
    return view


_FIELD = {
    Kind.SINGLE: "choice",
    Kind.TRUE_FALSE: "choice",
    Kind.MULTIPLE: "choices",
    Kind.SHORT: "text",
    Kind.NUMBER: "number",
    Kind.MATCHING: "pairs",
}


def _digest(seed: str, purpose: str, index: int) -> str:
    return hmac.digest(seed.encode(), f"{purpose}:{index}".encode(), "sha256").hex()


def _id(seed: str, part: str, index: int) -> str:
    return _digest(seed, f"id:{part}", index)[:16]


def _order(seed: str, part: str, count: int, *, shuffle: bool) -> Sequence[int]:
    return sorted(range(count), key=lambda i: _digest(seed, f"order:{part}", i)) if shuffle else range(count)


def _choices(draft: QuestionDraft) -> list[str]:
    if draft.kind is Kind.TRUE_FALSE:
        return [_("Benar"), _("Salah")]
    return [option.text for option in draft.options]


def _rights(draft: QuestionDraft) -> list[str]:
    """The right sides, each wording once."""
    rights: dict[str, str] = {}
    for pair in draft.pairs:
        rights.setdefault(plain_wording(pair.right), pair.right)
    return list(rights.values())


def _key_of(draft: QuestionDraft, place: int) -> tuple[bool, str]:
    if draft.kind is Kind.TRUE_FALSE:
        return (place == 0) is draft.truth, ""
    return draft.options[place].right, draft.options[place].explanation


def _ids(draft: QuestionDraft, seed: str) -> list[str]:
    return [_id(seed, "option", i) for i in range(len(_choices(draft)))]


def _paired_rightly(draft: QuestionDraft, seed: str, answer: Mapping[str, Any]) -> list[bool]:
    """For each pair: does the answer give its left side the right one?"""
    given = answer.get("pairs", {})
    wordings = [plain_wording(text) for text in _rights(draft)]
    places = (wordings.index(plain_wording(pair.right)) for pair in draft.pairs)
    return [given.get(_id(seed, "left", i)) == _id(seed, "right", place) for i, place in enumerate(places)]


def _clean_pairs(draft: QuestionDraft, seed: str, raw: object) -> Answer | None:
    if not isinstance(raw, Mapping):
        raise _unreadable()
    lefts = [_id(seed, "left", i) for i in range(len(draft.pairs))]
    rights = [_id(seed, "right", i) for i in range(len(_rights(draft)))]
    given = {_text_of(left): _text_of(right) for left, right in raw.items() if right not in (None, "")}
    pairs = {_known(left, lefts): _known(right, rights) for left, right in sorted(given.items())}
    return {"pairs": pairs} if pairs else None


def _known(given: str, ids: Sequence[str]) -> str:
    if given not in ids:
        raise Invalid(_("Pilihan ini tidak ada pada soal. Muat ulang halaman, lalu pilih lagi."))
    return given


def _text_of(raw: object) -> str:
    """A text; forms send a list of one where a single value stands."""
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    if not isinstance(raw, str):
        raise _unreadable()
    return raw


def _list_of(raw: object) -> Sequence[object]:
    if isinstance(raw, str):
        return [raw]
    if not isinstance(raw, list | tuple) or len(raw) > MAX_ANSWER:
        raise _unreadable()
    return [item for item in raw if item != ""]


def _unreadable() -> Invalid:
    return Invalid(_("Jawaban tidak dapat dibaca. Muat ulang halaman, lalu jawab lagi."))
