"""Commands that hand out tables."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from elearn.cli.edge import operator, refuse, transaction
from elearn.foundation.database import database
from elearn.overview.reports.actions import note_export
from elearn.overview.reports.files import pieces
from elearn.overview.reports.filters import CompletionFilters, filters_for
from elearn.overview.reports.forms import ReportWish
from elearn.overview.reports.queries import totals
from elearn.people.access.actor import Actor

commands = typer.Typer(no_args_is_help=True, help="Tables of what was achieved.")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


class Format(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@commands.callback()
def export() -> None:
    """Tables of what was achieved."""


@commands.command()
def completions(
    format: Annotated[Format, typer.Option()],
    out: Annotated[Path, typer.Option(dir_okay=False, help="the file to write; one of this name is replaced")],
    course: Annotated[str, typer.Option(help="slug of a course")] = "",
    unit: Annotated[str, typer.Option(help="code of a unit; takes in all below it")] = "",
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="first day, WIB")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="last day, WIB")] = None,
) -> None:
    """Write who completed which course, newest first."""
    wish = _wish(since, until)
    actor = Actor.system(f"elearn export completions ({operator()})")
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    with transaction() as session:
        filters = filters_for(session, actor, course=course, unit=unit, since=wish.dari, until=wish.sampai)
        sums = totals(session, actor, filters)
        note_export(session, actor, filters, format.value, sums)
    try:
        _write(aside, actor, filters, format)
        aside.replace(out)
    except OSError as failure:
        refuse(f"{out} cannot be written: {failure.strerror}.")
    finally:
        aside.unlink(missing_ok=True)
    typer.echo(f"{out}: {sums.completions} completions of {sums.people} people.")


def _wish(since: datetime | None, until: datetime | None) -> ReportWish:
    """The days, checked as on the page."""
    days = {"dari": since and since.date(), "sampai": until and until.date()}
    try:
        return ReportWish.model_validate(days)
    except ValidationError as wrong:
        option = "--from" if wrong.errors()[0]["loc"] == ("dari",) else "--to"
        raise typer.BadParameter(str(wrong.errors()[0]["msg"]), param_hint=option) from None


def _write(aside: Path, actor: Actor, filters: CompletionFilters, format: Format) -> None:
    # Names and NIPs: for the one who asked, whatever the umask.
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for piece in pieces(database().read, actor, filters, format.value):
            file.write(piece)
