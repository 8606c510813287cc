"""Verbs of imports: bring a file, choose its columns, check it, apply it.

For programs: `roll = read_roll(sheet, guessed(sheet.headers))`, then `check(session, actor, roll, now)` writes nothing
and `apply(session, actor, roll, now)` writes everything or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.actions import issue_codes, new_sheet
from elearn.people.accounts.events import PeopleChanged
from elearn.people.accounts.models import CodeSheet, Person
from elearn.people.accounts.reach import lay_down, outgrown
from elearn.people.accounts.tenure import keep_former_names, leave, place
from elearn.people.audit.actions import record, record_all
from elearn.people.imports.columns import check_mapping, complete, guessed
from elearn.people.imports.models import Roster
from elearn.people.imports.queries import known_for, people_with, remembered_mapping
from elearn.people.imports.roll import Roll
from elearn.people.imports.rules import Change, Check, Newcomer, compare

JOB = "imports.import_people"
FEW = 200
"""People who are named when they changed; of more it is said that a great many did."""


@dataclass(frozen=True)
class Applied:
    """What an import did. `sheet` shows the codes to a person who imported; the system gets them in `codes` only."""

    check: Check
    codes: list[tuple[Person, str]]
    sheet: CodeSheet | None


def check(session: Session, actor: Actor, roll: Roll, now: datetime) -> Check:
    """What importing this roll would do. Writes nothing. Needs MANAGE_PEOPLE; rows outside its reach are refused."""
    actor.must(Permission.MANAGE_PEOPLE)
    return compare(roll, known_for(session, actor, roll, wib_date(now)))


def apply(session: Session, actor: Actor, roll: Roll, now: datetime) -> Applied:
    """Write what `check` says: new people with a code for their first access, and changes. Refused rows stay out.

    Nobody is removed, nothing is blanked. Doing it twice is the same as once. Raises Conflict when somebody else
    added one of the same people at the same moment; nothing is written then.
    """
    found = check(session, actor, roll, now)
    try:
        new = _add(session, actor, found.new, now)
        _change(session, actor, found.changed, now)
    except IntegrityError as twin:
        raise Conflict(_("Data pegawai berubah selama impor, jadi tidak ada yang ditulis. Jalankan lagi.")) from twin
    touched = [*(person.id for person in new), *(change.person_id for change in found.changed)]
    if touched:
        announce(session, PeopleChanged(tuple(touched) if len(touched) <= FEW else None))
    sheet = new_sheet(session, actor, None, len(new), now) if new and not actor.is_system else None
    codes = issue_codes(session, actor, new, now, sheet)
    return Applied(found, codes, sheet)


def _add(session: Session, actor: Actor, newcomers: Sequence[Newcomer], now: datetime) -> Sequence[Person]:
    if not newcomers:
        return []
    empty = dict.fromkeys(("title_before", "title_after", "position", "position_kind", "rank", "phone"), "")
    blank = {**empty, "email": None, "siasn_id": None}
    rows = [
        {**blank, **each.values, "public_id": new_id(), "unit_id": each.unit_id, "created_at": now}
        for each in newcomers
    ]
    session.execute(insert(Person), rows)
    added = people_with(session, [each.nip for each in newcomers])
    record_all(
        session,
        actor,
        "person.imported",
        Person,
        [
            (person.public_id, None, {**each.values, "unit_id": each.unit_id})
            for person, each in zip(added, newcomers, strict=True)
        ],
    )
    since = {
        person.id: each.since for person, each in zip(added, newcomers, strict=True) if person.unit_id and each.since
    }
    place(session, actor, [person.id for person in added if person.unit_id], now, since)
    return added


def _change(session: Session, actor: Actor, changes: Sequence[Change], now: datetime) -> None:
    if not changes:
        return
    session.execute(update(Person), [{"id": each.person_id, **each.after} for each in changes])
    changed = [(each.public_id, dict(each.before), dict(each.after) | _since(each)) for each in changes]
    record_all(session, actor, "person.changed", Person, changed)
    keep_former_names(session, actor, {each.person_id: each.was_called for each in changes}, now)
    since = {each.person_id: each.since for each in changes if each.since}
    kinds = {each.person_id: each.was_employed for each in changes}
    place(session, actor, [each.person_id for each in changes if each.moves and not each.leaves], now, since, kinds)
    leave(session, actor, [each.person_id for each in changes if each.leaves], now, since)
    moves = {each.person_id: each.changes_unit for each in changes if each.changes_unit}
    lay_down(session, actor, outgrown(session, moves))


def _since(change: Change) -> dict[str, str | int | None]:
    return {"since": change.since.isoformat()} if change.since else {}


def bring(
    session: Session, actor: Actor, file_name: str, storage_key: str, headers: Sequence[str], now: datetime
) -> Roster:
    """Note a stored file, with its columns chosen as before or guessed; `mapping` stays empty if a needed one fails."""
    actor.must(Permission.MANAGE_PEOPLE)
    mapping = guessed(headers, remembered_mapping(session, actor, headers))
    roster = Roster(
        public_id=new_id(),
        uploaded_by=actor.me(),
        file_name=file_name[-200:],
        storage_key=storage_key,
        headers=list(headers),
        mapping=mapping if complete(mapping) else None,
        created_at=now,
    )
    session.add(roster)
    session.flush()
    record(session, actor, "import.brought", roster, after={"file": roster.file_name})
    return roster


def choose_columns(session: Session, actor: Actor, roster: Roster, mapping: Mapping[str, str]) -> None:
    """Say which column holds what; remembered for the next file. Raises Invalid by field."""
    actor.must(Permission.MANAGE_PEOPLE)
    _still_open(roster)
    roster.mapping = dict(check_mapping(roster.headers, mapping))
    session.flush()


def start(session: Session, actor: Actor, roster: Roster, now: datetime) -> str:
    """Have the roster imported by a job; gives the job's public id. Asked twice, it is the same job."""
    actor.must(Permission.MANAGE_PEOPLE)
    session.refresh(roster, with_for_update=True)
    if roster.state == "applying" and roster.job_public_id:
        job = session.scalar(select(Job).filter_by(public_id=roster.job_public_id))
        if job is not None and job.state not in ("failed", "cancelled"):
            return roster.job_public_id
    elif roster.state == "applied":
        raise Conflict(_("Berkas ini sudah diimpor. Buka laporannya, atau unggah berkas lain."))
    if roster.mapping is None:
        raise Conflict(_("Cocokkan kolom berkas ini dahulu."))
    title = _("Impor %(file)s", file=roster.file_name)[:200]
    arguments = {"roster": roster.public_id}
    job = enqueue(session, kind=JOB, title=title, owner_id=actor.me(), arguments=arguments, unit=_("baris"), now=now)
    roster.state, roster.job_public_id = "applying", job.public_id
    session.flush()
    return job.public_id


def apply_roster(session: Session, actor: Actor, roster: Roster, roll: Roll, now: datetime) -> None:
    """Apply a roster's roll and keep the report with it. A roster that was applied stays as it is."""
    session.refresh(roster, with_for_update=True)
    if roster.state == "applied":
        return
    applied = apply(session, actor, roll, now)
    roster.counts = dict(applied.check.counts)
    roster.report = {
        "refused": [[row.number, list(row.reasons), row.cells] for row in applied.check.refused],
        "warnings": [[row.number, row.nip, row.name, row.sentence] for row in applied.check.warnings],
    }
    roster.code_sheet = applied.sheet.public_id if applied.sheet else None
    roster.state, roster.applied_at = "applied", now
    session.flush()
    record(session, actor, "import.applied", roster, after=roster.counts)


def forget(session: Session, actor: Actor, rosters: Sequence[Roster]) -> None:
    """Remove the rows of old rosters, whose files are gone; the audit keeps what they did."""
    for roster in rosters:
        session.delete(roster)
    session.flush()


def _still_open(roster: Roster) -> None:
    if roster.state == "applied":
        raise Conflict(_("Berkas ini sudah diimpor. Buka laporannya, atau unggah berkas lain."))
