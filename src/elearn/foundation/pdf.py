"""Typst templates to PDF and pictures: facts in, bytes out, the same bytes for the same facts.

Tagged, PDF/A-2a and PDF/UA-1, with the fonts that lie beside this file. Texts come in as data; nothing of them is read
as markup.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from elearn.foundation.i18n import format_date, format_period

FONTS = Path(__file__).parent / "fonts"
STANDARDS = ["a-2a", "ua-1"]
LONGEST_TEXT = 250
LONGEST_WORD = 60

# The compiler refuses a second thread.
_one_at_a_time = Lock()


def pdf_of(template: Path, printed: dict[str, Any], day: date, as_is: Sequence[str] = ()) -> bytes:
    """What a template makes of these texts and numbers, dated to a day: tagged, PDF/A-2a and PDF/UA-1.

    Texts of which `as_is` names the keys are printed letter by letter, such as a drawing or an address.
    """
    try:
        return _compiled(template, _cleaned(printed, _printable, as_is), day)
    except typst.TypstError:
        # A letter that no font at hand can draw breaks PDF/A; the rest of the name must still be printed.
        return _compiled(template, _cleaned(printed, _latin, as_is), day)


def png_of(template: Path, printed: dict[str, Any], as_is: Sequence[str] = ()) -> bytes:
    """A picture of the first page, 112 pixels an inch."""
    facts = json.dumps(_cleaned(printed, _printable, as_is))
    with _one_at_a_time:
        drawn = _compiler(template).compile(format="png", ppi=112, sys_inputs={"facts": facts})
    return drawn[0] if isinstance(drawn, list) else bytes(drawn)


def _compiled(template: Path, printed: dict[str, Any], day: date) -> bytes:
    with _one_at_a_time:
        pdf: bytes = _compiler(template).compile(
            format="pdf",
            sys_inputs={"facts": json.dumps(printed)},
            pdf_standards=STANDARDS,
            timestamp=int(datetime.combine(day, time(5), UTC).timestamp()),
        )
    return pdf


@cache
def _compiler(template: Path) -> Any:
    # The system's fonts stay out, so that the same facts look the same on every host.
    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def _cleaned(value: Any, clean: Callable[[str], str], as_is: Sequence[str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(inner, clean, as_is, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, clean, as_is) for inner in value]
    return clean(value) if isinstance(value, str) and key not in as_is else value


def _printable(text: str) -> str:
    """One line of visible signs, of bounded length, that can be broken anywhere a word is absurdly long."""
    signs = unicodedata.normalize("NFC", text).translate({9: " ", 10: " ", 13: " "})
    kept = "".join(sign for sign in signs if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(kept.split())
    if len(line) > LONGEST_TEXT:
        line = line[: LONGEST_TEXT - 1].rstrip() + "…"
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", lambda run: run.group() + "\u200b", line)


def _latin(text: str) -> str:
    """As `_printable`, with a question mark for every sign outside the Latin script."""
    return "".join(sign if _is_latin(sign) else "?" for sign in _printable(text))


def _is_latin(sign: str) -> bool:
    return sign.isascii() or sign in "·…–—‘’“”\u200b" or unicodedata.name(sign, "").startswith("LATIN ")


def day_on_paper(day: date) -> str:
    """`23 November 2026`: papers are in Bahasa Indonesia whatever the reader's language."""
    return format_date(day, locale="id")


def period_on_paper(first: date, last: date) -> str:
    """`3 sampai 21 Agustus 2026`, as `day_on_paper`."""
    return format_period(first, last, "MMMM", "id")
