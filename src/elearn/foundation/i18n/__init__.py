"""Translation, and dates and numbers as people write them.

Texts are written in Bahasa Indonesia; English is translated.

Words: a *locale* is `id` or `en`.
"""

from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from babel.support import Translations

from elearn.foundation.clock import WIB

LOCALES = ("id", "en")
FOLDER = Path(__file__).parent / "locales"

_locale: ContextVar[str] = ContextVar("locale", default="id")


@cache
def _translations(locale: str) -> NullTranslations | GNUTranslations:
    return Translations.load(FOLDER, [locale])


def use_locale(locale: str) -> None:
    """Speak this language for the rest of the request or command; an unknown one means Indonesian."""
    _locale.set(locale if locale in LOCALES else "id")


def current_locale() -> str:
    return _locale.get()


def _(message: str, **values: object) -> str:
    """The message in the present language, with its named placeholders filled in."""
    text = _translations(_locale.get()).gettext(message)
    return text % values if values else text


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message where it is declared; whoever shows it translates it."""
    return message


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The message for this count in the present language."""
    return _translations(_locale.get()).ngettext(one, many, n) % {"n": n, "num": n, **values}


def gettext(message: str) -> str:
    """The message in the present language, as the template engine asks for it."""
    return text(message, _locale.get())


def text(message: str, locale: str) -> str:
    """The message in this language, its placeholders as they are."""
    return _translations(locale).gettext(message)


def plural(one: str, many: str, n: int) -> str:
    """The unfilled message for this count, as the template engine asks for it."""
    return _translations(_locale.get()).ngettext(one, many, n)


def format_date(day: date | datetime, form: str = "d MMMM y", locale: str = "") -> str:
    """`23 November 2026`, in the present language unless one is named; a moment is taken on its WIB day."""
    if isinstance(day, datetime):
        day = day.astimezone(WIB).date()
    return _dated(day, form, locale or _locale.get())


def format_period(first: date, last: date, month: str = "MMM", locale: str = "") -> str:
    """`10 sampai 11 Nov 2026`, naming month and year once where they are the same; a single day as a day."""
    whole = f"d {month} y"
    if first >= last:
        return format_date(last, whole, locale)
    form = "d" if (first.year, first.month) == (last.year, last.month) else f"d {month}"
    begun = format_date(first, form if first.year == last.year else whole, locale)
    said = text(N_("%(first)s sampai %(last)s"), locale or _locale.get())
    return said % {"first": begun, "last": format_date(last, whole, locale)}


def format_time(moment: datetime) -> str:
    """`09.14`, in English `09:14`; WIB."""
    return moment.astimezone(WIB).strftime("%H:%M" if _locale.get() == "en" else "%H.%M")


def format_datetime(moment: datetime) -> str:
    """`23 November 2026, 09.14 WIB`."""
    return f"{format_date(moment)}, {format_time(moment)} WIB"


def format_number(value: float, digits: int = 1) -> str:
    """`1.234,5`, in English `1,234.5`, with at most this many digits after the decimal sign."""
    return _counted(value, "#,##0." + "#" * digits, _locale.get())


def format_minutes(minutes: int) -> str:
    """`15 menit`, in English `15 minutes`."""
    return _lasting(minutes, _locale.get())


# A page shows the same few days and numbers again and again; to put one into words takes longer than to look it up.
@lru_cache(maxsize=2048)
def _dated(day: date, form: str, locale: str) -> str:
    return babel_date(day, form, locale=locale)


@lru_cache(maxsize=4096)
def _counted(value: float, form: str, locale: str) -> str:
    return format_decimal(value, form, locale=locale)


@lru_cache(maxsize=2048)
def _lasting(minutes: int, locale: str) -> str:
    return text(N_("%(n)s menit"), locale) % {"n": format_decimal(minutes, locale=locale)}


def format_limit(size: int) -> str:
    """`20 MB` or `1 GB` for the most bytes of a file, which is set in whole binary megabytes."""
    megabytes = size // 1024**2
    return f"{megabytes} MB" if megabytes < 1024 else f"{format_number(megabytes / 1024)} GB"


def format_size(size: int) -> str:
    """`0,3 MB` for a number of bytes; never less than 0,1 MB, so that nothing looks free."""
    return f"{format_number(max(size / 1_000_000, 0.1))} MB"
