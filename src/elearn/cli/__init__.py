"""The front door for the shell. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import typer
from sqlalchemy.exc import OperationalError

from elearn import wiring
from elearn.cli import backups, content, doctor, export, people, send, server, tokens
from elearn.foundation.errors import Refusal

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="elearn: the LMS for civil servants.")
for command in (server.serve, server.worker, server.migrate, doctor.doctor, backups.backup, backups.restore):
    app.command()(command)
app.add_typer(people.commands, name="people")
app.add_typer(content.commands, name="content")
app.add_typer(export.commands, name="export")
app.add_typer(send.commands, name="send")
app.add_typer(tokens.commands, name="token")
app.command()(server.demo)


def main() -> None:
    """Run a command; a refusal becomes a sentence and exit code 1."""
    wiring.connect()
    try:
        app()
    except Refusal as refusal:
        typer.echo(refusal.message or "Not found.", err=True)
        raise SystemExit(1) from None
    except OperationalError as failure:
        typer.echo(f"The database does not answer: {failure.orig}\nWhat to do about it says: elearn doctor", err=True)
        raise SystemExit(1) from None
