"""A roster's file in the store and as a table."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

from elearn.foundation.errors import Conflict, Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.sheets import Sheet, SheetRow, read_rows
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile, new_key
from elearn.people.imports.columns import private
from elearn.people.imports.models import Roster
from elearn.people.imports.roll import Roll, read_roll


def stored_sheet(key: str, name: str) -> Sheet:
    """The table in a stored file. Raises Invalid for one that cannot be read or is gone."""
    try:
        return read_rows(BytesIO(store().read(key)), name)
    except MissingFile as gone:
        raise Invalid(_("Berkas ini sudah dihapus. Unggah lagi.")) from gone


def brought_sheet(key: str, name: str) -> tuple[str, Sheet]:
    """The table in a file that was just brought, and under which key it is kept.

    One that is no table of people, or an empty one, is not kept. One with columns that nobody needs to know is kept
    without them.
    """
    try:
        sheet = stored_sheet(key, name)
        if not sheet.rows:
            raise Invalid(_("Berkas ini hanya berisi judul kolom. Isi paling sedikit satu baris."))
    except Refusal:
        store().delete(key)
        raise
    needed = [place for place, header in enumerate(sheet.headers) if not private(header)]
    if len(needed) == len(sheet.headers):
        return key, sheet
    kept_key = new_key("csv")
    store().put(kept_key, _without_the_rest(sheet, needed))
    store().delete(key)
    return kept_key, stored_sheet(kept_key, name)


def _without_the_rest(sheet: Sheet, needed: list[int]) -> Iterator[bytes]:
    """The file as CSV with these columns alone; each row on its own line of before, so that its number stays."""
    line = 1
    for row in (SheetRow(1, sheet.headers), *sheet.rows):
        text = StringIO("\n" * max(0, row.number - line), newline="")
        text.seek(0, 2)
        csv.writer(text, delimiter=";", lineterminator="\n").writerow([row.values[place] for place in needed])
        line = max(line, row.number) + 1
        yield text.getvalue().encode()


def roll_of(roster: Roster) -> Roll:
    """A roster's file read by its columns. Raises Conflict while they are not chosen."""
    if roster.mapping is None:
        raise Conflict(_("Cocokkan kolom berkas ini dahulu."))
    return read_roll(stored_sheet(roster.storage_key, roster.file_name), roster.mapping)
