"""Words and numbers as people type them."""

import re
import unicodedata
from decimal import Decimal

_EDGES = re.compile(r"^[^\w]+|[^\w%]+$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
MAX_DIGITS = 30


def compact(text: str) -> str:
    """What is left to compare of a short answer: no case, spaces, accents, or punctuation around it."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _EDGES.sub("", "".join(bare.split()).casefold())


def parse_number(text: str) -> Decimal | None:
    """The number, or None when it is not one.

    Written the Indonesian way: `2,5`, `1.000`, `1.234,5`. A single dot that cannot group thousands is read as a
    decimal one (`2.5`). So `1.000` is one thousand.
    """
    text = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if len(text) > MAX_DIGITS or not text.isascii():
        return None
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def number_text(number: Decimal) -> str:
    """The number so that `parse_number` reads the same again: decimal comma, no grouping, no needless zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace(".", ",")


def tidy(text: str) -> str:
    """Text with `\\n` line ends and without control characters, which databases and browsers refuse."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
