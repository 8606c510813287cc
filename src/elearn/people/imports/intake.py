"""A roster's file in the store and as a table."""

from io import BytesIO

from elearn.foundation.errors import Conflict, Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.sheets import Sheet, read_rows
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile
from elearn.people.imports.models import Roster
from elearn.people.imports.roll import Roll, read_roll


def stored_sheet(key: str, name: str) -> Sheet:
    """The table in a stored file. Raises Invalid for one that cannot be read or is gone."""
    try:
        return read_rows(BytesIO(store().read(key)), name)
    except MissingFile as gone:
        raise Invalid(_("Berkas ini sudah dihapus. Unggah lagi.")) from gone


def brought_sheet(key: str, name: str) -> Sheet:
    """The table in a file that was just brought; one that is no table of people, or an empty one, is not kept."""
    try:
        sheet = stored_sheet(key, name)
        if not sheet.rows:
            raise Invalid(_("Berkas ini hanya berisi judul kolom. Isi paling sedikit satu baris."))
    except Refusal:
        store().delete(key)
        raise
    return sheet


def roll_of(roster: Roster) -> Roll:
    """A roster's file read by its columns. Raises Conflict while they are not chosen."""
    if roster.mapping is None:
        raise Conflict(_("Cocokkan kolom berkas ini dahulu."))
    return read_roll(stored_sheet(roster.storage_key, roster.file_name), roster.mapping)
