"""Completions as files: CSV, XLSX and JSON, piece by piece; a long workbook by a job."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.database import SessionMaker
from elearn.foundation.i18n import _, format_date, format_period
from elearn.foundation.tables import chunks_as, csv_header
from elearn.overview.exports.registry import Table
from elearn.overview.exports.rules import Format
from elearn.overview.reports.filters import CompletionFilters, filters_for
from elearn.overview.reports.forms import ReportWish
from elearn.overview.reports.queries import COLUMNS, completion_lines, every_completion
from elearn.people.access.actor import Actor


def pieces(sessions: SessionMaker, actor: Actor, filters: CompletionFilters, form: Format) -> Iterator[bytes]:
    """The file of these completions; memory stays flat. Noting who takes it is the caller's, before the first piece."""
    if form == "csv":
        return chain([csv_header(COLUMNS)], completion_lines(sessions, actor, filters))
    return chunks_as(form, *_table(sessions, actor, filters))


def completions_book(sessions: SessionMaker, actor: Actor, asked: dict[str, Any]) -> Table:
    """The same for a job, by the words of a ReportWish."""
    with sessions() as session:
        filters = wished(session, actor, ReportWish.model_validate(asked))
    return _table(sessions, actor, filters)


def wished(session: Session, actor: Actor, wish: ReportWish) -> CompletionFilters:
    """The filters of a report; NotFound for what the actor cannot see."""
    return filters_for(
        session, actor, course=wish.pelatihan, unit=wish.unit, words=wish.q, since=wish.dari, until=wish.sampai
    )


def about(filters: CompletionFilters) -> str:
    """What a file is about: `Penyelesaian, Etika ASN, Dinas Pendidikan, 1 Jan sampai 31 Des 2026`."""
    thing = (filters.course.title if filters.course else "", filters.unit.name if filters.unit else "")
    return ", ".join(part for part in (_("Penyelesaian"), *thing, _days(filters)) if part)


def _days(filters: CompletionFilters) -> str:
    since, until = filters.since, filters.until
    if since and until:
        return format_period(since, until)
    if since:
        return _("sejak %(day)s", day=format_date(since))
    return _("sampai %(day)s", day=format_date(until)) if until else ""


def _table(sessions: SessionMaker, actor: Actor, filters: CompletionFilters) -> Table:
    return Table(COLUMNS, every_completion(sessions, actor, filters), "Penyelesaian")
