"""Any sound question, built from the words that the text format could trip over."""

from decimal import Decimal

from hypothesis import strategies as st

from elearn.teaching.questions.drafts import Difficulty, Kind, Option, Pair, QuestionDraft
from elearn.teaching.questions.text import topic_path
from elearn.teaching.questions.wording import compact

SNARES = [
    *("--", "\\--", "\\\\--", "=>", "\\=>", "?", "*", "-", "=", "#", "|", "\\", "\\|", "id:", "jawaban: benar", "```"),
    *("benar", "Salah", "topik: x", "pembahasan:", ":::", "**tebal**", "1.000", "<b>", "Pasal 14 ayat (2)", "…", "é"),
]
words = st.one_of(
    st.sampled_from(SNARES), st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
)
lines = st.lists(words, min_size=1, max_size=5).map(" ".join)
keys = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
paragraphs = st.lists(st.one_of(lines, lines.map(lambda line: "  " + line), st.just("")), max_size=5).map(
    lambda found: "\n".join(line.rstrip() for line in found).strip()
)
stems = paragraphs.filter(bool)
topics = st.lists(st.sampled_from(["wewenang", "batas waktu", "AUPB", "é"]), max_size=3).map(
    lambda t: topic_path("/".join(t))
)


def _different(text: str) -> str:
    return " ".join(text.split()).casefold()


@st.composite
def options(draw: st.DrawFn, right: st.SearchStrategy[int]) -> tuple[Option, ...]:
    texts = draw(st.lists(lines, min_size=2, max_size=5, unique_by=_different))
    count = min(draw(right), len(texts))
    why = st.one_of(st.just(""), lines)
    made = [Option(text, place < count, draw(why)) for place, text in enumerate(texts)]
    return tuple(draw(st.permutations(made)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Pair, ...]:
    lefts = draw(st.lists(lines, min_size=2, max_size=5, unique_by=_different))
    rights = draw(
        st.lists(lines, min_size=len(lefts), max_size=len(lefts)).filter(lambda r: len(set(map(_different, r))) > 1)
    )
    return tuple(Pair(left, right) for left, right in zip(lefts, rights, strict=True))


numbers = st.decimals(-9999, 9999, places=4)
accepted = st.lists(lines.filter(lambda text: bool(compact(text))), min_size=1, max_size=3).map(tuple)


@st.composite
def drafts(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> QuestionDraft:
    """A sound question of one of the kinds."""
    kind = draw(st.sampled_from(kinds))
    parts = {
        Kind.SINGLE: lambda: {"options": draw(options(st.just(1)))},
        Kind.MULTIPLE: lambda: {"options": draw(options(st.integers(1, 4)))},
        Kind.TRUE_FALSE: lambda: {"truth": draw(st.booleans())},
        Kind.SHORT: lambda: {"accepted": draw(accepted)},
        Kind.NUMBER: lambda: {"number": draw(numbers), "tolerance": abs(draw(numbers))},
        Kind.MATCHING: lambda: {"pairs": draw(pairs())},
    }[kind]()
    return QuestionDraft(
        kind=kind,
        stem=draw(stems),
        explanation=draw(paragraphs),
        basis=draw(st.one_of(st.just(""), lines.filter(lambda text: len(text) <= 300))),
        topic=draw(topics),
        difficulty=draw(st.sampled_from(Difficulty)),
        weight=float(draw(st.decimals(Decimal("0.25"), 100, places=2))),
        key=draw(st.one_of(st.just(""), keys)),
        **parts,
    )
