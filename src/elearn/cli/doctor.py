"""What is wrong with this installation, and how to mend it."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import typer
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from elearn.foundation import schema
from elearn.foundation.database import Database
from elearn.foundation.errors import Refusal
from elearn.foundation.mail.mailer import MailFailed, open_mailer
from elearn.foundation.settings import SHORTEST_SECRET, Settings, settings
from elearn.foundation.storage.current import open_store
from elearn.foundation.storage.store import new_key
from elearn.foundation.web.rendering import STATIC
from elearn.standards.openbadges import keys

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""
OLDEST_POSTGRESQL = (14, 0)
LEAST_FREE = 1024**3
SECONDS_TO_WAIT = 5


class Finding(NamedTuple):
    """One line of the answer; `mend` is empty when nothing is wrong."""

    what: str
    said: str
    mend: str = ""


def doctor() -> None:
    """Say what is wrong with this installation and how to mend it; exit code 1 if anything is."""
    try:
        found = list(findings(settings()))
    except Refusal as unreadable:
        found = [Finding("settings", unreadable.message, "Correct these environment variables; README.md lists them.")]
    for each in found:
        typer.echo(f"{'problem' if each.mend else 'ok':8} {each.what:10} {each.said}")
        if each.mend:
            typer.echo(f"{'':19} {each.mend}")
    if any(each.mend for each in found):
        raise typer.Exit(1)


def findings(chosen: Settings) -> Iterator[Finding]:
    """Every check in turn; none of them changes anything."""
    yield from _settings(chosen)
    yield _secrets(chosen)
    yield _badges(chosen)
    yield from _database(chosen)
    yield _storage(chosen)
    yield _mail(chosen)
    yield _disk(chosen)
    yield _assets()


def _settings(chosen: Settings) -> Iterator[Finding]:
    problems = [each for each in chosen.problems() if "ELEARN_SECRET_KEY" not in each]
    for problem in problems:
        said, _dot, mend = problem.partition(". ")
        yield Finding("settings", said.rstrip(".") + ".", mend or said)
    if not problems:
        yield Finding("settings", f"{chosen.mode}, {chosen.base_url}, data in {chosen.data_dir.absolute()}")


def _secrets(chosen: Settings) -> Finding:
    if len(chosen.secret_key) >= SHORTEST_SECRET:
        return Finding("secrets", "ELEARN_SECRET_KEY is long enough.")
    mend = "Set it, for example to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    return Finding("secrets", f"ELEARN_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters.", mend)


def _badges(chosen: Settings) -> Finding:
    if (given := chosen.badge_key) is not None:
        if given.is_file():
            return Finding("badges", f"signed with {given}, which backups leave out: keep a copy of it.")
        return Finding("badges", f"There is no key at {given}.", "Put it there, or unset ELEARN_BADGE_KEY.")
    own = chosen.data_dir.absolute() / keys.NAME
    if own.is_file():
        return Finding("badges", f"signed with {own}, which is in the backups.")
    return Finding("badges", f"no key yet; made as {own} on first use. An old one must be put there before that.")


def _database(chosen: Settings) -> Iterable[Finding]:
    try:
        url = make_url(chosen.database_url)
    except ArgumentError:
        said = "ELEARN_DATABASE_URL is no database address."
        return [Finding("database", said, "Write it like postgresql+psycopg://user:password@host/elearn")]
    checks = _sqlite if url.get_backend_name() == "sqlite" else _postgresql
    try:
        return list(checks(chosen.database_url))
    except (SQLAlchemyError, OSError) as failure:
        said = f"{url.render_as_string()} does not answer: {_first_line(failure)}"
        mend = "Check ELEARN_DATABASE_URL, that the server runs, and that its folder may be written."
        return [Finding("database", said, mend)]


def _sqlite(url: str) -> Iterator[Finding]:
    file = make_url(url).database or ""
    version = sqlite3.sqlite_version_info
    old = version < OLDEST_SQLITE
    mend = f"Install SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer, or use PostgreSQL." if old else ""
    yield Finding("sqlite", f"version {sqlite3.sqlite_version}", mend)
    if not _is_file(file):
        yield Finding("database", f"There is no database at {file} yet.", "Make it: elearn migrate")
        return
    yield from _reached(Database(url), f"SQLite, {file}")


def _is_file(path: str) -> bool:
    try:
        with open(path, "rb"):
            return True
    except FileNotFoundError:
        return False


def _postgresql(url: str) -> Iterator[Finding]:
    engine = create_engine(url, connect_args={"connect_timeout": SECONDS_TO_WAIT})
    with engine.connect() as connection:
        version = connection.dialect.server_version_info or ()
    engine.dispose()
    shown = ".".join(str(part) for part in version)
    old = version < OLDEST_POSTGRESQL
    mend = f"Use PostgreSQL {OLDEST_POSTGRESQL[0]} or newer." if old else ""
    yield Finding("postgresql", f"version {shown}", mend)
    yield from _reached(Database(url), make_url(url).render_as_string())


def _reached(base: Database, said: str) -> Iterator[Finding]:
    try:
        # On SQLite beginning to write needs the file's lock and leave to write; nothing is changed.
        with base.writer.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        at = schema.revision(base)
    finally:
        base.close()
    if at == schema.newest():
        yield Finding("database", f"{said}, schema at {at}")
    elif at is not None and not schema.knows(at):
        mend = "Run the version of elearn that made it, or a newer one."
        yield Finding("database", f"{said}: its schema {at} is newer than this program.", mend)
    else:
        mend = "Bring it up to date: elearn migrate"
        yield Finding("database", f"{said}: its schema is {at or 'empty'}, needed is {schema.newest()}.", mend)


def _storage(chosen: Settings) -> Finding:
    where = chosen.storage_url or f"{chosen.data_dir.absolute()}"
    try:
        files = open_store(chosen)
        key = new_key("probe")
        files.put(key, [b"elearn"])
        same = files.read(key) == b"elearn"
        files.delete(key)
    except Exception as failure:  # a bucket fails in as many ways as the network
        mend = "Check ELEARN_STORAGE_URL and the ELEARN_S3_… keys." if chosen.storage_url else _WRITABLE
        return Finding("storage", f"{where} takes no files: {_first_line(failure)}", mend)
    if not same:
        return Finding("storage", f"{where} does not give back what was put in.", "Check the disk or the bucket.")
    return Finding("storage", f"{where} takes and gives files.")


_WRITABLE = "Make the folder writable for the user who runs elearn, or set ELEARN_DATA_DIR."


def _mail(chosen: Settings) -> Finding:
    if not chosen.smtp_host:
        return Finding("mail", "off: ELEARN_SMTP_HOST is not set, so admins hand out reset codes.")
    try:
        open_mailer(chosen).knock()
    except MailFailed as failure:
        mend = "Check ELEARN_SMTP_HOST, _PORT, _USER, _PASSWORD and _TLS."
        return Finding("mail", f"{chosen.smtp_host}:{chosen.smtp_port} refuses: {_first_line(failure)}", mend)
    return Finding("mail", f"{chosen.smtp_host}:{chosen.smtp_port} takes mail.")


def _disk(chosen: Settings) -> Finding:
    folder = chosen.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1024**3:.1f} GB free at {folder}"
    few = free < LEAST_FREE
    return Finding("disk", said, "Free some space, or move ELEARN_DATA_DIR to a larger disk." if few else "")


def _assets() -> Finding:
    if STATIC.is_dir() and any(STATIC.iterdir()):
        return Finding("assets", "Styles and scripts are built.")
    return Finding("assets", "Styles and scripts are missing.", "Install the wheel, or in a work tree run: make dev")


def _first_line(failure: Exception) -> str:
    lines = str(getattr(failure, "orig", None) or failure).strip().splitlines()
    return lines[0] if lines else type(failure).__name__
