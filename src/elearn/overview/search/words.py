"""Texts and queries as search terms, the same on every database. Pure.

A *term* is a word as the index holds it: lower case ASCII letters and digits. Each word of a text gives itself
and its roots; neighbours that are one word in another spelling give that word too (batang hari -> batanghari).
A query gives groups: every group must be met, by any one of its terms.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from elearn.overview.search.stems import stems

LONGEST_TERM = 40
MOST_REPEATS = 5  # occurrences of one term that count; more would only favour long texts
MOST_BYTES = 900_000  # of one document's terms as PostgreSQL keeps them; it refuses a tsvector beyond 1 MB
MOST_GROUPS = 12

_STOP_WORDS = """
ada adalah agar akan aku anda antara apa apabila apakah atas atau bagaimana bagi bahwa banyak beberapa belum berapa
bila bisa boleh bukan dalam dan dapat dari daripada demi dengan di dia hal hanya harus hingga ia ialah ini itu jadi
jika juga kami kamu kapan karena kata ke kecuali kepada ketika kita lagi lain lalu maka mana masih melalui mengapa
menjadi menurut mereka merupakan misalnya namun nya oleh pada para pun pula saat saja sampai sangat saya sebab
sebagai sebelum sebuah sedang sedangkan sehingga sejak selain selama seluruh semua seorang seperti serta sesuai
setelah setiap siapa suatu sudah supaya tapi telah tentang terhadap tersebut tetapi tiap untuk walau yaitu yakni
yang the of and an for to in is
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Several words, as roots or as written, that people also write as one word or as an abbreviation.
_PHRASES = {
    tuple(written.split()): term
    for written, term in {
        "ambil alih": "ambilalih",
        "aparatur sipil negara": "asn",
        "batang hari": "batanghari",
        "beri tahu": "beritahu",
        "budi daya": "budidaya",
        "daya guna": "dayaguna",
        "e government": "egovernment",
        "e learning": "elearning",
        "e mail": "email",
        "hasil guna": "hasilguna",
        "ikut serta": "ikutserta",
        "jatuh tempo": "jatuhtempo",
        "kerja sama": "kerjasama",
        "loka karya": "lokakarya",
        "nara sumber": "narasumber",
        "olah raga": "olahraga",
        "peraturan daerah": "perda",
        "peraturan pemerintah": "pp",
        "peraturan presiden": "perpres",
        "salah guna": "salahguna",
        "sasaran kinerja pegawai": "skp",
        "sebar luas": "sebarluas",
        "serah terima": "serahterima",
        "sumber daya manusia": "sdm",
        "swa kelola": "swakelola",
        "tanda tangan": "tandatangan",
        "tanggung jawab": "tanggungjawab",
        "tata kelola": "tatakelola",
        "tata usaha": "tatausaha",
        "terima kasih": "terimakasih",
        "tindak lanjut": "tindaklanjut",
        "undang undang": "uu",
        "undang undangan": "uu",
        "wali kota": "walikota",
    }.items()
}
_PHRASES_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase_words in sorted(_PHRASES, key=len, reverse=True):
    _PHRASES_BY_FIRST.setdefault(_phrase_words[0], []).append(_phrase_words)
# These are written joined by rule and apart by habit: antikorupsi, anti korupsi.
_JOINED = frozenset(
    ("anti", "antar", "makro", "mikro", "multi", "non", "pasca", "pra", "purna", "semi", "sub", "swa", "tuna")
)

_WORD = re.compile(r"[^\W_]+(?:['\u2018\u2019\u02bc][^\W_]+)*")
_ASCII_TERM = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    term: str
    terms: frozenset[str]
    """The term and its roots."""


