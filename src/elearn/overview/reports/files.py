"""Completions as files: CSV, XLSX and JSON, piece by piece."""

from collections.abc import Iterator

from elearn.foundation.database import SessionMaker
from elearn.foundation.tables import chunks_as
from elearn.overview.exports.rules import Format
from elearn.overview.reports.filters import CompletionFilters
from elearn.overview.reports.queries import COLUMNS, every_completion
from elearn.people.access.actor import Actor


def pieces(sessions: SessionMaker, actor: Actor, filters: CompletionFilters, form: Format) -> Iterator[bytes]:
    """The file of these completions; memory stays flat. Noting who takes it is the caller's, before the first piece."""
    return chunks_as(form, COLUMNS, every_completion(sessions, actor, filters), "Penyelesaian")
