"""A question as its author wrote it, what is missing from it, and how it is kept in the database."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from elearn.foundation.i18n import N_, _
from elearn.teaching.questions.wording import compact, number_text, parse_number

KEY_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_OPTIONS = 20
MAX_WEIGHT = 100
MAX_KEY = 80
MAX_TOPIC = 120
MAX_BASIS = 300


class Kind(StrEnum):
    """What a learner does to answer: choose one, choose several, judge, write a few words, a number, or pair."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT = "short"
    NUMBER = "number"
    MATCHING = "matching"


KIND_NAMES = {
    Kind.SINGLE: N_("Satu jawaban"),
    Kind.MULTIPLE: N_("Beberapa jawaban"),
    Kind.TRUE_FALSE: N_("Benar atau salah"),
    Kind.SHORT: N_("Isian singkat"),
    Kind.NUMBER: N_("Angka"),
    Kind.MATCHING: N_("Menjodohkan"),
}


class Difficulty(StrEnum):
    """How hard the author thinks it is."""

    EASY = "mudah"
    MEDIUM = "sedang"
    HARD = "sulit"


LEVEL_NAMES = {Difficulty.EASY: N_("Mudah"), Difficulty.MEDIUM: N_("Sedang"), Difficulty.HARD: N_("Sulit")}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `text` is one line of Markdown, `explanation` says why it is right or tempting."""

    text: str
    right: bool = False
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side and the right side that belongs to it."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a text, at which line (the first is 1), and what to do about it."""

    line: int
    message: str


