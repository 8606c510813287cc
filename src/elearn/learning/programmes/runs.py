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
from elearn.learning.enrolment.actions import drop_due, enrol_by_rule
from elearn.learning.programmes.matching import first_rule, meant
from elearn.learning.programmes.models import (
    ACTIVE,
    CLOSED,
    DONE,
    MISSED,
    MONTHS,
    MOVED,
    OPEN,
    YEAR,
    Duty,
    Nudge,
    Programme,
    ProgrammeCourse,
    ProgrammeRule,
)
from elearn.learning.programmes.queries import WHOLE, Step, Times, completions, counting, steps_of
from elearn.learning.programmes.rules import (
    begins_this_year,
    done_at,
    due_in_year,
    first_due,
    in_time,
    is_over,
    lapses,
    last_of_year,
    months_later,
    valid_until,
)
from elearn.learning.renewals.actions import begin
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


def rest_piece(session: Session, actor: Actor, programme_id: int, after: int) -> tuple[int | None, int]:
    """The next people whom a closed programme binds no more by the days that it gave their courses; as `run_piece`.

    Nothing happens when it runs again.
    """
    actor.must(Permission.MANAGE_PROGRAMMES)
    state = session.scalar(select(Programme.state).where(Programme.id == programme_id).with_for_update())
    if state != CLOSED:
        return None, 0
    courses = session.scalars(
        select(ProgrammeCourse.course_id).where(ProgrammeCourse.programme_id == programme_id)
    ).all()
    open_ones = select(Duty).where(Duty.programme_id == programme_id, Duty.state == OPEN, Duty.person_id > after)
    found = session.scalars(open_ones.order_by(Duty.person_id).limit(PIECE)).all()
    for duty in found:
        drop_due(session, actor, duty.person_id, courses, duty.due_on)
    return (found[-1].person_id if len(found) == PIECE else None), len(found)


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
    _come_and_go(session, actor, programme, last, rules, now)
    _retime(session, actor, programme, last, today)
    due = {rule.id: rule for rule in programme.rules}
    first = [_first(programme, due[rules[id]], id, today) for id in people if id in rules and id not in last]
    if _add(session, actor, first):
        last = _last(session, programme, people)
    still_open, times = _settled(session, actor, programme, last.values())
    _miss(session, actor, [duty for duty in still_open if is_over(duty.ends_on, today)], now)
    ended = [duty for id, duty in last.items() if id in rules and _has_ended(programme, duty, today)]
    if _add(session, actor, [_next(programme, duty, due[rules[duty.person_id]], now) for duty in ended]):
        last = _last(session, programme, people)
        still_open, times = _settled(session, actor, programme, last.values())
    # One that was missed in this very run is open no more.
    standing = [(duty, steps_of(duty, programme, times)) for duty in still_open if duty.state == OPEN]
    again = {(d.person_id, s.course.id): d.counts_from for d, steps in standing for s in steps if s.again}
    begin(session, actor, again, now)
    if programme.mandatory and programme.way != "some":
        _enrol(session, actor, programme, standing, now)


def _settled(session: Session, actor: Actor, programme: Programme, duties: Iterable[Duty]) -> tuple[list[Duty], Times]:
    """Those that are open still once what was completed is counted, and when who completed what."""
    waiting = [duty for duty in duties if duty.state == OPEN]
    courses = [step.course_id for step in programme.steps]
    times = completions(session, [duty.person_id for duty in waiting], courses)
    settle(session, actor, programme, waiting, times)
    return [duty for duty in waiting if duty.state == OPEN], times


def _come_and_go(
    session: Session, actor: Actor, programme: Programme, last: dict[int, Duty], rules: dict[int, int], now: datetime
) -> None:
    """Whom no rule means any more is left in peace, by courses' days too; who comes back within the term goes on."""
    today = wib_date(now)
    courses = [step.course_id for step in programme.steps]
    for id, duty in last.items():
        if duty.state == MOVED and id in rules and not is_over(duty.ends_on, today):
            due_on = in_time(duty.due_on, today)
            if due_on is not None and duty.ends_on is not None:
                due_on = min(due_on, duty.ends_on)
            _note(session, actor, "duty.reopened", [(duty, {"state": OPEN, "due_on": due_on})])
            duty.closed_at = None
        elif duty.state == OPEN and id not in rules:
            _note(session, actor, "duty.moved", [(duty, {"state": MOVED})])
            duty.closed_at = now
            drop_due(session, actor, duty.person_id, courses, duty.due_on)
    session.flush()


def _miss(session: Session, actor: Actor, duties: Sequence[Duty], now: datetime) -> None:
    """The year is over and something was missing: that stays on record, and the next year begins by itself."""
    for duty in duties:
        duty.closed_at = now
    _note(session, actor, "duty.missed", [(duty, {"state": MISSED}) for duty in duties])
    session.flush()