def index_terms(text: str) -> str:
    """The terms of a text for an index column, with two spaces between any two.

    Two, so that every occurrence has spaces of its own and ` term ` can be counted in SQL.
    """
    counted: Counter[str] = Counter()
    size = 0
    kept = []
    for term in _terms(_words(text)):
        if counted[term] == MOST_REPEATS:
            continue
        # Two bytes a place, and for a new term its letters, the number of places and a byte to align them.
        size += 2 if counted[term] else len(term) + 5
        if size > MOST_BYTES:
            break
        counted[term] += 1
        kept.append(term)
    return f" {'  '.join(kept)} " if kept else ""


def query_terms(query: str) -> list[list[str]]:
    """Groups of alternative terms: all groups must be met. Empty if the query holds nothing to look for."""
    groups: dict[tuple[str, ...], None] = {}
    words = list(_words(query[:1000]))
    at = 0
    while at < len(words):
        size, phrase = _phrase(words, at)
        if phrase:
            groups[(phrase,)] = None
        elif words[at].term not in STOP_WORDS:
            groups[tuple(sorted(_useful(words[at])))] = None
        at += size
    return [list(group) for group in groups][:MOST_GROUPS]


def highlight(text: str, query: str) -> Markup:
    """The text, escaped, with `<mark>` around every word that answers the query."""
    text = unicodedata.normalize("NFC", text)
    pieces = []
    done = 0
    for start, end in _hits(text, query):
        pieces += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        done = end
    return Markup("").join([*pieces, escape(text[done:])])


def excerpt(text: str, query: str, width: int = 180) -> Markup:
    """About `width` characters around the first answering word, highlighted; else the beginning."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    first = next(iter(_hits(text, query)), (0, 0))[0]
    start = max(0, first - width // 3)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(len(text), start + width)
    if end < len(text):
        end = max(text.rfind(" ", start, end), first + 1) if " " in text[start:end] else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return escape(before) + highlight(text[start:end], query) + escape(after)


def _words(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(unicodedata.normalize("NFC", text)):
        if term := _term(found.group()):
            yield _Word(found.start(), found.end(), term, frozenset({term, *stems(term)}))


@lru_cache(maxsize=50_000)
def _term(written: str) -> str:
    """One written word as a term; other scripts are spelt out so that both databases read them alike."""
    folded = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(sign for sign in folded if sign.isalnum())
    if plain and not _ASCII_TERM.fullmatch(plain):
        plain = "zz" + plain.encode("utf-8", "ignore").hex()
    if plain[:1].isdigit() and not plain.isdigit():
        # PostgreSQL would read 6e3b as a number and a letter.
        plain = "n" + plain
    return plain[:LONGEST_TERM]


def _terms(words: Iterator[_Word]) -> Iterator[str]:
    listed = list(words)
    for at, word in enumerate(listed):
        if word.term not in STOP_WORDS:
            yield from sorted(_useful(word))
        _, phrase = _phrase(listed, at)
        if phrase:
            yield phrase


def _useful(word: _Word) -> frozenset[str]:
    return word.terms - STOP_WORDS or word.terms


def _phrase(words: Sequence[_Word], at: int) -> tuple[int, str | None]:
    """How many words from here are one, and that one; (1, None) if they are not."""
    for first in words[at].terms & _PHRASES_BY_FIRST.keys():
        for phrase in _PHRASES_BY_FIRST[first]:
            following = words[at : at + len(phrase)]
            if len(following) == len(phrase) and all(
                part in word.terms for part, word in zip(phrase, following, strict=True)
            ):
                return len(phrase), _PHRASES[phrase]
    if words[at].term in _JOINED and at + 1 < len(words):
        return 2, words[at].term + words[at + 1].term
    return 1, None


def _hits(text: str, query: str) -> Iterator[tuple[int, int]]:
    wanted = {term for group in query_terms(query) for term in group}
    words = list(_words(text))
    end_of_phrase = 0
    for at, word in enumerate(words):
        size, phrase = _phrase(words, at)
        if phrase in wanted:
            end_of_phrase = max(end_of_phrase, at + size)
        if at < end_of_phrase or (word.term not in STOP_WORDS and _useful(word) & wanted):
            yield word.start, word.end
