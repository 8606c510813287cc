"""Handing completions out, as a file or to a program. Each time leaves a line in the audit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from elearn.overview.exports.rules import Format, check_fits, check_reason
from elearn.overview.reports.filters import CompletionFilters
from elearn.overview.reports.queries import Completion, Totals
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record


def note_export(
    session: Session, actor: Actor, filters: CompletionFilters, form: Format, sums: Totals, reason: str = ""
) -> None:
    """Write down who takes what, before the first byte leaves. `sums` is what the filters give."""
    actor.must(Permission.SEE_REPORTS)
    check_fits(form, sums.completions)
    if not actor.is_system:
        check_reason(sums.people, reason)
    taken = {"format": form, **_asked(filters), "rows": sums.completions, "people": sums.people}
    record(session, actor, "completions.exported", "completions", after=taken, reason=reason)


def note_page(
    session: Session, actor: Actor, filters: CompletionFilters, after: str, rows: Sequence[Completion]
) -> None:
    """The same for one page of a list that a program reads; its token stands as the reason."""
    actor.must(Permission.SEE_REPORTS)
    place = {"after": after or None, "rows": len(rows), "people": len({(row.nip, row.nama) for row in rows})}
    taken = {"format": "api", **_asked(filters), **place}
    record(session, actor, "completions.exported", "completions", after=taken)


def _asked(filters: CompletionFilters) -> dict[str, Any]:
    return {
        "course": filters.course.slug if filters.course else None,
        "unit": filters.unit.code if filters.unit else None,
        "words": filters.words or None,
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
    }