def _retime(session: Session, actor: Actor, programme: Programme, last: dict[int, Duty], today: date) -> None:
    """After a programme's validity was changed: the last terms hold as long as it says now."""
    changes: list[tuple[Duty, dict[str, Any]]] = []
    for duty in last.values():
        if duty.state == DONE and duty.completed_at is not None:
            until = valid_until(duty.completed_at, programme.validity, programme.validity_months)
            if until != duty.valid_until:
                changes.append((duty, {"valid_until": until}))
        elif duty.state == OPEN and (duty.ends_on is not None) != (programme.validity == YEAR):
            ends_on = last_of_year(today) if programme.validity == YEAR else None
            due_on = min(duty.due_on or ends_on, ends_on) if ends_on and programme.mandatory else duty.due_on
            changes.append((duty, {"ends_on": ends_on, "due_on": due_on}))
            if ends_on is not None:
                duty.counts_from = start_of(date(today.year, 1, 1))
    _note(session, actor, "duty.validity_changed", changes)
    session.flush()


def _has_ended(programme: Programme, duty: Duty, today: date) -> bool:
    """Whether a person's last term makes room for the next one."""
    if duty.state == DONE:
        return lapses(programme.validity, duty.valid_until, today)
    return duty.state in (MISSED, MOVED) and programme.renews and is_over(duty.ends_on, today)


def settle(session: Session, actor: Actor, programme: Programme, duties: Sequence[Duty], times: Times) -> None:
    """Close those open duties of a whole programme whose courses are completed; `times` are of `completions`."""
    changes = []
    for duty in duties:
        at = done_at(counting(duty, programme, times).values(), programme.least)
        if at is not None:
            duty.valid_until = valid_until(at, programme.validity, programme.validity_months)
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


def _first(programme: Programme, rule: ProgrammeRule, person_id: int, today: date) -> dict[str, Any] | None:
    """The first term. What was completed earlier counts as long as it is valid; None where it begins next year."""
    if programme.validity == YEAR:
        return _year(programme, rule, person_id, 1, today)
    months = programme.validity_months if programme.validity == MONTHS else None
    return {
        **_blank(programme, rule.id, person_id, today),
        "term": 1,
        "counts_from": start_of(months_later(today, -months)) if months else None,
        "ends_on": None,
        "due_on": first_due(rule.due_on, rule.due_days, today) if programme.mandatory else None,
    }


def _next(programme: Programme, ended: Duty, rule: ProgrammeRule, now: datetime) -> dict[str, Any] | None:
    """The term after one that lapses: only what is learned from now on counts, or within the year."""
    today = wib_date(now)
    if programme.validity == YEAR:
        return _year(programme, rule, ended.person_id, ended.term + 1, today)
    return {
        **_blank(programme, rule.id, ended.person_id, today),
        "term": ended.term + 1,
        "counts_from": now,
        "ends_on": None,
        "due_on": in_time(ended.valid_until or today, today) if programme.mandatory else None,
    }


def _year(programme: Programme, rule: ProgrammeRule, person_id: int, term: int, today: date) -> dict[str, Any] | None:
    """A term that is a calendar year (WIB); None where it is too late for this one."""
    if not begins_this_year(rule.due_on, today):
        return None
    return {
        **_blank(programme, rule.id, person_id, today),
        "term": term,
        "counts_from": start_of(date(today.year, 1, 1)),
        "ends_on": last_of_year(today),
        "due_on": due_in_year(rule.due_on, rule.due_days, today) if programme.mandatory else None,
    }


def _blank(programme: Programme, rule_id: int, person_id: int, today: date) -> dict[str, Any]:
    who = {"public_id": new_id(), "programme_id": programme.id, "person_id": person_id}
    return {**who, "rule_id": rule_id, "entered_on": today, "state": OPEN}


def _add(session: Session, actor: Actor, terms: Iterable[dict[str, Any] | None]) -> bool:
    """Write down new terms; gives whether there were any."""
    rows = [row for row in terms if row is not None]
    if rows:
        session.execute(insert(Duty), rows)
        told = [
            (row["public_id"], None, {"person_id": row["person_id"], "term": row["term"], "due_on": str(row["due_on"])})
            for row in rows
        ]
        record_all(session, actor, "duty.made", Duty, told)
    return bool(rows)


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
    session: Session, actor: Actor, programme: Programme, standing: Sequence[tuple[Duty, Sequence[Step]]], now: datetime
) -> None:
    """Enrol people into what is theirs to do now; where there is a choice they choose themselves."""
    for place, step in enumerate(programme.steps):
        whom = {duty.person_id: duty.due_on for duty, steps in standing if steps[place].state == "open"}
        if whom:
            enrol_by_rule(session, actor, step.course, whom, now)
