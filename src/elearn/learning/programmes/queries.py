"""Questions about programmes: those an admin looks after, whom a rule means, and what a learner owes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.paging import Page, nearest
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.queries import nearest_classes
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes.forms import RuleWish
from elearn.learning.programmes.matching import condition, meant, within
from elearn.learning.programmes.models import (
    ACTIVE,
    DONE,
    DRAFT,
    MOVED,
    OPEN,
    Duty,
    Programme,
    ProgrammeCourse,
    ProgrammeRule,
)
from elearn.learning.programmes.rules import Missing, check_due, in_term
from elearn.learning.renewals.queries import Anew, anew, obstacles, renewed
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import ASN_KINDS, POSITION_KINDS, Person
from elearn.people.accounts.queries import in_scope
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import chosen_unit, unit_in_scope
from elearn.teaching.courses.models import Course

ROWS = 25
Times = Mapping[tuple[int, int], Sequence[datetime]]
"""When somebody completed a course, by person and course."""
WHOLE = (
    joinedload(Programme.unit),
    selectinload(Programme.steps).joinedload(ProgrammeCourse.course),
    selectinload(Programme.rules).options(joinedload(ProgrammeRule.unit), joinedload(ProgrammeRule.certificate_course)),
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Those of the actor's own units, and running ones of the regency or of a unit above: they reach the own people.

    Drafts are for those who write them alone, not for a head.
    """
    if actor.everywhere:
        return Programme.id.is_not(None)
    own: ColumnElement[bool] = Programme.unit_id.in_(select(Unit.id).where(unit_in_scope(actor)))
    if not actor.may(Permission.MANAGE_PROGRAMMES):
        own = and_(Programme.state != DRAFT, own)
    above = {int(part) for path in actor.scope_paths for part in path.strip("/").split("/")}
    return or_(own, and_(Programme.state != DRAFT, or_(Programme.unit_id.is_(None), Programme.unit_id.in_(above))))


def may_manage(actor: Actor, programme: Programme) -> bool:
    """Whether the actor may change it; its unit has to be loaded."""
    if programme.unit is None:
        return actor.everywhere and actor.may(Permission.MANAGE_PROGRAMMES)
    return actor.may(Permission.MANAGE_PROGRAMMES, programme.unit.path)


class Listed(NamedTuple):
    """A programme with how many of the actor's people owe it, have done it, and are late."""

    programme: Programme
    open: int
    done: int
    late: int


def programmes(session: Session, actor: Actor, today: date) -> list[Listed]:
    """What the actor may see, running ones first: four statements however many."""
    actor.must(Permission.SEE_REPORTS)
    wanted = select(Programme).where(_visible(actor)).options(*WHOLE[:2])
    found = session.scalars(wanted.order_by(Programme.state, Programme.title, Programme.id)).all()
    late = func.count().filter(Duty.state == OPEN, Duty.due_on < today)
    rows = session.execute(
        select(
            Duty.programme_id,
            func.count().filter(Duty.state == OPEN),
            func.count().filter(Duty.state == DONE),
            late,
        )
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.programme_id.in_([each.id for each in found]), latest(), in_scope(actor))
        .group_by(Duty.programme_id)
    )
    counts = {id: tuple(map(int, numbers)) for id, *numbers in rows}
    return [Listed(each, *counts.get(each.id, (0, 0, 0))) for each in found]


def latest() -> ColumnElement[bool]:
    """The condition on Duty to be of the person's last term."""
    later = Duty.__table__.alias("later_duty")
    return ~exists().where(
        later.c.programme_id == Duty.programme_id, later.c.person_id == Duty.person_id, later.c.term > Duty.term
    )


def programme_for(session: Session, actor: Actor, public_id: str) -> Programme:
    """A programme whole, as the actor may see it; NotFound otherwise, for everybody who looks after nobody too."""
    if not actor.may(Permission.SEE_REPORTS):
        raise NotFound
    found = session.scalar(select(Programme).where(Programme.public_id == public_id, _visible(actor)).options(*WHOLE))
    if found is None:
        raise NotFound
    return found


def programme_to_manage(session: Session, actor: Actor, public_id: str) -> Programme:
    """A programme that the actor may change; NotFound for every other."""
    found = programme_for(session, actor, public_id)
    if not may_manage(actor, found):
        raise NotFound
    return found


