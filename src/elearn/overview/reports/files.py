"""Completions as files: CSV, XLSX and JSON, piece by piece."""

from collections.abc import Iterator
from itertools import chain

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import chunks_as, csv_header
from elearn.overview.exports.rules import Format
from elearn.overview.reports.filters import CompletionFilters
from elearn.overview.reports.queries import COLUMNS, completion_lines, every_completion
from elearn.people.access.actor import Actor


def pieces(sessions: SessionMaker, actor: Actor, filters: CompletionFilters, form: Format) -> Iterator[bytes]:
    """The file of these completions; memory stays flat. Noting who takes it is the caller's, before the first piece."""
    if form == "csv":
        return chain([csv_header(COLUMNS)], map(str.encode, completion_lines(sessions, actor, filters)))
    return chunks_as(form, COLUMNS, every_completion(sessions, actor, filters), "Penyelesaian")
