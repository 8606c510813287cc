"""Commands that hand records to other systems over the network."""

import getpass
import logging
import sys
from typing import Annotated

import typer

from elearn.cli.edge import MOST_TOLD, operator, refuse, tell_refused, transaction
from elearn.foundation.clock import utc_now
from elearn.foundation.database import database
from elearn.foundation.errors import NotFound, Refusal
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.organisation.queries import unit_for
from elearn.standards.siasn.actions import begin_bundle, give_up
from elearn.standards.siasn.client import SiasnClient, check_service
from elearn.standards.siasn.queries import Wanted, bundle_for
from elearn.standards.siasn.sending import Outcome, Post, foreseen, send

commands = typer.Typer(no_args_is_help=True, help="Records to other systems.")


@commands.callback()
def outward() -> None:
    """Records to other systems."""


@commands.command()
def siasn(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="calendar year, WIB")],
    unit: Annotated[str, typer.Option(help="code of a unit; takes in all below it")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="tell what would be sent, without a word to SIASN")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="also what SIASN refused before and did not change")] = False,
) -> None:
    """Send what did not leave yet to BKN's web service; asks for the SSO token, or reads it from standard input.

    Cut off, run it again: what has arrived is not sent twice.
    """
    actor = Actor.system(f"elearn send siasn ({operator()})")
    with transaction(keep=False) as session:
        try:
            wanted = Wanted(year, unit_for(session, actor, unit) if unit else None)
        except NotFound:
            refuse(f"There is no unit with the code {unit}.")
    if dry_run:
        tally = foreseen(database().read, actor, wanted, utc_now())
        typer.echo(
            f"Would send {tally.new} new records and {tally.replacement} replacements. {tally.refused} would be "
            f"refused, {tally.deletion} are to be deleted, {tally.known} have left already."
        )
        return
    check_service(settings())
    # Its addresses hold NIPs.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    token = getpass.getpass("SSO token: ") if sys.stdin.isatty() else sys.stdin.readline()
    with SiasnClient(settings(), token) as client:
        outcome = _sent(actor, wanted, client, again)
    typer.echo(
        f"{outcome.sent} records sent, {outcome.there} had arrived before, {outcome.documents} documents uploaded, "
        f"{outcome.deleted} deleted, {outcome.refused} refused by SIASN."
    )
    if outcome.by_hand:
        typer.echo(f"{outcome.by_hand} are to be deleted in SIASN by hand: /kelola/siasn lists them.")
    for entry, words in outcome.unproved[:MOST_TOLD]:
        typer.echo(f"PDF refused: {entry.title}, {entry.name}: {words}")
    if outcome.unproved:
        typer.echo(f"{len(outcome.unproved)} records stand without their PDF; the next run tries again.")
    tell_refused((entry.title, entry.name, words) for entry, words in outcome.answers)


def _sent(actor: Actor, wanted: Wanted, client: SiasnClient, again: bool) -> Outcome:
    with transaction() as session:
        bundle = begin_bundle(session, actor, wanted, utc_now()).public_id
    post = Post(transaction, actor, bundle, client, settings(), store(), utc_now)
    try:
        return send(post, wanted, database().read, again=again)
    except BaseException as stopped:
        with transaction() as session:
            give_up(session, actor, bundle_for(session, actor, bundle))
        if isinstance(stopped, Refusal):
            refuse(f"{stopped.message}\nWhat was sent before is noted. Run the command again to go on.")
        raise
