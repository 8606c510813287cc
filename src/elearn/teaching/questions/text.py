"""Questions written as plain text: read them, and write them so that they read the same again.

The format is described in docs/content-format.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from elearn.foundation.i18n import _
from elearn.teaching.questions.drafts import (
    Difficulty,
    Kind,
    Option,
    Pair,
    Problem,
    QuestionDraft,
    faults,
)
from elearn.teaching.questions.wording import number_text, parse_number, tidy

_ITEM = re.compile(r"\s*(\?|[*=-](?=\s|$))\s*(.*)$")
_FIELD = re.compile(
    r"\s*(id|topik|tingkat|dasar|pembahasan|nilai|jawaban|angka|toleransi|jenis)\s*:\s*(.*)$", re.IGNORECASE
)
_COMMENT = re.compile(r"#(?:\s|$)")
_LITERAL_DASHES = re.compile(r"\\*--")
_LITERAL_ARROW = re.compile(r"\\*=>")

KIND_WORDS = {
    "satu": Kind.SINGLE,
    "beberapa": Kind.MULTIPLE,
    "benar-salah": Kind.TRUE_FALSE,
    "isian": Kind.SHORT,
    "angka": Kind.NUMBER,
    "menjodohkan": Kind.MATCHING,
}
_TRUTHS = {"benar": True, "salah": False}


class Parsed(NamedTuple):
    """The sound questions of a text and what is wrong with the others."""

    drafts: list[QuestionDraft]
    problems: list[Problem]


@dataclass
class _Written:
    """The parts of one question, as found line by line."""

    line: int
    stem: list[str]
    options: list[Option] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    items: list[tuple[str, int, list[str]]] = field(default_factory=list)


def parse(text: str, *, bank: bool = False, first_line: int = 1) -> Parsed:
    """Read questions. In a bank each needs `id:` and `topik:`; line numbers count from `first_line`."""
    drafts: list[QuestionDraft] = []
    problems: list[Problem] = []
    keys: dict[str, int] = {}
    questions, outside = _split(text, first_line)
    problems += outside
    for written in questions:
        draft, found = _draft(written)
        if bank:
            found += _missing_in_bank(draft)
        if draft.key and draft.key in keys:
            message = _("Ganti id “%(key)s”: sudah dipakai di baris %(line)s.", key=draft.key, line=keys[draft.key])
            found.append(Problem(written.line, message))
        keys.setdefault(draft.key, written.line)
        problems += found
        if not found:
            drafts.append(draft)
    return Parsed(drafts, sorted(problems, key=lambda problem: problem.line))


def to_text(drafts: Iterable[QuestionDraft]) -> str:
    """The questions as text, one blank line between them; `parse` gives the same drafts again."""
    return "\n\n".join(_question_text(draft) for draft in drafts) + "\n"


def _split(text: str, first_line: int) -> tuple[list[_Written], list[Problem]]:
    """Each line to the question that it belongs to."""
    questions: list[_Written] = []
    problems: list[Problem] = []
    for number, line in enumerate(tidy(text).split("\n"), first_line):
        line = line.rstrip()
        if _COMMENT.match(line):
            continue
        item = _ITEM.match(line)
        if item and item[1] == "?":
            questions.append(_Written(number, [item[2]]))
        elif questions:
            _take(questions[-1], number, line)
        elif line and not problems:
            problems.append(Problem(number, _("Awali soal dengan tanda ? lalu spasi.")))
    return questions, problems


def _take(question: _Written, number: int, line: str) -> None:
    """Put a line after the `?` line where it belongs."""
    if named := _FIELD.match(line):
        name = named[1].lower()
        if any(kept == name for kept, _line, _text in question.items):
            question.problems.append(Problem(number, _("Hapus salah satu baris %(field)s:.", field=name)))
        question.items.append((name, number, [named[2]]))
    elif marked := _ITEM.match(line):
        if any(name == "pembahasan" for name, _line, _text in question.items):
            message = _("Tulis pilihan sebelum pembahasan. Butir di dalam pembahasan diawali \\-.")
            question.problems.append(Problem(number, message))
        question.items.append((marked[1], number, [marked[2]]))
    elif not question.items:
        question.stem.append(_unescaped(line))
    elif question.items[-1][0] == "pembahasan":
        question.items[-1][2].append(_unescaped(line))
    elif line.startswith((" ", "\t")):
        question.items[-1][2].append(line)
    elif line:
        message = _("Baris ini tidak dikenali. Awali dengan ?, *, -, = atau nama isian; lanjutan baris dengan spasi.")
        question.problems.append(Problem(number, message))


def _draft(written: _Written) -> tuple[QuestionDraft, list[Problem]]:
    """The question that the parts make, and what is wrong with it."""
    problems = list(written.problems)
    options = tuple(_option(name, lines) for name, _line, lines in written.items if name in "*-")
    pairs = tuple(_pair(lines) for name, _line, lines in written.items if name == "=")
    values = {name: " ".join(" ".join(lines).split()) for name, _line, lines in written.items}
    lines_of = {name: line for name, line, _text in written.items}

    def wrong(name: str, message: str) -> None:
        problems.append(Problem(lines_of.get(name, written.line), message))

    draft = QuestionDraft(
        kind=_kind(options, pairs, values),
        stem="\n".join(written.stem).strip(),
        options=options,
        pairs=pairs,
        explanation="\n".join(next((ls for n, _line, ls in written.items if n == "pembahasan"), [])).strip(),
        basis=values.get("dasar", ""),
        topic=topic_path(values.get("topik", "")),
        key=values.get("id", ""),
        line=written.line,
    )
    if "id" in values and not draft.key:
        wrong("id", _("Isi id atau hapus barisnya."))
    if (word := values.get("jenis")) is not None and word.lower() not in KIND_WORDS:
        wrong("jenis", _("Pilih jenis: %(kinds)s.", kinds=", ".join(KIND_WORDS)))
    if (level := values.get("tingkat", "").lower()) in list(Difficulty):
        draft = replace(draft, difficulty=Difficulty(level))
    elif "tingkat" in values:
        wrong("tingkat", _("Pilih tingkat: mudah, sedang, atau sulit."))
    numbers: dict[str, Decimal | None] = {"nilai": Decimal(1)}
    numbers |= {name: parse_number(values[name]) for name in ("angka", "toleransi", "nilai") if name in values}
    for name in (name for name, value in numbers.items() if value is None):
        wrong(name, _("Tulis %(field)s dengan angka, misalnya 2,5.", field=name))
    draft = replace(
        draft,
        number=numbers.get("angka"),
        tolerance=numbers.get("toleransi") or Decimal(0),
        weight=float(numbers["nilai"] or 0),
    )
    if draft.kind is Kind.TRUE_FALSE:
        draft = replace(draft, truth=_TRUTHS.get(values.get("jawaban", "").lower()))
    elif draft.kind is Kind.SHORT:
        answer = next((" ".join(ls) for n, _line, ls in written.items if n == "jawaban"), "")
        draft = replace(draft, accepted=_accepted(answer))
    problems += [Problem(written.line, message) for message in _mixed(draft, values)]
    if not problems:
        problems += [Problem(written.line, fault.in_text or fault.message) for fault in faults(draft)]
    return draft, problems


def topic_path(text: str) -> str:
    """A topic as it is kept: lower case, single spaces, no spaces around `/`."""
    return "/".join(" ".join(part.split()) for part in text.lower().split("/"))


def _kind(options: tuple[Option, ...], pairs: tuple[Pair, ...], values: dict[str, str]) -> Kind:
    """The kind that is said, or else the one that the parts show."""
    if said := KIND_WORDS.get(values.get("jenis", "").lower()):
        return said
    if pairs:
        return Kind.MATCHING
    if options:
        return Kind.MULTIPLE if sum(option.right for option in options) > 1 else Kind.SINGLE
    if "angka" in values:
        return Kind.NUMBER
    if "jawaban" in values:
        return Kind.TRUE_FALSE if values["jawaban"].lower() in _TRUTHS else Kind.SHORT
    return Kind.SINGLE


def _mixed(draft: QuestionDraft, values: dict[str, str]) -> list[str]:
    """Parts that belong to another kind: the author meant something else than what would be asked."""
    parts = {
        _("pilihan"): (draft.options, {Kind.SINGLE, Kind.MULTIPLE}),
        _("pasangan"): (draft.pairs, {Kind.MATCHING}),
        "jawaban:": ("jawaban" in values, {Kind.TRUE_FALSE, Kind.SHORT}),
        "angka:": ("angka" in values, {Kind.NUMBER}),
        "toleransi:": ("toleransi" in values, {Kind.NUMBER}),
    }
    return [
        _("Hapus %(part)s, atau pecah menjadi dua soal.", part=part)
        for part, (there, kinds) in parts.items()
        if there and draft.kind not in kinds
    ]


def _missing_in_bank(draft: QuestionDraft) -> list[Problem]:
    found = []
    if not draft.key:
        found.append(Problem(draft.line, _("Tambahkan id: agar soal dikenali lagi, misalnya id: plt-01.")))
    if not draft.topic:
        found.append(Problem(draft.line, _("Tambahkan topik:, misalnya topik: wewenang/mandat.")))
    return found


def _option(mark: str, lines: list[str]) -> Option:
    text, explanation = _halves(" ".join(lines), "--", _LITERAL_DASHES)
    return Option(text, mark == "*", explanation)


def _pair(lines: list[str]) -> Pair:
    return Pair(*_halves(" ".join(lines), "=>", _LITERAL_ARROW))


def _halves(line: str, sign: str, literal: re.Pattern[str]) -> tuple[str, str]:
    """What stands before and after the first word that is the sign; `\\--` stands for the word `--` itself."""
    words = line.split()
    cut = words.index(sign) if sign in words else len(words)
    before = (word[1:] if word != sign and literal.fullmatch(word) else word for word in words[:cut])
    return " ".join(before), " ".join(words[cut + 1 :])


def _accepted(line: str) -> tuple[str, ...]:
    """Wordings between `|`; `\\|` stands for the sign itself."""
    found = [""]
    for part in re.findall(r"\\[\\|]|[^|\\]+|\\|\|", line):
        if part == "|":
            found.append("")
        else:
            found[-1] += part[1:] if part in ("\\\\", "\\|") else part
    return tuple(" ".join(text.split()) for text in found) if line.strip() else ()


def _marked(line: str) -> bool:
    return bool(_ITEM.match(line) or _FIELD.match(line) or _COMMENT.match(line))


def _unescaped(line: str) -> str:
    """A backslash before what would be a mark says: this is text."""
    rest = line[1:]
    return rest if line.startswith("\\") and (rest.startswith("\\") or _marked(rest)) else line


def _escaped(text: str) -> list[str]:
    """The lines of a text; those after the first protected against being read as marks."""
    first, *others = text.split("\n")
    return [first, *("\\" + line if line.startswith("\\") or _marked(line) else line for line in others)]


def _question_text(draft: QuestionDraft) -> str:
    lines = _escaped(draft.stem)
    lines[0] = f"? {lines[0]}"
    if draft.key:
        lines.append(f"id: {draft.key}")
    if word := _word_needed(draft):
        lines.append(f"jenis: {word}")
    lines += _key_lines(draft)
    for name, value in (
        ("topik", draft.topic),
        ("tingkat", "" if draft.difficulty is Difficulty.MEDIUM else draft.difficulty.value),
        ("dasar", draft.basis),
        ("nilai", "" if draft.weight == 1 else number_text(Decimal(str(draft.weight)))),
    ):
        if value:
            lines.append(f"{name}: {value}")
    if draft.explanation:
        first, *others = _escaped(draft.explanation)
        lines += [f"pembahasan: {first}", *others]
    return "\n".join(lines)


def _word_needed(draft: QuestionDraft) -> str:
    """The `jenis:` to write where the parts alone would be read as another kind."""
    single = draft.kind is Kind.MULTIPLE and sum(option.right for option in draft.options) == 1
    judged = draft.kind is Kind.SHORT and len(draft.accepted) == 1 and draft.accepted[0].lower() in _TRUTHS
    return next((word for word, kind in KIND_WORDS.items() if kind is draft.kind), "") if single or judged else ""


def _key_lines(draft: QuestionDraft) -> list[str]:
    match draft.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            return [_option_line(option) for option in draft.options]
        case Kind.MATCHING:
            return [f"= {_literal(pair.left, _LITERAL_ARROW)} => {pair.right}" for pair in draft.pairs]
        case Kind.TRUE_FALSE:
            return ["jawaban: benar" if draft.truth else "jawaban: salah"]
        case Kind.SHORT:
            escaped = (text.replace("\\", "\\\\").replace("|", "\\|") for text in draft.accepted)
            return ["jawaban: " + " | ".join(escaped)]
        case Kind.NUMBER:
            number = "" if draft.number is None else number_text(draft.number)
            tolerance = [f"toleransi: {number_text(draft.tolerance)}"] if draft.tolerance else []
            return [f"angka: {number}", *tolerance]


def _option_line(option: Option) -> str:
    mark = "*" if option.right else "-"
    why = f" -- {option.explanation}" if option.explanation else ""
    return f"{mark} {_literal(option.text, _LITERAL_DASHES)}{why}"


def _literal(text: str, literal: re.Pattern[str]) -> str:
    return " ".join("\\" + word if literal.fullmatch(word) else word for word in text.split())
