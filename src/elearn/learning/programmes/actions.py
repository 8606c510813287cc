"""Verbs of admins on programmes and their rules."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.learning.programmes.forms import ProgrammeWish, RuleWish, numbers
from elearn.learning.programmes.models import (
    ACTIVE,
    CLOSED,
    DRAFT,
    MONTHS,
    ONCE,
    Programme,
    ProgrammeCourse,
    ProgrammeRule,
)
from elearn.learning.programmes.queries import (
    courses_to_choose,
    preview,
    programme_to_manage,
    rule_wished,
)
from elearn.learning.programmes.rules import (
    check_courses,
    check_open,
    check_running,
    check_startable,
    check_sure,
    check_validity,
)
from elearn.learning.renewals.queries import obstacles
from elearn.learning.renewals.rules import check_renewable
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import chosen_unit

JOB = "programmes.run"
REST_JOB = "programmes.rest"


def make(session: Session, actor: Actor, wish: ProgrammeWish, now: datetime) -> Programme:
    """A new programme, as a draft. An OPD admin makes them for a unit of the own subtree only."""
    actor.must(Permission.MANAGE_PROGRAMMES)
    programme = Programme(public_id=new_id(), created_by=actor.person_id, created_at=now, state=DRAFT)
    programme.unit = _owner(session, actor, wish)
    _fill(session, actor, programme, wish, now)
    record(session, actor, "programme.made", programme, after=_facts(programme, wish))
    return programme


def change(session: Session, actor: Actor, public_id: str, wish: ProgrammeWish, now: datetime) -> Programme:
    """Other particulars. The owner and the kind stay once it has run; what was completed stays completed."""
    programme = programme_to_manage(session, actor, public_id)
    check_open(programme)
    owner = _owner(session, actor, wish)
    fixed = programme.unit_id == (owner.id if owner else None) and programme.mandatory == (wish.kind == "mandatory")
    if programme.state != DRAFT and not fixed:
        raise Conflict(_("Pemilik dan jenis program tidak diubah lagi setelah berjalan. Buat program baru."))
    before = {"title": programme.title, "courses": [step.course.slug for step in programme.steps]}
    programme.unit = owner
    _fill(session, actor, programme, wish, now)
    # Everybody is held against it anew at the next run.
    programme.ran_on = None
    record(session, actor, "programme.changed", programme, before=before, after=_facts(programme, wish))
    return programme


def add_rule(
    session: Session, actor: Actor, public_id: str, wish: RuleWish, now: datetime
) -> tuple[ProgrammeRule, Job | None]:
    """A further rule. Raises Conflict for nobody and for everybody unless `sure`; what runs is run at once."""
    programme = programme_to_manage(session, actor, public_id)
    check_open(programme)
    rule = rule_wished(session, actor, programme, wish, wib_date(now))
    seen = preview(session, actor, programme, rule)
    check_sure(seen.page.total, seen.everybody, wish.sure)
    rule.public_id, rule.created_at = new_id(), now
    session.add(rule)
    session.flush()
    told = wish.model_dump(mode="json", exclude={"sure"}, exclude_defaults=True)
    record(session, actor, "programme.rule_added", rule, after={**told, "matches": seen.page.total})
    return rule, _run_soon(session, actor, programme, now)


def remove_rule(session: Session, actor: Actor, public_id: str, rule_id: str, now: datetime) -> Job | None:
    """Take a rule out. Nobody's records go; the duties of those whom no other rule means become quiet."""
    programme = programme_to_manage(session, actor, public_id)
    check_open(programme)
    rule = next((each for each in programme.rules if each.public_id == rule_id), None)
    if rule is None:
        raise NotFound
    if programme.state == ACTIVE and len(programme.rules) == 1:
        raise Conflict(_("Ini aturan terakhir. Tambahkan aturan lain dahulu, atau tutup programnya."))
    rule.removed_at = now
    session.flush()
    session.expire(programme, ["rules"])
    record(session, actor, "programme.rule_removed", rule)
    return _run_soon(session, actor, programme, now)


def start(session: Session, actor: Actor, public_id: str, now: datetime) -> Job | None:
    """Let a programme hold from now on: everybody whom a rule means comes in, by a job."""
    programme = programme_to_manage(session, actor, public_id)
    check_startable(programme)
    programme.state, programme.ran_on = ACTIVE, None
    session.flush()
    record(session, actor, "programme.started", programme)
    return _run_soon(session, actor, programme, now)


def close(session: Session, actor: Actor, public_id: str, now: datetime) -> Programme:
    """End a programme: nobody comes in, nobody is reminded; everything stays on record.

    A job takes away the days that it gave people's courses.
    """
    programme = programme_to_manage(session, actor, public_id)
    check_running(programme)
    programme.state = CLOSED
    session.flush()
    record(session, actor, "programme.closed", programme)
    title, arguments = _("Program %(title)s", title=programme.title)[:200], {"programme": programme.id}
    enqueue(session, kind=REST_JOB, title=title, owner_id=None, arguments=arguments, unit=_("orang"), now=now)
    return programme


def _run_soon(session: Session, actor: Actor, programme: Programme, now: datetime) -> Job | None:
    if programme.state != ACTIVE:
        return None
    programme.ran_on = None
    return enqueue(
        session,
        kind=JOB,
        title=_("Program %(title)s", title=programme.title)[:200],
        owner_id=actor.person_id,
        arguments={"programme": programme.public_id},
        unit=_("orang"),
        now=now,
    )


def _owner(session: Session, actor: Actor, wish: ProgrammeWish) -> Unit | None:
    if wish.owner:
        return chosen_unit(session, actor, wish.owner, "owner")
    if not actor.everywhere:
        sentence = _("Pilih unit Anda.")
        raise Invalid(sentence, {"owner": sentence})
    return None


def _fill(session: Session, actor: Actor, programme: Programme, wish: ProgrammeWish, now: datetime) -> None:
    slugs = list(dict.fromkeys(slug for slug in wish.courses if slug))
    kept = {step.course.slug: step.course for step in programme.steps} if programme.id else {}
    known = {course.slug: course for course in courses_to_choose(session, actor)} | kept
    check_courses(slugs, len([slug for slug in slugs if slug in known]), wish.way, wish.needed)
    check_validity(wish.validity, wish.validity_months)
    if wish.validity != ONCE:
        check_renewable(obstacles(session, [known[slug] for slug in slugs], wib_date(now)))
    programme.title, programme.about = wish.title, wish.about
    programme.mandatory = wish.kind == "mandatory"
    programme.way, programme.needed = wish.way, wish.needed if wish.way == "some" else None
    programme.validity = wish.validity
    programme.validity_months = wish.validity_months if wish.validity == MONTHS else None
    programme.remind_before, programme.remind_after = numbers(wish.remind_before), numbers(wish.remind_after)
    session.add(programme)
    session.flush()
    session.execute(delete(ProgrammeCourse).where(ProgrammeCourse.programme_id == programme.id))
    session.add_all(
        ProgrammeCourse(programme_id=programme.id, course_id=known[slug].id, position=place)
        for place, slug in enumerate(slugs, start=1)
    )
    session.flush()
    session.expire(programme, ["steps"])


def _facts(programme: Programme, wish: ProgrammeWish) -> dict[str, object]:
    return wish.model_dump(mode="json", exclude={"about"}) | {"title": programme.title}


def programme_to_run(session: Session, actor: Actor, public_id: str) -> int:
    """The id of a running programme, for its job; Conflict when it was closed meanwhile, NotFound for strangers."""
    programme = programme_to_manage(session, actor, public_id)
    check_running(programme)
    return programme.id
