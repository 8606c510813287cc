"""Questions of recounts: what a person's lines would be worth, and what a recount found."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import N_
from elearn.foundation.jobs.models import FINISHED, Job
from elearn.foundation.tables import Column
from elearn.foundation.web.paging import Page, page_of
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.learning_hours.counting import a_time_of, earned_anew, is_international
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import has_cap
from elearn.recognition.recounting.models import Recount, RecountChange
from elearn.recognition.recounting.rules import Case, Verdict, counted_again
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.queries import rules_by_form
from elearn.teaching.delivery.rules import in_force, times_by_month

BATCH = 500
# Whose lines are worth the minutes that were learned, whatever a newer rule of the same sort says.
_BY_MINUTES = {"programme", "daily"}
COLUMNS = (
    Column("nip", N_("NIP"), "nip"),
    Column("name", N_("Nama")),
    Column("unit", N_("Unit")),
    Column("title", N_("Pelatihan")),
    Column("ended_on", N_("Selesai"), "date"),
    Column("earned_before", N_("Diperoleh sebelumnya"), "int"),
    Column("earned_after", N_("Diperoleh sesudahnya"), "int"),
    Column("recognised_before", N_("Diakui sebelumnya"), "int"),
    Column("recognised_after", N_("Diakui sesudahnya"), "int"),
    Column("state", N_("Keadaan")),
)


@dataclass
class Plan:
    """What one person's lines of a form would be worth: those that change, how many were looked at, and how many stay
    since somebody corrected them by hand. `lines` and `counted` are what they are now, by the line's id."""

    verdicts: list[Verdict] = field(default_factory=list)
    looked_at: int = 0
    by_hand: int = 0
    lines: dict[int, LedgerLine] = field(default_factory=dict)
    counted: dict[int, dict[date, int]] = field(default_factory=dict)


def next_people(session: Session, recount: Recount, limit: int) -> Sequence[int]:
    """The next people with lines of the form and year, by id."""
    wanted = select(LedgerLine.person_id).distinct().order_by(LedgerLine.person_id).limit(limit)
    wanted = wanted.where(LedgerLine.year == recount.year, LedgerLine.form_code == recount.form_code)
    return session.scalars(wanted.where(LedgerLine.person_id > recount.reached)).all()


def people_concerned(session: Session, form_code: str, year: int) -> int:
    """How many people have lines of a form in a year."""
    wanted = select(func.count(LedgerLine.person_id.distinct())).filter_by(year=year, form_code=form_code)
    return session.scalar(wanted) or 0


def plan_for(session: Session, person_id: int, recount: Recount) -> Plan:
    """Count a person's lines again that stand under an older rule than the one in force on their last day.

    All the others, and those that somebody corrected by hand, keep the minutes that they take of a day or a month.
    """
    found = session.scalars(
        select(LedgerLine)
        .filter_by(person_id=person_id, form_code=recount.form_code)
        .order_by(LedgerLine.id)
        .execution_options(populate_existing=True)
    ).all()
    # After the lines, so that none of them stands under a version that was added meanwhile and is not among these.
    rules = rules_by_form(session, [recount.form_code])[recount.form_code]
    by_id = {rule.id: rule for rule in rules}
    corrections: dict[int, list[LedgerLine]] = {}
    for line in found:
        if line.corrects_id is not None:
            corrections.setdefault(line.corrects_id, []).append(line)
    learned, counted = _minutes(session, person_id, recount.form_code)
    plan, cases, taken, times = Plan(), [], Counter[date](), Counter[date]()
    for line in found:
        if line.corrects_id is not None:
            continue
        mine = corrections.get(line.id, [])
        rule, old = in_force(rules, line.ended_on), by_id[(mine or [line])[-1].form_rule_id]
        older = line.year == recount.year and rule is not old
        by_hand = any("#" in each.key for each in mine)
        plan.looked_at += older
        plan.by_hand += older and by_hand
        if older and not by_hand:
            plan.lines[line.id], plan.counted[line.id] = line, counted.get(line.id, {})
            cases.append(_case(session, line, mine, old, rule, learned.get(line.id, {})))
            continue
        taken.update(counted.get(line.id, {}))
        times.update(times_by_month(counted.get(line.id, {}), a_time_of(session, line, old)))
    plan.verdicts = [each for each in counted_again(cases, taken, times) if each.changes]
    return plan


def _minutes(session: Session, person_id: int, form_code: str) -> tuple[dict[int, dict[date, int]], ...]:
    """Minutes of each day by the id of the line that was not corrected: learned, and counted by now."""
    learned: dict[int, dict[date, int]] = {}
    counted: dict[int, dict[date, int]] = {}
    root = func.coalesce(LedgerLine.corrects_id, LedgerLine.id)
    rows = session.execute(
        select(root, LedgerDay.day, func.sum(LedgerDay.minutes), func.sum(LedgerDay.counted))
        .join(LedgerLine, LedgerLine.id == LedgerDay.line_id)
        .where(LedgerLine.person_id == person_id, LedgerLine.form_code == form_code)
        .group_by(root, LedgerDay.day)
    )
    for line_id, day, minutes, counts in rows:
        learned.setdefault(line_id, {})[day] = int(minutes)
        counted.setdefault(line_id, {})[day] = int(counts)
    return learned, counted


