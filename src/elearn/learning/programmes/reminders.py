"""Which duties are to be told of today: each moment once, one letter a person and day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.learning.programmes.models import ACTIVE, OPEN, Duty, DutyMail, DutyReminder, Programme
from elearn.learning.programmes.queries import WHOLE, owed
from elearn.learning.programmes.rules import Reminded, moments
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person

AT_ONCE = 50


class Letter(NamedTuple):
    """One person's mail of a day."""

    person_id: int
    email: str
    name: str
    locale: str
    duties: Sequence[Reminded]


def take_letters(session: Session, actor: Actor, now: datetime) -> list[Letter]:
    """The letters for the next some people, marked as told before they go out. Only people with an address get any."""
    actor.must(Permission.MANAGE_PROGRAMMES)
    today = wib_date(now)
    # Held, so that of two at once the second sees what the first has marked.
    running = select(Programme).where(Programme.state == ACTIVE, Programme.mandatory).order_by(Programme.id)
    session.execute(running.with_only_columns(Programme.id).with_for_update())
    found = [
        each for each in session.scalars(running.options(*WHOLE)) if moments(each.remind_before, each.remind_after)
    ]
    if not found:
        return []
    told_today = exists().where(DutyMail.person_id == Person.id, DutyMail.day == today)
    due = select(Duty.person_id).join(Person, Person.id == Duty.person_id)
    due = due.where(_has_come(found, today), Person.email.is_not(None), Person.status == "active", ~told_today)
    people = session.scalars(due.distinct().order_by(Duty.person_id).limit(AT_ONCE)).all()
    if not people:
        return []
    of_these = select(Duty).where(_has_come(found, today), Duty.person_id.in_(people))
    duties = session.scalars(of_these.order_by(Duty.due_on, Duty.id)).all()
    told = defaultdict(list)
    for each in owed(session, duties, found):
        day = each.duty.due_on or today
        told[each.duty.person_id].append(Reminded(each.programme.title, each.missing, day))
        moment = _moment(moments(each.programme.remind_before, each.programme.remind_after), day, today)
        session.add(DutyReminder(duty_id=each.duty.id, moment=moment, told_on=today))
    session.add_all(DutyMail(person_id=id, day=today) for id in people)
    session.flush()
    whom = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.id))
    return [Letter(who.id, who.email or "", who.full_name, who.locale, told[who.id]) for who in whom]


def _has_come(programmes: Sequence[Programme], today: date) -> ColumnElement[bool]:
    """Open duties whose latest moment has not been told yet; an earlier one that was missed is not made up for."""
    ways = []
    for programme in programmes:
        days = moments(programme.remind_before, programme.remind_after)
        latest = case(
            *((Duty.due_on <= today - timedelta(days=moment), moment) for moment in reversed(days)),
            else_=None,
        )
        told = exists().where(DutyReminder.duty_id == Duty.id, DutyReminder.moment == latest)
        ways.append(and_(Duty.programme_id == programme.id, latest.is_not(None), ~told))
    return and_(Duty.state == OPEN, Duty.due_on.is_not(None), or_(*ways))


def _moment(days: Sequence[int], due_on: date, today: date) -> int:
    """The latest moment that has come."""
    return max(moment for moment in days if due_on + timedelta(days=moment) <= today)
