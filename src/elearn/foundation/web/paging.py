"""One page of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

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


def page_of(session: Session, question: Select[Row], number: int, size: int = 25) -> Page[Row]:
    """The n-th page of a query for entities; a number out of range shows the nearest page."""
    total = session.scalar(select(func.count()).select_from(question.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    rows: Sequence[Row] = session.scalars(question.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)