def _case(
    session: Session,
    line: LedgerLine,
    corrections: Sequence[LedgerLine],
    old: FormRule,
    rule: FormRule,
    learned: dict[date, int],
) -> Case:
    jp, international = line.jp_earned, has_cap(rule) and is_international(session, line)
    days: Mapping[date, int] = learned
    if not {old.basis, rule.basis} <= _BY_MINUTES and (old.basis, rule.basis) != ("stated", "stated"):
        earning = earned_anew(session, line)
        jp, days = earning.jp, earning.days
    return Case(
        line_id=line.id,
        rule=rule,
        minutes_per_jp=line.minutes_per_jp,
        jp=jp,
        days=days,
        earned=line.jp_earned + sum(each.jp_earned for each in corrections),
        recognised=line.jp_recognised + sum(each.jp_recognised for each in corrections),
        international=international,
    )


def recounts(session: Session, actor: Actor) -> Sequence[Recount]:
    """The latest recounts, newest first, with their forms."""
    actor.must(Permission.SET_JP_RULES)
    wanted = select(Recount).options(joinedload(Recount.form)).order_by(Recount.id.desc()).limit(50)
    return session.scalars(wanted).all()


def recount_for(session: Session, actor: Actor, public_id: str) -> Recount:
    """A recount with its form; NotFound for who may not set rules."""
    wanted = select(Recount).filter_by(public_id=public_id).options(joinedload(Recount.form))
    found = session.scalar(wanted) if actor.may(Permission.SET_JP_RULES) else None
    if found is None:
        raise NotFound
    return found


def at_work(session: Session, recount: Recount) -> bool:
    """Whether its latest job is still to come to an end; one that was called off or failed is not."""
    job = session.scalar(select(Job).filter_by(public_id=recount.job_public_id))
    return job is not None and job.state not in FINISHED


@dataclass(frozen=True)
class Sums:
    """What changes of some lines: how many, of how many people, JP recognised before and after."""

    lines: int
    people: int
    before: int
    after: int
    written: int
    stale: int


def sums(session: Session, recount: Recount) -> Sums:
    """All changes together."""
    return Sums(*(int(each or 0) for each in session.execute(_sums(recount)).one()))


def sums_by_unit(session: Session, recount: Recount) -> list[tuple[Unit | None, Sums]]:
    """The changes of each unit in which lines were earned, by name; those of nobody's unit last."""
    rows = session.execute(_sums(recount).add_columns(RecountChange.unit_id).group_by(RecountChange.unit_id)).all()
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_([row[-1] for row in rows])))}
    named = [(units.get(row[-1]), Sums(*(int(each or 0) for each in row[:-1]))) for row in rows]
    return sorted(named, key=lambda pair: (pair[0] is None, pair[0].name if pair[0] else ""))


def _sums(recount: Recount) -> Select[*tuple[Any, ...]]:
    return select(
        func.count(RecountChange.id),
        func.count(RecountChange.person_id.distinct()),
        func.sum(RecountChange.recognised_before),
        func.sum(RecountChange.recognised_after),
        func.count(RecountChange.id).filter(RecountChange.state == "written"),
        func.count(RecountChange.id).filter(RecountChange.state == "stale"),
    ).where(RecountChange.recount_id == recount.id)


def changes(session: Session, recount: Recount, unit: Unit | None, number: int) -> Page[RecountChange]:
    """A page of the changed lines with their people, of one unit where it is told."""
    wanted = (
        select(RecountChange)
        .join(Person, Person.id == RecountChange.person_id)
        .where(RecountChange.recount_id == recount.id)
        .options(joinedload(RecountChange.line), joinedload(RecountChange.person), joinedload(RecountChange.unit))
        .order_by(Person.name, RecountChange.id)
    )
    return page_of(session, wanted.where(RecountChange.unit_id == unit.id) if unit else wanted, number)


def planned_people(session: Session, recount: Recount, limit: int) -> Sequence[int]:
    """The next people whose changes are not written yet."""
    wanted = select(RecountChange.person_id).distinct().order_by(RecountChange.person_id).limit(limit)
    return session.scalars(wanted.filter_by(recount_id=recount.id, state="planned")).all()


def how_many_planned(session: Session, recount: Recount) -> int:
    """How many people have changes that are not written yet."""
    wanted = select(func.count(RecountChange.person_id.distinct()))
    return session.scalar(wanted.filter_by(recount_id=recount.id, state="planned")) or 0


def every_change(
    reading: Callable[[], AbstractContextManager[Session]], recount_id: int
) -> Iterator[tuple[object, ...]]:
    """The rows of a file with all changes, some at a time."""
    last = 0
    while True:
        with reading() as session:
            rows = session.execute(
                select(
                    RecountChange.id,
                    Person.nip,
                    Person.name,
                    Unit.name,
                    LedgerLine.title,
                    LedgerLine.ended_on,
                    RecountChange.earned_before,
                    RecountChange.earned_after,
                    RecountChange.recognised_before,
                    RecountChange.recognised_after,
                    RecountChange.state,
                )
                .join(Person, Person.id == RecountChange.person_id)
                .join(LedgerLine, LedgerLine.id == RecountChange.line_id)
                .outerjoin(Unit, Unit.id == RecountChange.unit_id)
                .where(RecountChange.recount_id == recount_id, RecountChange.id > last)
                .order_by(RecountChange.id)
                .limit(BATCH)
            ).all()
        if not rows:
            return
        last = rows[-1][0]
        yield from (tuple(row[1:]) for row in rows)
