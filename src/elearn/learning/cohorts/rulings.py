"""Verbs of deciding who passed: for a few at once, for many by a job, each exactly once."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Forbidden, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.settings import settings
from elearn.learning.cohorts.forms import RulingWish
from elearn.learning.cohorts.models import Cohort, Participant, Ruling
from elearn.learning.cohorts.queries import (
    Standing,
    joined_participants,
    ruling_for,
    standings,
)
from elearn.learning.cohorts.rules import check_held, class_jp
from elearn.learning.cohorts.taken import held_in
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import decide_passed
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import teaches
from elearn.teaching.delivery.queries import rule_of

JOB = "cohorts.rule"
AT_ONCE = 50
"""People decided in one transaction; more are a job."""


def rule(session: Session, actor: Actor, cohort: Cohort, wish: RulingWish, now: datetime) -> Ruling:
    """Decide who passed, failed or is deferred; more than 50 are a job. For those who run the class.

    Who has passed stays so. Raises Invalid for a decision against a blocker, a failing or a deferral without a reason,
    Conflict for passing before the class was held.
    """
    if not actor.may(Permission.MANAGE_CLASSES) and not teaches(session, actor, cohort.course):
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))
    if cohort.state not in ("open", "finished"):
        raise Conflict(_("Buka angkatan ini dahulu, lalu tetapkan kelulusannya."))
    if wish.result == "passed":
        today = wib_date(now)
        check_held(cohort, rule_of(session, cohort.form_code, min(cohort.ends_on, today)).basis, today)
    ids = None if wish.whom == "clear" else wish.participants
    open_ones = [each for each in joined_participants(session, cohort, ids) if each.result != "passed"]
    chosen = standings(session, cohort, open_ones)
    if wish.whom == "clear":
        chosen = [each for each in chosen if not each.blockers and not each.participant.result]
    _check(wish, chosen)
    ruling = Ruling(
        public_id=new_id(),
        cohort_id=cohort.id,
        made_by=actor.me(),
        result=wish.result,
        reason=wish.reason,
        participants=[each.participant.id for each in chosen],
        decided=0,
        created_at=now,
    )
    session.add(ruling)
    session.flush()
    asked = {"class": cohort.public_id, "result": wish.result, "people": len(chosen)}
    record(session, actor, "class.ruling", ruling, after=asked, reason=wish.reason)
    if len(chosen) <= AT_ONCE:
        rule_next(session, actor, ruling.public_id, now)
    else:
        job = enqueue(
            session,
            kind=JOB,
            title=_("Kelulusan %(name)s", name=cohort.name)[:200],
            owner_id=actor.me(),
            arguments={"ruling": ruling.public_id, "cohort": cohort.public_id, "total": len(chosen)},
            unit=_("orang"),
            now=now,
        )
        ruling.job_public_id = job.public_id
    session.flush()
    return ruling


def _check(wish: RulingWish, chosen: Sequence[Standing]) -> None:
    if not chosen:
        raise Invalid(_("Tidak ada peserta yang dapat diputuskan. Centang yang belum lulus."))
    kept = sum(bool(each.blockers) for each in chosen)
    if wish.reason:
        return
    if wish.result == "passed" and kept:
        sentence = _("%(n)s peserta masih terhalang. Tulis alasan, atau lepas centangnya.", n=kept)
        raise Invalid(sentence, {"reason": sentence})
    if wish.result != "passed":
        sentence = _("Tulis alasan, agar peserta tahu apa yang kurang.")
        raise Invalid(sentence, {"reason": sentence})


def rule_next(session: Session, actor: Actor, public_id: str, now: datetime) -> int:
    """Decide the next 50 of a ruling; gives how many. With zero all are decided.

    May be run again at any point: whom this ruling has decided is not decided twice.
    """
    ruling = ruling_for(session, actor, public_id)
    cohort = session.get_one(Cohort, ruling.cohort_id)
    others = or_(Participant.ruling_id.is_(None), Participant.ruling_id != ruling.id)
    found = session.scalars(
        select(Participant)
        .where(Participant.id.in_(ruling.participants), Participant.status == "joined", others)
        # In the order in which accounts are locked elsewhere too.
        .order_by(Participant.person_id)
        .limit(AT_ONCE)
        .with_for_update()
        .options(joinedload(Participant.enrolment, innerjoin=True))
        .execution_options(populate_existing=True)
    ).all()
    for participant in found:
        _decide(session, actor, cohort, ruling, participant, now)
    ruling.decided += len(found)
    session.flush()
    return len(found)


def _decide(
    session: Session, actor: Actor, cohort: Cohort, ruling: Ruling, participant: Participant, now: datetime
) -> None:
    before = {"result": participant.result}
    participant.ruling_id = ruling.id
    if participant.result == "passed" or participant.enrolment is None:
        return
    participant.result, participant.result_reason, participant.ruled_at = ruling.result, ruling.reason, now
    session.flush()
    after = {"result": ruling.result}
    record(session, actor, "class.result", participant, before=before, after=after, reason=ruling.reason)
    if ruling.result == "passed":
        jp = _jp(session, cohort, participant.enrolment, wib_date(now))
        decide_passed(session, actor, participant.enrolment, jp, now)


def _jp(session: Session, cohort: Cohort, enrolment: Enrolment, today: date) -> int | None:
    held = held_in(session, enrolment.id)
    if held is None:
        return None
    day = min(cohort.ends_on, today)
    course = session.get_one(Course, cohort.course_id)
    rule, minutes_per_jp = rule_of(session, cohort.form_code, day), settings().jp_rule(day).minutes_per_jp
    return class_jp(rule, held, course.minutes, minutes_per_jp)
