"""Bringing duties up to date with the rules: who is meant comes in, who is not any more is left in peace.

One person is looked at by one run at a time, as each piece of a run holds the programme's row; run again, a run changes
nothing. No record is ever removed.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from elearn.foundation.clock import start_of, wib_date
from elearn.foundation.database import in_batches
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.actions import enrol_by_rule
from elearn.learning.programmes.matching import first_rule, meant
from elearn.learning.programmes.models import ACTIVE, DONE, MOVED, OPEN, Duty, Nudge, Programme, ProgrammeCourse
from elearn.learning.programmes.queries import WHOLE, Times, completions, counting, steps_of
from elearn.learning.programmes.rules import done_at, first_due, in_time, lapses, months_later, valid_until
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record_all

PIECE = 200
"""People looked at in one transaction."""


def run_piece(
    session: Session,
    actor: Actor,
    programme_id: int,
    after: int,
    now: datetime,
    among: Collection[int] | None = None,
) -> tuple[int | None, int]:
    """Look at the next people by id: gives the last of them (None at the end) and how many they were.

    `among` keeps to people who changed. Nothing happens when the programme does not run any more.
    """
    actor.must(Permission.MANAGE_PROGRAMMES)
    # Of two runs at once the second waits here, and then sees what the first one did.
    held = select(Programme).where(Programme.id == programme_id).with_for_update(of=Programme)
    programme = session.scalars(held.execution_options(populate_existing=True)).one()
    if programme.state != ACTIVE:
        return None, 0
    programme = session.scalars(
        select(Programme).where(Programme.id == programme_id).options(*WHOLE).execution_options(populate_existing=True)
    ).one()
    owing = Duty.programme_id == programme.id, Duty.person_id == Person.id, Duty.state == OPEN
    concerned = exists().where(*owing)
    is_meant = meant(programme)
    wanted = select(Person.id, first_rule(programme.rules).label("rule"), is_meant.label("meant"))
    wanted = wanted.where(Person.id > after, or_(is_meant, concerned))
    if among is not None:
        wanted = wanted.where(Person.id.in_(among))
    rows = session.execute(wanted.order_by(Person.id).limit(PIECE)).all()
    rules = {row.id: row.rule for row in rows if row.meant}
    _bring_up_to_date(session, actor, programme, [row.id for row in rows], rules, now)
    session.flush()
    return (rows[-1].id if len(rows) == PIECE else None), len(rows)


def _bring_up_to_date(
    session: Session,
    actor: Actor,
    programme: Programme,
    people: Sequence[int],
    rules: dict[int, int],
    now: datetime,
) -> None:
    today = wib_date(now)
    last = _last(session, programme, people)
    due = {rule.id: rule for rule in programme.rules}
    fresh = [_first(programme, due[rules[id]], id, today) for id in people if id in rules and id not in last]
    _add(session, actor, fresh)
    for id, duty in last.items():
        if duty.state == MOVED and id in rules:
            _note(session, actor, "duty.reopened", [(duty, {"state": OPEN, "due_on": in_time(duty.due_on, today)})])
            duty.closed_at = None
        elif duty.state == OPEN and id not in rules:
            _note(session, actor, "duty.moved", [(duty, {"state": MOVED})])
            duty.closed_at = now
    session.flush()
    if fresh:
        last = _last(session, programme, people)
    still_open = [duty for duty in last.values() if duty.state == OPEN]
    times = completions(session, [duty.person_id for duty in still_open], [step.course_id for step in programme.steps])
    settle(session, actor, programme, still_open, times)
    lapsing = [
        duty for id, duty in last.items() if duty.state == DONE and id in rules and lapses(duty.valid_until, today)
    ]
    _add(session, actor, [_next(programme, duty, rules[duty.person_id], now) for duty in lapsing])
    if programme.mandatory and programme.way != "some":
        _enrol(session, actor, programme, [duty for duty in still_open if duty.state == OPEN], times, now)


def settle(session: Session, actor: Actor, programme: Programme, duties: Sequence[Duty], times: Times) -> None:
    """Close those open duties of a whole programme whose courses are completed; `times` are of `completions`."""
    changes = []
    for duty in duties:
        at = done_at(counting(duty, programme, times).values(), programme.least)
        if at is not None:
            duty.valid_until = valid_until(at, programme.validity_months)
            duty.completed_at = at
            changes.append((duty, {"state": DONE}))
    _note(session, actor, "duty.done", changes)
    session.flush()


def settle_person(session: Session, actor: Actor, person_id: int, course_id: int) -> None:
    """Somebody completed a course: what he or she owed by it is looked at, and the rest is left to the next run."""
    mine = select(Duty).join(ProgrammeCourse, ProgrammeCourse.programme_id == Duty.programme_id)
    open_ones = mine.where(Duty.person_id == person_id, Duty.state == OPEN, ProgrammeCourse.course_id == course_id)
    found = {duty.programme_id: duty for duty in session.scalars(open_ones)}
    if found:
        running = select(Programme).where(Programme.id.in_(found), Programme.state == ACTIVE).options(*WHOLE)
        programmes = session.scalars(running).all()
        times = completions(session, [person_id], {step.course_id for each in programmes for step in each.steps})
        for programme in programmes:
            settle(session, actor, programme, [found[programme.id]], times)
    nudge(session, actor, [person_id])


def nudge(session: Session, actor: Actor, people: Iterable[int] | None) -> None:
    """Have these people, or everybody, looked at by the next run."""
    if session.scalar(select(Programme.id).where(Programme.state == ACTIVE).limit(1)) is None:
        return
    session.add_all(Nudge(person_id=id) for id in (people if people is not None else [None]))
    session.flush()


def forget_nudges(session: Session, actor: Actor, ids: Sequence[int]) -> None:
    """Remove those that a run has seen; what came in meanwhile stays for the next one."""
    for some in in_batches(ids):
        session.execute(delete(Nudge).where(Nudge.id.in_(some)))


def mark_run(session: Session, actor: Actor, programme_id: int, day: date) -> None:
    """Everybody was looked at on this day."""
    session.execute(update(Programme).where(Programme.id == programme_id).values(ran_on=day))


def _last(session: Session, programme: Programme, people: Sequence[int]) -> dict[int, Duty]:
    """The duty of each person's last term."""
    wanted = select(Duty).where(Duty.programme_id == programme.id, Duty.person_id.in_(people)).order_by(Duty.term)
    return {duty.person_id: duty for duty in session.scalars(wanted.execution_options(populate_existing=True))}


