"""Commands about courses that live as files."""

from pathlib import Path
from typing import Annotated

import typer

from elearn.cli.edge import refuse, transaction
from elearn.foundation.clock import utc_now
from elearn.people.access.actor import Actor
from elearn.teaching.content.actions import sync_folder

commands = typer.Typer(no_args_is_help=True, help="Courses that live as files.")


@commands.callback()
def content() -> None:
    """Courses that live as files."""


@commands.command()
def sync(folder: Path, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Create or update the courses of a folder; refuse a broken file with its line."""
    if not folder.is_dir():
        refuse(f"{folder} is not a folder.")
    with transaction(keep=not dry_run) as session:
        result = sync_folder(session, Actor.system("elearn content sync"), folder, utc_now())
        if result.problems:
            refuse("\n".join(result.problems))
    for line in result.changes:
        typer.echo(line)
    if dry_run:
        typer.echo("Dry run: nothing was written.")
