"""Commands about people and their first access."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from elearn.cli.edge import named, refuse, transaction
from elearn.foundation.clock import utc_now
from elearn.foundation.events import announce
from elearn.foundation.ids import new_id
from elearn.foundation.settings import settings
from elearn.foundation.sheets import read_rows
from elearn.foundation.tables import Column, csv_chunks
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts import nip as numbers
from elearn.people.accounts.actions import issue_code
from elearn.people.accounts.events import PeopleChanged
from elearn.people.accounts.gate import person_named
from elearn.people.accounts.models import Person, RoleGrant
from elearn.people.accounts.rules import is_address
from elearn.people.audit.actions import record
from elearn.people.imports import actions
from elearn.people.imports.columns import check_mapping, guessed
from elearn.people.imports.roll import Roll, read_roll
from elearn.people.imports.rules import Check

commands = typer.Typer(no_args_is_help=True, help="People and their first access.")


class Given(StrEnum):
    """Roles that need no unit."""

    INSTRUCTOR = Role.INSTRUCTOR.value
    REGENCY_ADMIN = Role.REGENCY_ADMIN.value


@commands.command()
def create(
    name: Annotated[str, typer.Option()],
    nip: str = "",
    email: str = "",
    role: Annotated[list[Given] | None, typer.Option()] = None,
) -> None:
    """Make one person, and print the activation code. The first admin of a new installation is made so."""
    if not (nip or email):
        raise typer.BadParameter("--nip or --email is needed to sign in with")
    if nip and (sentence := numbers.problem(nip)):
        refuse(sentence)
    if email and not is_address(email.lower()):
        refuse(f"{email} is no e-mail address.")
    actor = Actor.system("elearn people create")
    with transaction() as session:
        if twin := next((each for each in (nip, email) if each and person_named(session, each)), None):
            refuse(
                f"Somebody has the NIP or e-mail address {twin} already. A new code: elearn people reset-link {twin}"
            )
        digits = numbers.clean(nip) or None
        person = _added(session, name, digits, email or None, [each.value for each in role or ()])
        record(session, actor, "person.added", person, after={"name": name, "nip": digits, "email": person.email})
        announce(session, PeopleChanged((person.id,)))
        code = issue_code(session, actor, person, "activation", utc_now())
    typer.echo(f"{person.name}: {settings().base_url}/aktivasi  {code}")


def _added(session: Session, name: str, nip: str | None, email: str | None, roles: list[str]) -> Person:
    """One person without a unit, for the first admin of a new installation."""
    now = utc_now()
    person = Person(public_id=new_id(), name=name, nip=nip, email=email.lower() if email else None, created_at=now)
    person.unit = None
    session.add(person)
    session.flush()
    for role in roles:
        session.add(RoleGrant(person_id=person.id, role=Role(role), unit_id=None, granted_at=now))
    session.flush()
    return person


@commands.command("reset-link")
def reset_link(who: Annotated[str, typer.Argument(help="NIP or e-mail address")]) -> None:
    """Print a new one-time code for somebody."""
    with transaction() as session:
        person = named(session, who)
        purpose = "reset" if person.activated_at else "activation"
        code = issue_code(session, Actor.system("elearn people reset-link"), person, purpose, utc_now())
    typer.echo(f"{settings().base_url}/aktivasi?nip={person.nip or ''}&kode={code}")


@commands.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX")],
    apply: Annotated[bool, typer.Option("--apply", help="write; without it the file is only checked")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the same as data")] = False,
    codes: Annotated[Path | None, typer.Option(help="new CSV file for the activation codes of new people")] = None,
) -> None:
    """Check a file of people: counts, and refused rows with the reason. Columns are told by their headers."""
    if codes is not None and not apply:
        raise typer.BadParameter("needs --apply", param_hint="--codes")
    roll = _read(file)
    actor = Actor.system("elearn people import")
    with _codes_kept(codes) as keep, transaction(keep=apply) as session:
        if apply:
            applied = actions.apply(session, actor, roll, utc_now())
            found = applied.check
            keep(applied.codes)
        else:
            found = actions.check(session, actor, roll, utc_now())
    if as_json:
        typer.echo(json.dumps(_told(roll, found, apply), ensure_ascii=False, indent=2))
    else:
        _tell(roll, found, apply)


def _read(file: Path) -> Roll:
    with file.open("rb") as opened:
        sheet = read_rows(opened, file.name)
    mapping = guessed(sheet.headers)
    check_mapping(sheet.headers, mapping)
    return read_roll(sheet, mapping)


@contextmanager
def _codes_kept(path: Path | None) -> Iterator[Callable[[list[tuple[Person, str]]], None]]:
    """Makes the file for the codes before anything is imported, and removes it if nothing was."""
    if path is None:
        yield lambda issued: None
        return
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as failure:
        refuse(f"The codes cannot be written to {path}: {failure.strerror}. Nothing was imported.")
    try:
        yield lambda issued: _write_codes(path, issued)
    except BaseException:
        path.unlink()
        raise


def _write_codes(path: Path, issued: list[tuple[Person, str]]) -> None:
    columns = (Column("nip", "NIP", "nip"), Column("name", "Nama"), Column("code", "Kode aktivasi"))
    rows = ((person.nip, person.name, code) for person, code in issued)
    path.write_bytes(b"".join(csv_chunks(columns, rows)))


def _told(roll: Roll, found: Check, applied: bool) -> dict[str, Any]:
    return {
        "applied": applied,
        "rows": roll.size,
        "counts": found.counts,
        "refused": [
            {"row": row.number, "nip": row.nip, "name": row.name, "reasons": list(row.reasons)} for row in found.refused
        ],
        "warnings": [
            {"row": row.number, "nip": row.nip, "name": row.name, "warning": row.sentence} for row in found.warnings
        ],
    }


def _tell(roll: Roll, found: Check, applied: bool) -> None:
    counts = ", ".join(f"{count} {sort}" for sort, count in found.counts.items())
    typer.echo(f"{roll.size} rows: {counts}.")
    for refused in found.refused:
        typer.echo(f"  row {refused.number} refused: {refused.nip} {refused.name}: {' '.join(refused.reasons)}")
    for warned in found.warnings:
        typer.echo(f"  row {warned.number} warning: {warned.nip} {warned.name}: {warned.sentence}")
    if not applied:
        typer.echo("Nothing was written. To write it, add: --apply")
    elif found.new:
        typer.echo("Written. New people need their code: see --codes, or the page Kode of their admin.")
    else:
        typer.echo("Written.")
