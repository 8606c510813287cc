"""Commands that set up and run the server."""

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

import elearn
from elearn.app import configure_logging
from elearn.cli.edge import refuse, transaction
from elearn.demo import classes, history, office, people, placements, programmes, progress, records, reviews, signatures
from elearn.foundation import schema
from elearn.foundation.clock import utc_now
from elearn.foundation.database import database
from elearn.foundation.jobs import worker as working
from elearn.foundation.settings import DEMO_KEY, DEMO_PASSPHRASE, settings
from elearn.teaching.content.actions import sync_folder


def serve() -> None:
    """Serve in the foreground. On SQLite the server's process runs the jobs too."""
    _refuse_unfit()
    # Each of many threads would keep freed memory of its own for later; two pools are enough where one thread at a time
    # has the interpreter.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    # The server takes this process over. With several workers it only watches them, and must not keep in memory
    # for that what the commands have loaded.
    # -P and --app-dir: modules come from where elearn is installed, never from the folder in which somebody starts it.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "uvicorn", *_server_options()])  # noqa: S606 - our own words


def _server_options() -> list[str]:
    asked = settings()
    values = {
        "host": asked.host,
        "port": asked.port,
        "workers": asked.workers,
        "forwarded-allow-ips": asked.trusted_proxies,
        "log-level": "warning",
        "app-dir": Path(elearn.__file__).parents[1],
    }
    options = [f"--{name}={value}" for name, value in values.items()]
    return ["elearn.serving:app", *options, "--proxy-headers", "--no-access-log", "--no-server-header"]


def worker(name: str = "") -> None:
    """Run jobs until stopped; for PostgreSQL. `name` stays the same over restarts."""
    if settings().sqlite:
        refuse("On SQLite the server process runs the jobs, since one process writes. Nothing to start.")
    _refuse_unfit()
    configure_logging()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopped.set())
    working.launch(name or f"worker-{socket.gethostname()}")
    typer.echo("Working. Stop with Ctrl+C.")
    stopped.wait()
    working.stop()


def _refuse_unfit() -> None:
    if problems := settings().problems():
        refuse("\n".join(problems))
    if schema.revision(database()) != schema.newest():
        refuse("The database's schema is not up to date. Run: elearn migrate")


def migrate() -> None:
    """Bring the database's schema up to date."""
    schema.upgrade(database())
    typer.echo(f"The schema is at revision {schema.newest()}.")


def demo(accounts: Annotated[bool, typer.Option("--accounts", help="print the accounts as JSON")] = False) -> None:
    """Load the demo into an empty database, and print one account per role. Safe to repeat."""
    if accounts:
        typer.echo(json.dumps([_account(account) for account in people.ACCOUNTS], ensure_ascii=False))
        return
    if settings().production:
        refuse("The demo needs ELEARN_MODE=demo; its passwords are public.")
    schema.upgrade(database())
    with transaction() as session:
        people.load_people(session, utc_now())
    with transaction() as session:
        result = sync_folder(session, people.system(), progress.content_folder(), utc_now())
        if result.problems:
            refuse("\n".join(result.problems))
    with transaction() as session:
        history.load_history(session, utc_now())
        records.load_records(session, utc_now())
        progress.load_progress(session, utc_now())
        reviews.load_reviews(session, utc_now())
    _give_key()
    with transaction() as session:
        classes.load_classes(session, utc_now())
        placements.load_placements(session, utc_now())
        programmes.load_programmes(session, utc_now())
        office.load_office(session, utc_now())
        signatures.load_signatures(session, utc_now())
    typer.echo(f"\n  http://localhost:{os.environ.get('PORT', settings().port)}\n")
    for account in people.ACCOUNTS:
        typer.echo(f"  {account.role:14} NIP {account.nip}  {account.password:22} {account.name}")
    if settings().signs_with_demo_key:
        typer.echo(f"\n  /ttd signs with a key that is made for this demo; its passphrase is: {DEMO_PASSPHRASE}")
    typer.echo("")


def _give_key() -> None:
    """Give the demo a key of its own to sign with; another way of signing that is set stays."""
    if settings().signing == "off" and "signing" not in settings().model_fields_set:
        signatures.make_key(settings().data_dir / DEMO_KEY, utc_now())
        # From here on the settings find it.
        settings.cache_clear()


def _account(account: people.Account) -> dict[str, str]:
    return {"role": account.role, "nip": account.nip, "password": account.password, "name": account.name}
