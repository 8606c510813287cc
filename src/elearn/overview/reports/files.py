"""Completions as files: CSV, XLSX and JSON, piece by piece."""

from collections.abc import Callable, Iterator

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import csv_chunks, json_chunks, xlsx_chunks
from elearn.overview.reports.filters import CompletionFilters
from elearn.overview.reports.queries import COLUMNS, every_completion
from elearn.overview.reports.rules import Format
from elearn.people.access.actor import Actor

_WRITERS: dict[Format, Callable[..., Iterator[bytes]]] = {
    "csv": csv_chunks,
    "xlsx": lambda columns, rows: xlsx_chunks(columns, rows, "Penyelesaian"),
    "json": json_chunks,
}


def pieces(sessions: SessionMaker, actor: Actor, filters: CompletionFilters, form: Format) -> Iterator[bytes]:
    """The file of these completions; memory stays flat. Noting who takes it is the caller's, before the first piece."""
    return _WRITERS[form](COLUMNS, every_completion(sessions, actor, filters))
