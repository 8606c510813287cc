"""Commands that hand out tables."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy.orm import Session

from elearn.cli.edge import operator, refuse, tell_refused, transaction
from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.database import database
from elearn.foundation.errors import NotFound
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.overview.reports.actions import note_export
from elearn.overview.reports.files import pieces
from elearn.overview.reports.filters import CompletionFilters, filters_for
from elearn.overview.reports.forms import ReportWish
from elearn.overview.reports.queries import totals
from elearn.people.access.actor import Actor
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_for
from elearn.standards.siasn.actions import begin_bundle, give_up, note_left
from elearn.standards.siasn.files import assemble
from elearn.standards.siasn.queries import Wanted, bundle_for
from elearn.standards.siasn.rules import Tally

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


@commands.command()
def siasn(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="calendar year, WIB")],
    out: Annotated[Path, typer.Option(file_okay=False, help="a new or empty folder for the files")],
    unit: Annotated[str, typer.Option(help="code of a unit; takes in all below it")] = "",
) -> None:
    """Write the records for SIASN that did not leave yet: tables, PDFs, and what would be refused and why."""
    actor, now = Actor.system(f"elearn export siasn ({operator()})"), utc_now()
    if out.exists() and any(out.iterdir()):
        refuse(f"{out} is not empty. Name another folder, so that no file of an earlier bundle is taken for a new one.")
    with transaction() as session:
        wanted = Wanted(year, _unit(session, actor, unit))
        bundle = begin_bundle(session, actor, wanted, now).public_id
    try:
        tally, answered = _bundle(actor, wanted, bundle, out, now)
    except BaseException as stopped:
        with transaction() as session:
            give_up(session, actor, bundle_for(session, actor, bundle))
        if isinstance(stopped, OSError):
            refuse(f"{out} cannot be written: {stopped.strerror}. Nothing is noted as having left.")
        raise
    typer.echo(
        f"{out}: {tally.new} new records, {tally.replacement} replacements, {tally.deletion} to be deleted, "
        f"{tally.refused} refused, {tally.jp} JP of {len(tally.people)} people."
    )
    tell_refused((told["kegiatan"], told["nama"], told["keterangan"]) for told in answered)


def _unit(session: Session, actor: Actor, code: str) -> Unit | None:
    try:
        return unit_for(session, actor, code) if code else None
    except NotFound:
        refuse(f"There is no unit with the code {code}.")


def _bundle(actor: Actor, wanted: Wanted, bundle: str, out: Path, now: datetime) -> tuple[Tally, list[dict[str, Any]]]:
    """The files, for the one who asked alone; then, in one transaction, what left. Gives what SIASN refused before."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="elearn-siasn-") as aside:
        today = wib_date(now)
        made = assemble(database().read, actor, wanted, settings(), store(), out, Path(aside), today, transaction)
        with transaction() as session:
            found = bundle_for(session, actor, bundle)
            note_left(session, actor, found, made.rows(), made.tally.counts, utc_now())
        return made.tally, list(made.answered())


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