class Fault(NamedTuple):
    """What is wrong with a field of a question; `in_text` says it to who writes the question as text."""

    field: str
    message: str
    in_text: str = ""


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question of any kind; the fields that its kind does not use stay empty.

    `stem` and `explanation` are Markdown and may have several lines. `topic` is a lower-case path with `/`.
    `line` is where it was written and does not count when drafts are compared.
    """

    kind: Kind
    stem: str
    options: tuple[Option, ...] = ()
    truth: bool | None = None
    accepted: tuple[str, ...] = ()
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    pairs: tuple[Pair, ...] = ()
    explanation: str = ""
    basis: str = ""
    topic: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM
    weight: float = 1.0
    key: str = ""
    line: int = field(default=0, compare=False)


def faults(draft: QuestionDraft) -> list[Fault]:
    """What keeps a draft from being used, as sentences for its author; empty when it is sound."""
    return faults_of_facts(draft) + faults_of_key(draft)


def faults_of_key(draft: QuestionDraft) -> list[Fault]:
    """What keeps a draft from being answered and graded; an unfinished question may be kept with these."""
    return _FAULTS_BY_KIND[draft.kind](draft)


def faults_of_facts(draft: QuestionDraft) -> list[Fault]:
    """What keeps a draft from being kept at all: no question, a strange id, weight or topic, too long a text."""
    found = [] if draft.stem.strip() else [Fault("stem", _("Tulis pertanyaannya."))]
    if draft.key and not KEY_PATTERN.fullmatch(draft.key):
        found.append(Fault("key", _("Tulis id dengan huruf kecil, angka, dan tanda hubung, misalnya plt-01.")))
    if not 0 < draft.weight <= MAX_WEIGHT:
        found.append(Fault("weight", _("Tulis nilai lebih dari 0 dan paling banyak %(max)s.", max=MAX_WEIGHT)))
    if draft.topic and not all(part.strip() for part in draft.topic.split("/")):
        found.append(Fault("topic", _("Tulis topik tanpa bagian kosong, misalnya wewenang/mandat.")))
    for field_name, name, text, limit in (
        ("key", "id", draft.key, MAX_KEY),
        ("topic", "topik", draft.topic, MAX_TOPIC),
        ("basis", "dasar", draft.basis, MAX_BASIS),
    ):
        if len(text) > limit:
            said = _("Ringkas %(field)s menjadi paling banyak %(max)s huruf.", field=name, max=limit)
            found.append(Fault(field_name, said))
    return found


def topic_within(topic: str, parent: str) -> bool:
    """Is this topic the parent or one below it? The empty parent takes in everything."""
    return not parent or topic == parent or topic.startswith(parent + "/")


def _faults_of_choices(draft: QuestionDraft) -> list[Fault]:
    found = []
    if len(draft.options) < 2:
        found.append(Fault("option", _("Tulis paling sedikit dua pilihan.")))
    if len(draft.options) > MAX_OPTIONS:
        found.append(Fault("option", _("Tulis paling banyak %(max)s pilihan.", max=MAX_OPTIONS)))
    if any(not option.text.strip() for option in draft.options):
        found.append(Fault("option", _("Isi teks setiap pilihan.")))
    for text in _repeated(option.text for option in draft.options):
        found.append(Fault("option", _("Pilihan “%(text)s” tertulis dua kali. Ubah salah satunya.", text=text)))
    right = sum(option.right for option in draft.options)
    if not right:
        in_text = _("Tandai jawaban yang benar dengan tanda * di awal baris.")
        found.append(Fault("right", _("Tandai jawaban yang benar."), in_text))
    if right > 1 and draft.kind is Kind.SINGLE:
        found.append(Fault("right", _("Soal satu pilihan hanya boleh mempunyai satu jawaban benar.")))
    return found


def _faults_of_truth(draft: QuestionDraft) -> list[Fault]:
    in_text = _("Tulis jawaban: benar atau jawaban: salah.")
    return [Fault("truth", _("Pilih benar atau salah."), in_text)] if draft.truth is None else []


def _faults_of_short(draft: QuestionDraft) -> list[Fault]:
    if not draft.accepted:
        in_text = _("Tulis jawaban yang diterima setelah jawaban:.")
        return [Fault("accepted", _("Tulis jawaban yang diterima."), in_text)]
    if any(not compact(text) for text in draft.accepted):
        return [Fault("accepted", _("Isi setiap jawaban dengan huruf atau angka."))]
    return []


def _faults_of_number(draft: QuestionDraft) -> list[Fault]:
    found = []
    if draft.number is None:
        in_text = _("Tulis jawabannya setelah angka:, misalnya angka: 2,5.")
        found.append(Fault("figure", _("Tulis jawabannya, misalnya 2,5."), in_text))
    if draft.tolerance < 0:
        found.append(Fault("tolerance", _("Tulis toleransi nol atau lebih.")))
    return found


def _faults_of_pairs(draft: QuestionDraft) -> list[Fault]:
    found = []
    if len(draft.pairs) < 2:
        found.append(Fault("left", _("Tulis paling sedikit dua pasangan.")))
    if len(draft.pairs) > MAX_OPTIONS:
        found.append(Fault("left", _("Tulis paling banyak %(max)s pasangan.", max=MAX_OPTIONS)))
    if any(not pair.left.strip() or not pair.right.strip() for pair in draft.pairs):
        in_text = _("Isi kedua sisi setiap pasangan: = kiri => kanan.")
        found.append(Fault("left", _("Isi kedua sisi setiap pasangan."), in_text))
    for text in _repeated(pair.left for pair in draft.pairs):
        found.append(Fault("left", _("Sisi kiri “%(text)s” tertulis dua kali. Ubah salah satunya.", text=text)))
    if len(draft.pairs) >= 2 and len({plain_wording(pair.right) for pair in draft.pairs}) < 2:
        found.append(Fault("left", _("Tulis paling sedikit dua sisi kanan yang berbeda.")))
    return found


_FAULTS_BY_KIND: dict[Kind, Callable[[QuestionDraft], list[Fault]]] = {
    Kind.SINGLE: _faults_of_choices,
    Kind.MULTIPLE: _faults_of_choices,
    Kind.TRUE_FALSE: _faults_of_truth,
    Kind.SHORT: _faults_of_short,
    Kind.NUMBER: _faults_of_number,
    Kind.MATCHING: _faults_of_pairs,
}


def plain_wording(text: str) -> str:
    """The same for texts that a reader would call the same: case and spaces do not count."""
    return " ".join(text.split()).casefold()


def _repeated(texts: Iterable[str]) -> list[str]:
    counts = Counter(plain_wording(text) for text in texts)
    return [text for text, count in counts.items() if text and count > 1]


def to_body(draft: QuestionDraft) -> dict[str, Any]:
    """Key and explanations as JSON. Stem, basis, key, topic, difficulty and weight have columns of their own."""
    body: dict[str, Any] = {"explanation": draft.explanation}
    match draft.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            body["options"] = [
                {"text": option.text, "right": option.right, "explanation": option.explanation}
                for option in draft.options
            ]
        case Kind.TRUE_FALSE:
            body["truth"] = draft.truth
        case Kind.SHORT:
            body["accepted"] = list(draft.accepted)
        case Kind.NUMBER:
            body["number"] = None if draft.number is None else number_text(draft.number)
            body["tolerance"] = number_text(draft.tolerance)
        case Kind.MATCHING:
            body["pairs"] = [{"left": pair.left, "right": pair.right} for pair in draft.pairs]
    return body


def from_body(kind: str, stem: str, body: Mapping[str, Any], *, basis: str = "", weight: float = 1.0) -> QuestionDraft:
    """The question that a version holds. Key, topic and difficulty belong to its identity: `dataclasses.replace`."""
    number = body.get("number")
    return QuestionDraft(
        kind=Kind(kind),
        stem=stem,
        options=tuple(Option(**option) for option in body.get("options", ())),
        truth=body.get("truth"),
        accepted=tuple(body.get("accepted", ())),
        number=None if number is None else parse_number(number),
        tolerance=parse_number(body.get("tolerance", "0")) or Decimal(0),
        pairs=tuple(Pair(**pair) for pair in body.get("pairs", ())),
        explanation=body.get("explanation", ""),
        basis=basis,
        weight=weight,
    )