def _first(programme: Programme, rule: Any, person_id: int, today: date) -> dict[str, Any]:
    """The first term. What was completed earlier counts as long as it is valid."""
    months = programme.validity_months
    return {
        **_blank(programme, rule.id, person_id, today),
        "term": 1,
        "counts_from": start_of(months_later(today, -months)) if months else None,
        "due_on": first_due(rule.due_on, rule.due_days, today) if programme.mandatory else None,
    }


def _next(programme: Programme, done: Duty, rule_id: int, now: datetime) -> dict[str, Any]:
    """The term after one that lapses: only what is learned from now on counts."""
    today = wib_date(now)
    return {
        **_blank(programme, rule_id, done.person_id, today),
        "term": done.term + 1,
        "counts_from": now,
        "due_on": in_time(done.valid_until, today) if programme.mandatory else None,
    }


def _blank(programme: Programme, rule_id: int, person_id: int, today: date) -> dict[str, Any]:
    who = {"public_id": new_id(), "programme_id": programme.id, "person_id": person_id}
    return {**who, "rule_id": rule_id, "entered_on": today, "state": OPEN}


def _add(session: Session, actor: Actor, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Duty), rows)
        told = [
            (row["public_id"], None, {"person_id": row["person_id"], "term": row["term"], "due_on": str(row["due_on"])})
            for row in rows
        ]
        record_all(session, actor, "duty.made", Duty, told)


def _note(session: Session, actor: Actor, deed: str, changes: Sequence[tuple[Duty, dict[str, Any]]]) -> None:
    """Change duties and write it down."""
    told = []
    for duty, after in changes:
        before = {name: getattr(duty, name) for name in after}
        for name, value in after.items():
            setattr(duty, name, value)
        told.append((duty.public_id, _plain(before), _plain(after)))
    record_all(session, actor, deed, Duty, told)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _enrol(
    session: Session, actor: Actor, programme: Programme, duties: Sequence[Duty], times: Times, now: datetime
) -> None:
    """Enrol people into what is theirs to do now; where there is a choice they choose themselves."""
    standing = [(duty, steps_of(duty, programme, times)) for duty in duties]
    for place, step in enumerate(programme.steps):
        whom = {duty.person_id: duty.due_on for duty, steps in standing if steps[place].state == "open"}
        if whom:
            enrol_by_rule(session, actor, step.course, whom, now)
