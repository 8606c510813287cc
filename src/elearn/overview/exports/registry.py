"""Reports whose workbook may be so long that a job makes it. Filled by `wiring.py`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import Column, Row
from elearn.people.access.actor import Actor


class Table(NamedTuple):
    """What stands in a file. `rows` are read as they are written, in sessions that are short."""

    columns: Sequence[Column]
    rows: Iterable[Row]
    sheet: str


TableOf = Callable[[SessionMaker, Actor, dict[str, Any]], Table]

_reports: dict[str, TableOf] = {}


def offer(report: str, table: TableOf) -> None:
    """Let this function find the rows of a report: `table(sessions, actor, words of the address)`."""
    _reports[report] = table


def table_of(report: str) -> TableOf:
    """Raises LookupError for a report nobody offered."""
    return _reports[report]
