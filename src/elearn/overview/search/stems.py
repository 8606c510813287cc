"""Indonesian words taken apart: which roots may stand inside a word. Pure.

Snowball's Indonesian stemmer alone cuts unevenly (pegawai -> gawa, kepegawaian -> gawai), so affixes are
peeled here, and a list of roots says when to stop. Words without a known root get every plausible stem, and
Snowball's stem besides, marked so that it only ever meets another word's Snowball stem.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import snowballstemmer

MAX_PEELS = 5
SHORTEST_GUESS = 4
_MARK = "xx"

_PARTICLES = ("lah", "kah", "tah", "pun", "nya", "ku", "mu")
_BOUND = (
    *("anti", "antar", "ekstra", "inter", "intra", "maha", "makro", "mikro", "multi", "non", "pasca", "pra"),
    *("purna", "semi", "sub", "super", "swa", "tidak", "tuna"),
)
_SUFFIXES = ("kan", "an", "i", "wan", "wati", "isasi", "isme")
_SYLLABLE = re.compile(r"(?:[bcdfghjklmnpqrstvwyz]|ny|ng|kh|sy|[bcdfgkpst][rl]|s[kptw]|st?r)?[aeiou]")
_VOWELS = "aeiou"
# me- and pe- take on a nasal that may swallow the root's first letter: menulis <- tulis, penyimpan <- simpan.
_NASALS = (
    ("mem", "bfpv", "p"),
    ("meny", "", "s"),
    ("meng", "ghkq", "k"),
    ("men", "cdjstz", "t"),
    ("me", "lmnrwy", ""),
)

_snowball = snowballstemmer.stemmer("indonesian")


def _read_roots() -> dict[str, str]:
    lines = files(__package__).joinpath("roots.txt").read_text("utf-8").splitlines()
    entries = (entry for line in lines if not line.startswith("#") for entry in line.split())
    return {word: root or word for word, _, root in (entry.partition("=") for entry in entries)}


ROOTS = _read_roots()


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """The roots of one lower-case ASCII word, without the word itself unless it is a root."""
    if word in ROOTS:
        return frozenset({ROOTS[word]})
    if not word.isalpha() or len(word) < SHORTEST_GUESS:
        return frozenset()
    return _known_roots(word) or _guesses(word)


def _known_roots(word: str) -> frozenset[str]:
    """Roots reached with the fewest peels; a circumfix counts as one peel."""
    layer = {word}
    for _ in range(MAX_PEELS):
        found = {ROOTS[inner] for outer in layer for inner in _best(outer)}
        if found:
            return frozenset(found)
        layer = {inner for outer in layer for inner in (*_circumfixed(outer), *_prefixed(outer), *_suffixed(outer))}
    return frozenset()


def _best(word: str) -> set[str]:
    """Known words one peel inside: pengangkatan is peng+angkat+an; dinilai is di+nilai and not di+nila+i."""
    around = {inner for inner in _circumfixed(word) if inner in ROOTS}
    after = {inner for inner in _suffixed(word) if inner in ROOTS}
    before = {inner for inner in _prefixed(word) if inner in ROOTS}
    if word.endswith("an") and not word.endswith("kan") and (around or after):
        return around | after
    every = around | after | before
    longest = max(map(len, every), default=0)
    return {inner for inner in every if len(inner) == longest}


def _suffixed(word: str) -> Iterator[str]:
    for suffix in (*_PARTICLES, *_SUFFIXES):
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            yield word.removesuffix(suffix)


def _prefixed(word: str) -> Iterator[str]:
    for prefix in (*_BOUND, "di", "ke", "se", "ter", "te", "ber", "be", "per", "pe"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            yield word.removeprefix(prefix)
    yield from _without_nasal(word)


def _without_nasal(word: str) -> Iterator[str]:
    # pe- behaves like me-; one table serves both.
    if not word.startswith(("me", "pe")):
        return
    as_verb = "m" + word[1:]
    for prefix, kept, swallowed in _NASALS:
        if not as_verb.startswith(prefix):
            continue
        rest = as_verb.removeprefix(prefix)
        if rest[:1] and rest[0] in kept:
            yield rest
        if rest[:1] and rest[0] in _VOWELS:
            yield swallowed + rest
            if prefix == "meng":
                yield rest
                # One syllable takes menge-: mengesahkan <- sah.
                if rest.startswith("e") and len(rest) >= 4:
                    yield rest[1:]
            # The nasal may be the root's own: menilai <- nilai, memulai <- mulai.
            yield prefix[2:] + rest


def _circumfixed(word: str) -> Iterator[str]:
    if word.endswith("kan") or word.endswith("i"):
        inner = word.removesuffix("kan") if word.endswith("kan") else word[:-1]
        if word.startswith(("me", "di", "ter", "per", "ber")):
            yield from _prefixed(inner)
    if word.endswith("an") and word.startswith(("pe", "ke", "ber")):
        yield from _prefixed(word.removesuffix("an"))


def _guesses(word: str) -> frozenset[str]:
    """Plausible stems of a word that has no known root."""
    bare = word
    for particle in ("lah", "kah", "pun", "nya"):
        if bare.endswith(particle) and _may_be_a_root(bare.removesuffix(particle)):
            bare = bare.removesuffix(particle)
            break
    inner = {*_circumfixed(bare)}
    if bare.startswith(("me", "di", "ber", "ter", "pe", *_BOUND)):
        inner |= {*_prefixed(bare)}
    inner |= {bare.removesuffix(suffix) for suffix in ("kan", "an", "isasi") if bare.endswith(suffix)}
    stem = _snowball.stemWord(word)
    marked = {_MARK + stem} if len(stem) >= SHORTEST_GUESS else set()
    return frozenset({guess for guess in {bare, *inner} if guess != word and _may_be_a_root(guess)} | marked)


def _may_be_a_root(guess: str) -> bool:
    return (
        len(guess) >= SHORTEST_GUESS
        and _SYLLABLE.match(guess) is not None
        and sum(letter in _VOWELS for letter in guess) >= 2
    )
