"""Commands about bearer tokens."""

from typing import Annotated

import typer

from elearn.cli.edge import named, transaction
from elearn.foundation.clock import utc_now
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import make_token
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.scopes import SCOPES

commands = typer.Typer(no_args_is_help=True, help="Bearer tokens for programs.")


@commands.callback()
def token() -> None:
    """Bearer tokens for programs."""


@commands.command()
def create(
    nip: Annotated[str, typer.Option(help="of the person in whose name the program acts")],
    scope: Annotated[list[str], typer.Option(help=f"one or more of: {', '.join(SCOPES)}")],
    name: str = "elearn token create",
    days: Annotated[int, typer.Option(min=1, max=365)] = 90,
) -> None:
    """Print a new bearer token of a person."""
    unknown = sorted(set(scope) - set(SCOPES))
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}", param_hint="--scope")
    with transaction() as session:
        wish = NewToken(name=name[:100], scopes=scope, days=days)
        secret = make_token(session, Actor.system("elearn token create"), named(session, nip), wish, utc_now())
    typer.echo(secret)
