"""Commands that keep everything safe, and put it back."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from elearn.cli.edge import refuse
from elearn.foundation import schema
from elearn.foundation.backup import whole
from elearn.foundation.clock import WIB, utc_now
from elearn.foundation.database import database
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.standards.openbadges import keys

PATTERN = "elearn-*.zip"


def backup(target: Annotated[Path, typer.Argument(help="a folder, or the archive's name to be")]) -> None:
    """Write database, files and the key of Open Badges into one archive, while the server runs."""
    now = utc_now()
    if target.is_dir():
        target = target / f"elearn-{now.astimezone(WIB):%Y%m%d-%H%M%S}.zip"
    elif not target.parent.is_dir():
        refuse(f"There is no folder {target.parent}. Make it first, or name another.")
    try:
        made = whole.backup(target, database(), store(), now, _keys())
    except OSError as failure:
        refuse(f"The archive was not written: {failure}. Free some space, or name another place.")
    held = "database, key of Open Badges" if made.keys else "database"
    typer.echo(f"{target}: {held} and {made.files} files, {os.stat(target).st_size:,} bytes.")
    if not _keys():
        typer.echo(f"The key in {settings().badge_key} (ELEARN_BADGE_KEY) is not in it: keep a copy of that file too.")


def restore(
    source: Annotated[Path, typer.Argument(exists=True, help="an archive, or a folder whose newest one it is")],
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before replacing what is there")] = False,
) -> None:
    """Check an archive and put everything back as it was. Stop the server first."""
    if source.is_dir():
        found = sorted(source.glob(PATTERN))
        if not found:
            refuse(f"There is no {PATTERN} in {source}. Name the archive itself.")
        source = found[-1]
    contents = whole.examine(source)
    typer.echo(f"{source}: made {contents.made_at}, {contents.files} files, {contents.size:,} bytes. It is sound.")
    # A script has said what it wants by running this.
    if not yes and sys.stdin.isatty() and schema.revision(database()) is not None:
        typer.confirm("Replace the present database and files?", abort=True)
    back = whole.restore(source, database(), store(), _keys())
    typer.echo("Restored.")
    for file in back.set_aside:
        typer.echo(f"Another key of Open Badges was here. It is now {file}; badges of the archive need the archive's.")
    if not back.keys and _keys():
        place = _keys()[keys.NAME]
        typer.echo(
            "The archive has no key of Open Badges. Badges handed out before verify by the old one alone: if there was "
            f"one, put it back as {place} before the server starts."
        )


def _keys() -> dict[str, Path]:
    """The key of Open Badges by its name in the archive; nothing where a setting names a key from elsewhere."""
    own = keys.own_file()
    return {keys.NAME: own} if own else {}
