"""The front door for the shell. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn import demo as demo_world
from elearn import wiring
from elearn.app import configure_logging
from elearn.foundation import schema
from elearn.foundation.clock import utc_now
from elearn.foundation.database import database
from elearn.foundation.errors import NotFound, Refusal
from elearn.foundation.jobs import worker as working
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import issue_code, make_token
from elearn.people.accounts.forms import NewToken
from elearn.people.accounts.gate import person_named
from elearn.people.accounts.models import Person
from elearn.teaching.content.actions import sync_folder

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="elearn: the LMS for civil servants.")
people = typer.Typer(no_args_is_help=True, help="People and their first access.")
content = typer.Typer(no_args_is_help=True, help="Courses that live as files.")
token = typer.Typer(no_args_is_help=True, help="Bearer tokens for programs.")
app.add_typer(people, name="people")
app.add_typer(content, name="content")
app.add_typer(token, name="token")


def main() -> None:
    """Run a command; a refusal becomes a sentence and exit code 1."""
    wiring.connect()
    try:
        app()
    except Refusal as refusal:
        typer.echo(refusal.message or "Not found.", err=True)
        raise SystemExit(1) from None


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction for one command."""
    with database().write() as session:
        yield session
        session.commit()


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise SystemExit(1)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    schema.upgrade(database())
    typer.echo(f"The schema is at revision {schema.newest()}.")


@app.command()
def serve() -> None:
    """Serve in the foreground. On SQLite this process runs the jobs too."""
    if problems := settings().problems():
        _refuse("\n".join(problems))
    if schema.revision(database()) != schema.newest():
        _refuse("The database's schema is not up to date. Run: elearn migrate")
    configure_logging()
    uvicorn.run(
        "elearn.serving:app",
        host=settings().host,
        port=settings().port,
        workers=settings().workers,
        proxy_headers=True,
        forwarded_allow_ips=settings().trusted_proxies,
        access_log=False,
        log_level="warning",
        server_header=False,
    )


@app.command()
def worker(name: str = "") -> None:
    """Run jobs until stopped; for PostgreSQL. `name` stays the same over restarts."""
    if settings().sqlite:
        _refuse("On SQLite the server process runs the jobs, since one process writes. Nothing to start.")
    configure_logging()
    working.launch(name or f"worker-{socket.gethostname()}")
    typer.echo("Working. Stop with Ctrl+C.")
    try:
        threading.Event().wait()
    finally:
        working.stop()


@people.command("create")
def people_create(
    name: Annotated[str, typer.Option()],
    nip: str = "",
    email: str = "",
    role: Annotated[list[str] | None, typer.Option(help="instructor or regency_admin")] = None,
) -> None:
    """Make one person, and print the activation code."""
    with transaction() as session:
        person = demo_world.add_person(session, name, nip or None, email or None, role or [], utc_now())
        code = issue_code(session, Actor.system("elearn people create"), person, "activation", utc_now())
    typer.echo(f"{person.name}: {settings().base_url}/aktivasi  {code}")


@people.command("reset-link")
def people_reset_link(who: Annotated[str, typer.Argument(help="NIP or e-mail address")]) -> None:
    """Print a new one-time code for somebody."""
    with transaction() as session:
        person = _person(session, who)
        purpose = "reset" if person.activated_at else "activation"
        code = issue_code(session, Actor.system("elearn people reset-link"), person, purpose, utc_now())
    typer.echo(f"{settings().base_url}/aktivasi?nip={person.nip or ''}&kode={code}")


@content.command("sync")
def content_sync(folder: Path, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Create or update the courses of a folder; refuse a broken file with its line."""
    if not folder.is_dir():
        _refuse(f"{folder} is not a folder.")
    with database().write() as session:
        result = sync_folder(session, Actor.system("elearn content sync"), folder, utc_now())
        if result.problems:
            _refuse("\n".join(result.problems))
        for line in result.changes:
            typer.echo(line)
        if dry_run:
            session.rollback()
            typer.echo("Dry run: nothing was written.")
        else:
            session.commit()


@token.command("create")
def token_create(
    nip: Annotated[str, typer.Option()],
    scope: Annotated[list[str], typer.Option()],
    name: str = "elearn token create",
    days: int = 90,
) -> None:
    """Print a new bearer token of a person."""
    with transaction() as session:
        wish = NewToken(name=name, scopes=scope, days=days)
        secret = make_token(session, Actor.system("elearn token create"), _person(session, nip), wish, utc_now())
    typer.echo(secret)


@app.command()
def demo(accounts: Annotated[bool, typer.Option("--accounts", help="print the accounts as JSON")] = False) -> None:
    """Load the demo into an empty database, and print one account per role. Safe to repeat."""
    if accounts:
        typer.echo(json.dumps([_account(account) for account in demo_world.ACCOUNTS], ensure_ascii=False))
        return
    if settings().production:
        _refuse("The demo needs ELEARN_MODE=demo; its passwords are public.")
    schema.upgrade(database())
    with transaction() as session:
        demo_world.load_people(session, utc_now())
    with transaction() as session:
        result = sync_folder(session, demo_world.system(), demo_world.content_folder(), utc_now())
        if result.problems:
            _refuse("\n".join(result.problems))
    with transaction() as session:
        demo_world.load_progress(session, utc_now())
    typer.echo(f"\n  http://localhost:{os.environ.get('PORT', settings().port)}\n")
    for account in demo_world.ACCOUNTS:
        typer.echo(f"  {account.role:14} NIP {account.nip}  {account.password:20} {account.name}")
    typer.echo("")


def _account(account: demo_world.Account) -> dict[str, str]:
    return {"role": account.role, "nip": account.nip, "password": account.password, "name": account.name}


def _person(session: Session, who: str) -> Person:
    found = person_named(session, who)
    if found is None:
        raise NotFound(f"Nobody has the NIP or e-mail address {who}.")
    return session.scalars(select(Person).filter_by(id=found.id).options(joinedload(Person.unit))).one()
