"""What authors type about a question: one form for all kinds, and how it becomes a draft and a form again."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form
from elearn.teaching.questions.drafts import (
    KIND_NAMES,
    LEVEL_NAMES,
    MAX_OPTIONS,
    Difficulty,
    Kind,
    Option,
    Pair,
    QuestionDraft,
)
from elearn.teaching.questions.text import topic_path
from elearn.teaching.questions.wording import number_text, parse_number, tidy

# Rows that an empty form offers, and how many one more click adds.
ROWS = 4
MORE = 2
# Buttons of the form that show it again, for another kind or with more rows, instead of saving it.
RESHOWS = ("tampil", "baris")

Line = Annotated[str, Field(max_length=1000)]
Rows = Annotated[list[Line], Field(max_length=MAX_OPTIONS)]


class QuestionWish(Form):
    """The form of a question of any kind; what its kind does not use is let be.

    `option` and `why`, `left` and `partner` are rows; `right` holds the places of the right options, from 0.
    `accepted` is one wording a line. `version` is the one that was being edited.
    """

    kind: Kind = Kind.SINGLE
    stem: str = Field("", max_length=5000)
    option: Rows = Field(default_factory=list)
    why: Rows = Field(default_factory=list)
    right: list[int] = Field(default_factory=list)
    truth: Literal["", "benar", "salah"] = ""
    accepted: str = Field("", max_length=2000)
    figure: str = Field("", max_length=40)
    tolerance: str = Field("", max_length=40)
    left: Rows = Field(default_factory=list)
    partner: Rows = Field(default_factory=list)
    explanation: str = Field("", max_length=5000)
    basis: str = Field("", max_length=300)
    topic: str = Field("", max_length=120)
    difficulty: Difficulty = Difficulty.MEDIUM
    weight: str = Field("", max_length=40)
    version: int = 0


class PastedText(Form):
    """Questions written as text, with its blank lines, so that lines are counted as their author sees them."""

    text: Annotated[str, StringConstraints(strip_whitespace=False, max_length=200_000)] = ""


def drafted(wish: QuestionWish, key: str = "") -> QuestionDraft:
    """The question that a form holds, sound or not. Raises Invalid for a number that is none."""
    numbers = _numbers(wish)
    choosing = wish.kind in (Kind.SINGLE, Kind.MULTIPLE)
    return QuestionDraft(
        kind=wish.kind,
        stem=tidy(wish.stem).strip(),
        options=_options(wish) if choosing else (),
        truth={"benar": True, "salah": False}.get(wish.truth) if wish.kind is Kind.TRUE_FALSE else None,
        accepted=_lines(wish.accepted) if wish.kind is Kind.SHORT else (),
        number=numbers["figure"] if wish.kind is Kind.NUMBER else None,
        tolerance=(numbers["tolerance"] or Decimal(0)) if wish.kind is Kind.NUMBER else Decimal(0),
        pairs=_pairs(wish) if wish.kind is Kind.MATCHING else (),
        explanation=tidy(wish.explanation).strip(),
        basis=_line(wish.basis),
        topic=topic_path(_line(wish.topic)),
        difficulty=wish.difficulty,
        weight=float(1 if numbers["weight"] is None else numbers["weight"]),
        key=key,
    )


def typed_from(draft: QuestionDraft, version: int = 0) -> dict[str, Any]:
    """The fields of the form that hold a question."""
    return {
        "kind": draft.kind.value,
        "stem": draft.stem,
        "option": [option.text for option in draft.options],
        "why": [option.explanation for option in draft.options],
        "right": [str(place) for place, option in enumerate(draft.options) if option.right],
        "truth": "" if draft.truth is None else ("benar" if draft.truth else "salah"),
        "accepted": "\n".join(draft.accepted),
        "figure": "" if draft.number is None else number_text(draft.number),
        "tolerance": number_text(draft.tolerance) if draft.tolerance else "",
        "left": [pair.left for pair in draft.pairs],
        "partner": [pair.right for pair in draft.pairs],
        "explanation": draft.explanation,
        "basis": draft.basis,
        "topic": draft.topic,
        "difficulty": draft.difficulty.value,
        "weight": "" if draft.weight == 1 else number_text(Decimal(str(draft.weight))),
        "version": version,
    }


def blank(kind: str = "") -> dict[str, Any]:
    """The fields of an empty form. Whoever has just saved a question of a kind writes the next one at once: `focus`."""
    known = Kind(kind) if kind in list(Kind) else Kind.SINGLE
    empty = typed_from(QuestionDraft(known, ""))
    return empty | {"focus": True} if kind else empty


def with_rows(typed: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """Typed fields with empty rows to write in, and some more when asked for; rows stay level."""
    shown = blank() | typed
    for first, second in (("option", "why"), ("left", "partner")):
        used = max(len(shown[first]), len(shown[second]), ROWS)
        count = min(MAX_OPTIONS, used + MORE if more else used)
        for name in (first, second):
            shown[name] = (list(shown[name]) + [""] * count)[:count]
    return shown


def reshown(typed: dict[str, Any], pressed: object) -> dict[str, Any] | None:
    """The fields to show again when a button asked for another kind or more rows; None when the form is to be saved."""
    return with_rows(typed, more=pressed == "baris") if pressed in RESHOWS else None


def question_form(typed: dict[str, Any], errors: dict[str, str] | None = None) -> dict[str, Any]:
    """What questions/form.html shows."""
    return {"kinds": kind_choices(), "levels": level_choices(), "errors": errors or {}, "typed": with_rows(typed)}


def kind_choices() -> list[tuple[str, str]]:
    """All kinds with their names in the reader's language."""
    return [(kind.value, _(name)) for kind, name in KIND_NAMES.items()]


def level_choices() -> list[tuple[str, str]]:
    """All levels of difficulty with their names in the reader's language."""
    return [(level.value, _(name)) for level, name in LEVEL_NAMES.items()]


def _numbers(wish: QuestionWish) -> dict[str, Decimal | None]:
    asked = ("figure", "tolerance", "weight") if wish.kind is Kind.NUMBER else ("weight",)
    found: dict[str, Decimal | None] = dict.fromkeys(("figure", "tolerance", "weight"))
    wrong = {}
    for name in asked:
        text = getattr(wish, name)
        found[name] = parse_number(text)
        if text and found[name] is None:
            wrong[name] = _("Tulis dengan angka, misalnya 2,5.")
    if wrong:
        raise Invalid(_("Periksa isian yang ditandai."), wrong)
    return found


def _options(wish: QuestionWish) -> tuple[Option, ...]:
    """The rows that say anything; `right` counts the rows of the form, empty ones too."""
    rows = range(max(len(wish.option), len(wish.why)))
    found = (Option(_row(wish.option, n), n in wish.right, _row(wish.why, n)) for n in rows)
    return tuple(option for option in found if option.text or option.right or option.explanation)


def _pairs(wish: QuestionWish) -> tuple[Pair, ...]:
    rows = range(max(len(wish.left), len(wish.partner)))
    found = (Pair(_row(wish.left, n), _row(wish.partner, n)) for n in rows)
    return tuple(pair for pair in found if pair.left or pair.right)


def _row(rows: list[str], place: int) -> str:
    return _line(rows[place]) if place < len(rows) else ""


def _line(text: str) -> str:
    return " ".join(tidy(text).split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(_line, tidy(text).split("\n")) if line)