def courses_to_choose(session: Session, actor: Actor) -> Sequence[Course]:
    """Published courses by title."""
    actor.must(Permission.MANAGE_PROGRAMMES)
    return session.scalars(select(Course).where(Course.state == "published").order_by(Course.title, Course.id)).all()


def not_renewable(session: Session, programme: Programme, today: date) -> list[str]:
    """Why some courses of a programme that lapses cannot be completed anew, a sentence each; none for any other."""
    return obstacles(session, [step.course for step in programme.steps], today) if programme.renews else []


@dataclass(frozen=True)
class Preview:
    """What a rule would do, before it is kept: `page` are those whom it means.

    `fresh` would come in, `already` owe the programme or have done it, `kept` are in it though no rule means them.
    """

    rule: ProgrammeRule
    page: Page[Person]
    everybody: int
    fresh: int
    already: int
    kept: int

    @property
    def nobody(self) -> bool:
        return self.page.total == 0

    @property
    def all(self) -> bool:
        return self.page.total == self.everybody > 0


def rule_wished(session: Session, actor: Actor, programme: Programme, wish: RuleWish, today: date) -> ProgrammeRule:
    """The rule that a wish describes, not kept yet. Raises Invalid or Conflict by field."""
    check_due(wish.due_on, today)
    for field, chosen, known in (
        ("position_kinds", wish.position_kinds, POSITION_KINDS),
        ("asn_kinds", wish.asn_kinds, ASN_KINDS),
    ):
        if not set(chosen) <= set(known):
            raise Invalid(_("Pilih dari daftar."), {field: _("Pilih dari daftar.")})
    unit = chosen_unit(session, actor, wish.unit, "unit") if wish.unit else None
    course = None
    if wish.certificate_course:
        course = session.scalar(select(Course).where(Course.slug == wish.certificate_course, Course.state != "draft"))
        if course is None:
            sentence = _("Pilih pelatihan dari daftar.")
            raise Invalid(sentence, {"certificate_course": sentence})
    return ProgrammeRule(
        programme_id=programme.id,
        unit_id=unit.id if unit else None,
        unit=unit,
        position_kinds=wish.position_kinds,
        asn_kinds=wish.asn_kinds,
        ranks=[code for code in wish.ranks.split(", ") if code],
        joined_since=wish.joined_since,
        certificate_course_id=course.id if course else None,
        certificate_course=course,
        holds_certificate=wish.certificate == "holds" if course else None,
        due_on=wish.due_on if programme.mandatory else None,
        due_days=wish.due_days if programme.mandatory else None,
    )


def preview(session: Session, actor: Actor, programme: Programme, rule: ProgrammeRule, number: int = 1) -> Preview:
    """Whom a rule means and what it would change: three statements."""
    reach = within(programme.unit)
    here = exists().where(Duty.programme_id == programme.id, Duty.person_id == Person.id)
    found = select(Person).where(condition(rule), *reach)
    everybody, matched, already = session.execute(
        select(
            func.count(),
            func.count().filter(condition(rule)),
            func.count().filter(condition(rule), here),
        )
        .select_from(Person)
        .where(*reach)
    ).one()
    still = or_(condition(rule), meant(programme))
    kept = session.scalar(
        select(func.count())
        .select_from(Duty)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.programme_id == programme.id, Duty.state == OPEN, ~func.coalesce(still & and_(*reach), false()))
    )
    number = nearest(number, matched, ROWS)
    shown = found.options(joinedload(Person.unit)).order_by(Person.name, Person.id)
    rows = session.scalars(shown.limit(ROWS).offset((number - 1) * ROWS)).all()
    return Preview(rule, Page(rows, number, ROWS, matched), everybody, matched - already, already, kept or 0)


def completions(
    session: Session, people: Collection[int], courses: Collection[int]
) -> dict[tuple[int, int], list[datetime]]:
    """When each of these people completed each of these courses, for the first time or anew: two statements."""
    found: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    if not people or not courses:
        return found
    rows = session.execute(
        select(Enrolment.person_id, Enrolment.course_id, Enrolment.completed_at).where(
            Enrolment.person_id.in_(people), Enrolment.course_id.in_(courses), Enrolment.completed_at.is_not(None)
        )
    )
    for person_id, course_id, at in rows:
        if at is not None:
            found[person_id, course_id].append(at)
    if found:
        for person_id, course_id, at in renewed(session, people, courses):
            found[person_id, course_id].append(at)
    return found


