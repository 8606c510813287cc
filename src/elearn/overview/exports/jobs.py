"""Work of exports: making a long workbook."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from elearn.foundation.i18n import _, format_number, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.tables import MEDIA_TYPES, Row, xlsx_file
from elearn.overview.exports.files import keep
from elearn.overview.exports.registry import table_of
from elearn.people.accounts.queries import asker

# After so many rows it is told how far it is, and asked whether it was called off.
TOLD_EVERY = 5_000


def make_workbook(
    progress: Progress, *, report: str, asked: dict[str, Any], rows: int, name: str, back: str
) -> dict[str, Any]:
    """Write what the asker may see at this moment; killed at any point it starts over, and leaves one file."""
    with progress.session() as session:
        actor = asker(session, progress.owner_id)
        use_locale(actor.locale)
        progress.report(0, rows)
    with TemporaryDirectory(prefix="elearn-workbook-") as place:
        made = Path(place) / "table.xlsx"
        table = table_of(report)(progress.reading, actor, asked)
        xlsx_file(table.columns, _told(progress, table.rows), made, table.sheet)
        key = keep(progress, made)
    lines = [_("Baris: %(n)s", n=format_number(progress.done))]
    return {"lines": lines, "file": {"key": key, "media_type": MEDIA_TYPES["xlsx"], "name": name}, "href": back}


def _told(progress: Progress, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with word of how many have been written. No session is open when it is given."""
    coming, done = iter(rows), 0
    while some := list(islice(coming, TOLD_EVERY)):
        yield from some
        done += len(some)
        progress.report(done, max(progress.total, done))
    progress.report(done, done)
