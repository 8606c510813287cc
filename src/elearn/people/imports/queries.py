"""Questions of imports: what is there already, and one's own rosters."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.database import in_batches
from elearn.foundation.errors import NotFound
from elearn.foundation.web.paging import Stretch, stretch_of
from elearn.foundation.web.shapes import ListWish
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import present_of
from elearn.people.accounts.reach import over_units
from elearn.people.accounts.rules import Present
from elearn.people.imports.models import Roster
from elearn.people.imports.roll import Roll
from elearn.people.imports.rules import Known
from elearn.people.organisation.models import Unit

BATCH = 2_000
LATEST = ListWish(limit=20)


def known_for(session: Session, actor: Actor, roll: Roll, today: date) -> Known:
    """Whatever a roll has to be held beside; a statement per 2,000 rows."""
    nips = [draft.nip for draft in roll.drafts]
    emails = {draft.values["email"] for draft in roll.drafts if "email" in draft.values}
    siasn_ids = {draft.values["siasn_id"] for draft in roll.drafts if "siasn_id" in draft.values}
    people: dict[str, Person] = {}
    by_siasn: dict[str, Person] = {}
    owners: dict[str, int] = {}
    for batch in in_batches(sorted(nips), BATCH):
        # A filled identity map would let an earlier, stale row answer.
        found = session.scalars(select(Person).where(Person.nip.in_(batch)).execution_options(populate_existing=True))
        people.update({person.nip or "": person for person in found})
    for batch in in_batches(sorted(siasn_ids), BATCH):
        found = session.scalars(
            select(Person).where(Person.siasn_id.in_(batch)).execution_options(populate_existing=True)
        )
        by_siasn.update({person.siasn_id or "": person for person in found})
    for batch in in_batches(sorted(emails), BATCH):
        rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(batch)))
        owners.update({email or "": owner for email, owner in rows})
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    may_fill = partial(actor.may, Permission.MANAGE_PEOPLE)
    present: dict[int, Present] = {}
    everybody = sorted({person.id for person in (*people.values(), *by_siasn.values())})
    for ids in in_batches(everybody, BATCH):
        present.update(present_of(session, ids))
    over: dict[int, list[tuple[str, Unit]]] = {}
    for grant in over_units(session, everybody):
        if grant.unit is not None:
            over.setdefault(grant.person_id, []).append((grant.role, grant.unit))
    return Known(people, by_siasn, owners, units, may_fill, today, present, over, actor.person_id)


def people_with(session: Session, nips: Sequence[str]) -> list[Person]:
    """The people with these NIPs, in this order; each must be there."""
    found: dict[str | None, Person] = {}
    for batch in in_batches(sorted(nips), BATCH):
        found.update({person.nip: person for person in session.scalars(select(Person).where(Person.nip.in_(batch)))})
    return [found[nip] for nip in nips]


def roster_for(session: Session, actor: Actor, public_id: str) -> Roster:
    """A file that this importer brought; NotFound for everybody else, for it may lead to access codes."""
    roster = session.scalar(select(Roster).filter_by(public_id=public_id, uploaded_by=actor.person_id))
    if roster is None:
        raise NotFound
    actor.must(Permission.MANAGE_PEOPLE)
    return roster


def my_rosters(session: Session, actor: Actor, wish: ListWish) -> Stretch[Roster]:
    """The files that the importer brought, the newest first."""
    actor.must(Permission.MANAGE_PEOPLE)
    mine = select(Roster).filter_by(uploaded_by=actor.person_id)
    return stretch_of(session, mine, Roster.id, wish, newest_first=True)


def not_run_since(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """How many files the importer brought and has not run, and since when the oldest waits. One statement."""
    actor.must(Permission.MANAGE_PEOPLE)
    wanted = select(func.count(Roster.id), func.min(Roster.created_at))
    count, since = session.execute(wanted.where(Roster.uploaded_by == actor.me(), Roster.state == "uploaded")).one()
    return count, since


def remembered_mapping(session: Session, actor: Actor, headers: Sequence[str]) -> dict[str, str]:
    """Which of these headers the importer chose for which field before, the latest choice first."""
    chosen: dict[str, str] = {}
    for roster in my_rosters(session, actor, LATEST).rows:
        for key, header in (roster.mapping or {}).items():
            if header in headers and header not in chosen.values():
                chosen.setdefault(key, header)
    return chosen