class Step(NamedTuple):
    """A course of a duty: `state` is done, open, or later while one before it is missing.

    `again` tells that it was completed before the term, so that it has to be completed anew.
    """

    course: Course
    state: str
    again: bool = False


class Owed(NamedTuple):
    """A duty with its courses, as its owner and the admin see it."""

    duty: Duty
    programme: Programme
    steps: Sequence[Step]

    @property
    def missing(self) -> Missing:
        left = [step.course.title for step in self.steps if step.state != "done"]
        done = len(self.steps) - len(left)
        return Missing(left, max(self.programme.least - done, 0))


def owed(session: Session, duties: Sequence[Duty], found: Sequence[Programme]) -> list[Owed]:
    """These duties with where each course stands; the programmes come whole. Two statements."""
    whole = {programme.id: programme for programme in found}
    courses = {step.course_id for programme in found for step in programme.steps}
    times = completions(session, {duty.person_id for duty in duties}, courses)
    return [Owed(duty, whole[duty.programme_id], steps_of(duty, whole[duty.programme_id], times)) for duty in duties]


def counting(duty: Duty, programme: Programme, times: Times) -> dict[int, datetime]:
    """By course, when it was first completed in the duty's term."""
    found = {}
    for step in programme.steps:
        known = times.get((duty.person_id, step.course_id), ())
        since = [at for at in known if in_term(at, duty.counts_from, duty.ends_on)]
        if since:
            found[step.course_id] = min(since)
    return found


def steps_of(duty: Duty, programme: Programme, times: Times) -> list[Step]:
    """Where each course of a duty stands."""
    done = counting(duty, programme, times)
    made, blocked = [], False
    for step in programme.steps:
        if step.course_id in done:
            made.append(Step(step.course, "done"))
            continue
        again = bool(times.get((duty.person_id, step.course_id)))
        made.append(Step(step.course, "later" if blocked else "open", again))
        blocked = programme.way == "ordered"
    return made


def _mine(actor: Actor) -> Select[Duty]:
    return (
        select(Duty)
        .join(Duty.programme)
        .options(contains_eager(Duty.programme))
        .where(Duty.person_id == actor.me(), Programme.state == ACTIVE)
    )


def my_duties(session: Session, actor: Actor) -> list[Owed]:
    """What the actor owes or may take, and what was done, the nearest due day first: six statements."""
    mine = _mine(actor).where(Duty.state != MOVED)
    found = session.scalars(mine.order_by(Duty.state.desc(), Duty.due_on.asc().nulls_last(), Duty.id.desc())).all()
    ids = {duty.programme_id for duty in found}
    whole = session.scalars(select(Programme).where(Programme.id.in_(ids)).options(*WHOLE[:2])).all() if ids else []
    return owed(session, found, whole)


def anew_in(session: Session, every: Sequence[Owed]) -> dict[tuple[int, int], Anew]:
    """How the courses of open duties that were completed before are completed anew, by person and course."""
    waiting = [each for each in every if each.duty.state == OPEN]
    return anew(
        session, {(each.duty.person_id, step.course.id) for each in waiting for step in each.steps if step.again}
    )


def classes_in(session: Session, actor: Actor, every: Sequence[Owed], today: date) -> dict[int, tuple[Cohort, str]]:
    """The nearest class of each course of the actor's open duties that has classes only, with the own status in it."""
    steps = (step for each in every if each.duty.state == OPEN for step in each.steps if step.state == "open")
    return nearest_classes(session, actor, {step.course.id for step in steps if step.course.classes_only}, today)


def owes(session: Session, actor: Actor, course: Course) -> bool:
    """Whether the actor has an open duty with this course: one statement."""
    mine = select(Duty.id).join(Programme, Programme.id == Duty.programme_id)
    here = exists().where(ProgrammeCourse.programme_id == Programme.id, ProgrammeCourse.course_id == course.id)
    running = Programme.state == ACTIVE, Duty.state == OPEN, Duty.person_id == actor.me()
    return session.scalar(mine.where(*running, here).limit(1)) is not None


def owed_now(session: Session, actor: Actor) -> Sequence[Duty]:
    """The actor's open duties of mandatory programmes, for the home page: one statement."""
    mine = _mine(actor).where(Duty.state == OPEN, Programme.mandatory)
    return session.scalars(mine.order_by(Duty.due_on.asc().nulls_last(), Duty.id).limit(5)).all()
