"""Verbs of service: where people work, as what and from which day on, what they are called, and that they leave.

A day given as *since* is the TMT (terhitung mulai tanggal) of a decree, in WIB; `rules` says which days are possible.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.database import in_batches
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import AccessCode, ApiToken, FormerName, Person, Placement, WebSession, printed_name
from elearn.people.accounts.queries import present_of
from elearn.people.accounts.rules import change_problem, day_problem

_Row: TypeAlias = Row[int, int | None, str, str]
A_DAY = timedelta(days=1)
_NO_DAYS: Mapping[int, date] = MappingProxyType({})
_NO_KINDS: Mapping[int, str] = MappingProxyType({})


def hold(session: Session, person: Person) -> str:
    """Hold a person's row, so that of two changes at once the second sees the first; gives the state of the account."""
    held = select(Person.status).where(Person.id == person.id).with_for_update(key_share=True)
    return session.scalars(held).one()


def check_since(session: Session, person: Person, nip: str | None, day: date, now: datetime, *, moved: bool) -> None:
    """Refuse with Invalid a TMT that cannot be, or that nothing goes with; holds the row of whoever is known."""
    if not moved:
        sentence: str | None = _("Unit, jabatan, dan jenis tidak berubah. Kosongkan TMT, atau ubah di Riwayat tugas.")
    elif person.id is None:
        sentence = day_problem(day, wib_date(now), nip)
    else:
        hold(session, person)
        present = present_of(session, [person.id]).get(person.id)
        sentence = change_problem(day, wib_date(now), nip, present)
    if sentence:
        raise Invalid(sentence, {"tmt": sentence})


def place(
    session: Session,
    actor: Actor,
    people_ids: Sequence[int],
    now: datetime,
    since: Mapping[int, date] = _NO_DAYS,
    kinds_before: Mapping[int, str] = _NO_KINDS,
) -> None:
    """Note where people work, and as what, as their rows now say: since today, or since the day that is given.

    What was so before ends the day before; a place that would have lasted no day leaves no trace. The first that is
    known tells of all the time before, so it always keeps a day. `kinds_before` says how those were employed who are
    employed otherwise now.
    """
    today = wib_date(now)
    for ids in in_batches(people_ids):
        held, new = _placements(session, ids), []
        for person in session.execute(_present(ids)):
            day, earlier = since.get(person.id, today), held.get(person.id, [])
            _end(session, earlier, day, today, kinds_before.get(person.id, person.asn_kind))
            last = earlier[-1] if earlier else None
            if last and last.valid_to == day - A_DAY and _what(last) == _what(person):
                last.valid_to = None
            else:
                new.append(_noted(person, day))
        _write(session, new)


def leave(
    session: Session, actor: Actor, people_ids: Sequence[int], now: datetime, since: Mapping[int, date] = _NO_DAYS
) -> None:
    """End the service of people: their access now, their places with today or before the day that is given.

    Why they left stands in their rows. What they learned stays where it is.
    """
    today = wib_date(now)
    for ids in in_batches(people_ids):
        session.execute(update(Person).where(Person.id.in_(ids)).values(status="left"))
        session.execute(delete(WebSession).where(WebSession.person_id.in_(ids)))
        session.execute(
            update(ApiToken).where(ApiToken.person_id.in_(ids), ApiToken.revoked_at.is_(None)).values(revoked_at=now)
        )
        session.execute(
            update(AccessCode).where(AccessCode.person_id.in_(ids), AccessCode.used_at.is_(None)).values(used_at=now)
        )
        held, new = _placements(session, ids), []
        for person in session.execute(_present(ids)):
            day, mine = since.get(person.id, today + A_DAY), held.get(person.id, [])
            _end(session, mine, day, today, person.asn_kind)
            if not mine:
                # Without it nothing would tell until when somebody served whose place was never noted.
                new.append(_noted(person, day - A_DAY, day - A_DAY))
        _write(session, new)


def stay(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """Somebody who was said to have left never did: the account is open again, and the last place goes on."""
    person.status, person.left_as = "active", ""
    session.flush()
    mine = _placements(session, [person.id]).get(person.id, [])
    if mine:
        mine[-1].valid_to = None
    if not mine or _what(mine[-1]) != _what(person):
        place(session, actor, [person.id], now)
    session.flush()


def begin_on(session: Session, actor: Actor, person: Person, day: date) -> None:
    """Let the present place, which is not the first, begin on another day; the one before ends accordingly."""
    *_earlier, before, present = _placements(session, [person.id])[person.id]
    if before.valid_to is None or before.valid_to == present.valid_from - A_DAY or before.valid_to >= day:
        before.valid_to = day - A_DAY
    present.valid_from = day
    session.flush()


def keep_former_names(session: Session, actor: Actor, before: Mapping[int, str], now: datetime) -> None:
    """Note what people were called until today, by their ids; whose full name is the same as before is passed over.

    Of several changes on a day only the name before them was anybody's.
    """
    today = wib_date(now)
    for ids in in_batches(sorted(before)):
        kept = select(FormerName).where(FormerName.person_id.in_(ids), FormerName.until == today)
        of_today = {each.person_id: each for each in session.scalars(kept)}
        called = select(Person.id, Person.name, Person.title_before, Person.title_after).where(Person.id.in_(ids))
        for person_id, *parts in session.execute(called):
            name, noted = printed_name(*parts), of_today.get(person_id)
            if noted is None and name != before[person_id]:
                session.add(FormerName(person_id=person_id, name=before[person_id], until=today))
            elif noted is not None and name == noted.name:
                session.delete(noted)
        session.flush()


def _end(session: Session, held: list[Placement], day: date, today: date, kind: str) -> None:
    """End what is held on a day or begins later; takes out of the list what leaves no trace."""
    for each in [each for each in held if each.valid_to is None or each.valid_to >= day]:
        each.asn_kind = each.asn_kind or kind
        if each.valid_from < day:
            each.valid_to = day - A_DAY
        elif each is held[0] and not each.valid_from == day == today:
            each.valid_from = each.valid_to = day - A_DAY
        else:
            held.remove(each)
            session.delete(each)


def _present(ids: Sequence[int]) -> Select[int, int | None, str, str]:
    # Columns: objects that the session holds would tell what was so before a change of many rows at once.
    return select(Person.id, Person.unit_id, Person.position, Person.asn_kind).where(Person.id.in_(ids))


def _placements(session: Session, ids: Sequence[int]) -> dict[int, list[Placement]]:
    wanted = select(Placement).where(Placement.person_id.in_(ids)).order_by(Placement.valid_from, Placement.id)
    found: dict[int, list[Placement]] = {}
    for each in session.scalars(wanted.execution_options(populate_existing=True)):
        found.setdefault(each.person_id, []).append(each)
    return found


def _noted(person: _Row, first: date, last: date | None = None) -> dict[str, Any]:
    unit_id, position, asn_kind = _what(person)
    what = {"unit_id": unit_id, "position": position, "asn_kind": asn_kind}
    return {"person_id": person.id, "valid_from": first, "valid_to": last, **what}


def _write(session: Session, new: Sequence[dict[str, Any]]) -> None:
    session.flush()
    if new:
        session.execute(insert(Placement), new)


def _what(row: Person | Placement | _Row) -> tuple[int | None, str, str | None]:
    return row.unit_id, row.position, row.asn_kind
