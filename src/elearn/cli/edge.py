"""What commands share: one transaction each, saying no, who types, and whom a command is about."""

import getpass
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.database import database
from elearn.foundation.errors import NotFound
from elearn.people.accounts.gate import person_named
from elearn.people.accounts.models import Person

# Longer lists stand on the pages.
MOST_TOLD = 50


@contextmanager
def transaction(*, keep: bool = True) -> Iterator[Session]:
    """One transaction for one command; undone at the end unless it is to be kept."""
    with database().write() as session:
        yield session
        if keep:
            session.commit()
        else:
            session.rollback()


def refuse(sentence: str) -> NoReturn:
    """End the command: it cannot be done, and why."""
    typer.echo(sentence, err=True)
    raise SystemExit(1)


def tell_refused(answers: Iterable[tuple[str, str, str]]) -> None:
    """Name each record that SIASN refused (what, whose, SIASN's words), and what to do next."""
    told = list(answers)
    for title, name, words in told[:MOST_TOLD]:
        typer.echo(f"Refused: {title}, {name}: {words}")
    if len(told) > MOST_TOLD:
        typer.echo(f"and {len(told) - MOST_TOLD} more.")
    if told:
        typer.echo(
            "They are sent again once what SIASN names was mended (/kelola/siasn leads to where), or as they are with "
            "'elearn send siasn --again'."
        )


def operator() -> str:
    """Who runs the command on this machine; a container's user may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def named(session: Session, who: str) -> Person:
    """The person with this NIP or e-mail address, with the unit; NotFound with a sentence."""
    found = person_named(session, who)
    if found is None:
        raise NotFound(f"Nobody has the NIP or e-mail address {who}.")
    return session.scalars(select(Person).filter_by(id=found.id).options(joinedload(Person.unit))).one()
