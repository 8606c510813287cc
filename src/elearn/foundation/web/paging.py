"""One page of a long list: counted for people, by a key for programs."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import ListWish

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, counted from 1, with the total over all pages."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        return min(self.number * self.size, self.total)


def nearest(number: int, total: int, size: int) -> int:
    """A page's number, or that of the nearest page there is."""
    return min(max(number, 1), max(1, -(-total // size)))


def page_of(session: Session, question: Select[Row], number: int, size: int = 25) -> Page[Row]:
    """The n-th page of a query for entities; a number out of range shows the nearest page."""
    total = session.scalar(select(func.count()).select_from(question.order_by(None).subquery())) or 0
    number = nearest(number, total, size)
    rows: Sequence[Row] = session.scalars(question.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    """Some rows of a long list; `next` leads to those after them and is None at the end."""

    rows: Sequence[Row]
    next: str | None


def stretch_of(
    session: Session,
    question: Select[Row],
    key: InstrumentedAttribute[int],
    wish: ListWish,
    *,
    newest_first: bool = False,
) -> Stretch[Row]:
    """The rows of a query for entities in the order of a unique number, one statement however long the list is.

    Rows that come or go between two pages shift nothing. Raises Invalid for an `after` that no list gave.
    """
    if wish.after:
        last = _number_in(wish.after)
        question = question.where(key < last if newest_first else key > last)
    question = question.order_by(key.desc() if newest_first else key).limit(wish.limit + 1)
    found: Sequence[Row] = session.scalars(question).all()
    rows = found[: wish.limit]
    more = len(found) > len(rows)
    return Stretch(rows, _cursor_of(getattr(rows[-1], key.key)) if more else None)


def unknown_place() -> Invalid:
    """The refusal of an `after` that no list gave."""
    return Invalid(_("Penanda halaman ini tidak dikenal. Mulai lagi tanpa after."), {"after": _("Tidak dikenal.")})


def _cursor_of(number: int) -> str:
    return urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def _number_in(cursor: str) -> int:
    try:
        number = int(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if 0 <= number < 2**31 and _cursor_of(number) == cursor:
            return number
    except (binascii.Error, ValueError):
        pass
    raise unknown_place()
