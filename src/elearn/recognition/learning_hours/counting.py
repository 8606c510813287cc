"""What an undertaking earned, and what the caps of its form leave of it in a person's account."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.learning.cohorts.rules import class_jp
from elearn.learning.cohorts.taken import held_in
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.placements.models import LogEntry, Partner, Placement
from elearn.learning.placements.rules import jp_of as placement_jp
from elearn.learning.progress.models import ActivityProgress
from elearn.people.accounts.queries import unit_on
from elearn.recognition.certificates.queries import valid_number
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.external_records.rules import jp_of
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import Earning, evenly, filled, has_cap, spread
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.queries import rule_of, rules_by_form
from elearn.teaching.delivery.rules import (
    Effort,
    capped_by_month,
    capped_minutes,
    in_force,
    jp_earned,
    minutes_a_time,
    most_a_day,
    times_by_month,
    worth,
)


def earned_by_course(
    session: Session, enrolment: Enrolment, anew: bool = False, rule: FormRule | None = None
) -> Earning:
    """What a completed course earned, in the form and by the rule of its last day, or by the `rule` that is told.

    Who learned in a class is counted by the form of that class, until its last day, whenever that was decided. The JP
    are those noted at completion; `anew` counts them once more where they come from days, times or minutes attended.
    Materials are worth the minutes learned in them on each day; sessions beside them add none.
    """
    assert enrolment.completed_at is not None  # noqa: S101 - the caller has seen to it
    course = session.get_one(Course, enrolment.course_id)
    held = held_in(session, enrolment.id)
    completed_on = wib_date(enrolment.completed_at)
    ended_on = min(held.ends_on, completed_on) if held else completed_on
    started_on = held.starts_on if held else wib_date(enrolment.started_at)
    form = held.form_code if held else course.form
    if rule is None:
        rule = rule_of(session, form, ended_on)
    per_jp = settings().jp_rule(ended_on).minutes_per_jp
    by_sessions = held is not None and (rule.basis in ("day", "time") or not course.minutes)
    if rule.times_a_month is not None and held:
        days = {day: n * worth(rule, held.international) * per_jp for day, n in held.sessions_by_day.items()}
    else:
        days = held.by_day if held and by_sessions else {}
        days = days or spread(minutes_by_day(session, enrolment.id), course.minutes, ended_on)
    whole = jp_earned(rule, Effort(minutes=course.minutes, days=len(days), times=1), per_jp)
    noted = None if anew and (by_sessions or rule.basis in ("day", "time")) else enrolment.completed_jp
    if noted is None and anew and held:
        noted = class_jp(rule, held, course.minutes, per_jp)
    return Earning(
        key=course_key(enrolment),
        source="course",
        title=course.title,
        organiser=(held.organiser if held else "") or course.organiser or settings().office_name,
        form_code=rule.form_code,
        competency=course.competency,
        started_on=min(started_on, ended_on),
        ended_on=ended_on,
        days=days,
        jp=whole if noted is None else noted,
        rule=rule,
        minutes_per_jp=per_jp,
        international=held.international if held else False,
        evidence=valid_number(session, enrolment.id),
        unit_id=unit_on(session, enrolment.person_id, ended_on) if held else enrolment.completed_unit_id,
        approved_by=held.passed_by if held else None,
    )


def earned_by_record(session: Session, external: ExternalRecord) -> Earning:
    """What a filed record earns, under the unit where its owner worked on its last day."""
    earning = worth_of_record(session, external)
    return replace(earning, unit_id=unit_on(session, external.person_id, earning.ended_on))


def worth_of_record(session: Session, external: ExternalRecord) -> Earning:
    """The same for whoever only wants to see it: without the unit."""
    started_on, ended_on, form_code = external.started_on, external.ended_on, external.form_code
    if started_on is None or ended_on is None or form_code is None:
        raise Conflict(_("Pengajuan ini belum lengkap."))
    rule, per_jp = rule_of(session, form_code, ended_on), settings().jp_rule(ended_on).minutes_per_jp
    jp = jp_of(rule, external, per_jp)
    first = started_on if rule.basis == "daily" else ended_on
    return Earning(
        key=record_key(external),
        source="record",
        title=external.title,
        organiser=external.organiser,
        form_code=form_code,
        competency=external.competency,
        started_on=started_on,
        ended_on=ended_on,
        days=evenly(first, ended_on, jp * per_jp),
        jp=jp,
        rule=rule,
        minutes_per_jp=per_jp,
        international=external.international,
        evidence=external.number,
        approved_by=external.decided_by,
    )


def earned_anew(session: Session, line: LedgerLine) -> Earning:
    """What a line's course, record or placement earns by the rule that is in force for its last day now."""
    public_id = line.counted_id
    if line.source == "course":
        enrolment = session.scalars(select(Enrolment).filter_by(public_id=public_id)).one()
        return earned_by_course(session, enrolment, anew=True)
    if line.source == "record":
        return earned_by_record(session, session.scalars(select(ExternalRecord).filter_by(public_id=public_id)).one())
    return earned_by_placement(session, session.scalars(select(Placement).filter_by(public_id=public_id)).one())


def is_international(session: Session, line: LedgerLine) -> bool:
    """Whether what a line counts was international, as its class, record or placement says."""
    public_id = line.counted_id
    if line.source == "record":
        return bool(session.scalar(select(ExternalRecord.international).filter_by(public_id=public_id)))
    if line.source == "placement":
        return bool(session.scalar(select(Placement.international).filter_by(public_id=public_id)))
    enrolment_id = session.scalar(select(Enrolment.id).filter_by(public_id=public_id))
    held = held_in(session, enrolment_id) if line.source == "course" and enrolment_id is not None else None
    return held is not None and held.international


def jp_awaited(session: Session, records: Sequence[ExternalRecord]) -> int:
    """JP that filed records earn together, once they are approved and if no cap takes any."""
    rules = rules_by_form(session, {each.form_code for each in records if each.form_code}) if records else {}
    return sum(
        jp_of(in_force(rules[each.form_code], each.ended_on), each, settings().jp_rule(each.ended_on).minutes_per_jp)
        for each in records
        if each.form_code and each.ended_on
    )


def earned_by_placement(session: Session, placement: Placement) -> Earning:
    """What a placement earns by its form's rule; the logbook's minutes where the form counts those."""
    rule = rule_of(session, placement.form_code, placement.ends_on)
    per_jp = settings().jp_rule(placement.ends_on).minutes_per_jp
    logged = select(func.coalesce(func.sum(LogEntry.minutes), 0)).where(LogEntry.placement_id == placement.id)
    minutes = int(session.scalar(logged) or 0)
    jp = placement_jp(rule, placement, minutes, per_jp)
    return Earning(
        key=placement_key(placement),
        source="placement",
        title=placement.title,
        organiser=session.get_one(Partner, placement.partner_id).name,
        form_code=placement.form_code,
        competency=placement.competency,
        started_on=placement.starts_on,
        ended_on=placement.ends_on,
        days={placement.ends_on: jp * per_jp},
        jp=jp,
        rule=rule,
        minutes_per_jp=per_jp,
        international=placement.international,
        evidence=placement.letter or placement.agreed_number,
        unit_id=unit_on(session, placement.person_id, placement.ends_on),
        approved_by=placement.confirmed_by,
    )


def placement_key(placement: Placement) -> str:
    """What a placement is counted under; confirmed once more after it was taken back, it is counted anew."""
    return f"placement:{placement.public_id}" + (f":{placement.rounds}" if placement.rounds else "")


def course_key(enrolment: Enrolment) -> str:
    """What a completed course is counted under."""
    return f"course:{enrolment.public_id}"


def record_key(external: ExternalRecord) -> str:
    """What a record is counted under; approved once more after it was taken back, it is counted anew."""
    return f"record:{external.public_id}:{external.rounds}"


def recognisable(
    session: Session, person_id: int, earning: Earning, own: Mapping[date, int] = MappingProxyType({})
) -> tuple[int, dict[date, int]]:
    """JP that the caps of the form leave of what was earned, and the minutes that then count on each local day.

    `own` are the minutes that count already of the same line. Minutes that make no whole JP are left to what else is
    learned on those days.
    """
    rule, per_jp = earning.rule, earning.minutes_per_jp
    limits = room(session, person_id, earning.form_code, rule, per_jp, earning.days, own, earning.international)
    # Only a cap takes JP by minutes; a form that counts days or times gives JP that no minutes stand for.
    recognised = min(earning.jp, sum(limits.values()) // per_jp) if has_cap(rule) else earning.jp
    return recognised, filled(limits, recognised * per_jp)


def room(
    session: Session,
    person_id: int,
    form_code: str,
    rule: FormRule,
    per_jp: int,
    days: Mapping[date, int],
    own: Mapping[date, int],
    international: bool,
) -> dict[date, int]:
    """Minutes that may count on each of these local days beside the person's other lines of the form.

    `days` are the minutes learned, `own` those of the same line that count already.
    """
    if rule.times_a_month is not None:
        a_time = minutes_a_time(rule, international, per_jp)
        taken = _times_taken(session, person_id, form_code)
        taken.subtract(times_by_month(own, a_time))
        return capped_by_month(days, taken, rule.times_a_month, a_time)
    if (most := most_a_day(rule, international, per_jp)) is None:
        return dict(days)
    others = counted_minutes(session, person_id, form_code, days)
    return capped_minutes(days, {day: minutes - own.get(day, 0) for day, minutes in others.items()}, most)


def _times_taken(session: Session, person_id: int, form_code: str) -> Counter[date]:
    """How many times of a form count already in each calendar month, by its first day.

    A time is a time, whatever it was worth by its rule, at home or abroad.
    """
    lines = session.execute(
        select(LedgerLine, FormRule)
        .join(FormRule, FormRule.id == LedgerLine.form_rule_id)
        .where(LedgerLine.person_id == person_id, LedgerLine.form_code == form_code)
        .order_by(LedgerLine.id)
    ).all()
    # Of corrections the last one says by which rule its line counts now.
    rules = {line.corrects_id or line.id: rule for line, rule in lines}
    root = func.coalesce(LedgerLine.corrects_id, LedgerLine.id)
    rows = session.execute(
        select(root, LedgerDay.day, func.sum(LedgerDay.counted))
        .join(LedgerLine, LedgerLine.id == LedgerDay.line_id)
        .where(LedgerLine.person_id == person_id, LedgerLine.form_code == form_code)
        .group_by(root, LedgerDay.day)
    )
    counted: dict[int, dict[date, int]] = {}
    for line_id, day, minutes in rows:
        counted.setdefault(line_id, {})[day] = int(minutes)
    times = Counter[date]()
    for line, _rule in lines:
        if line.id in counted:
            times.update(times_by_month(counted[line.id], a_time_of(session, line, rules[line.id])))
    return times


def a_time_of(session: Session, line: LedgerLine, rule: FormRule) -> int:
    """Minutes that stand for one time of a line under its rule."""
    abroad = bool(rule.jp_international) and rule.times_a_month is not None and is_international(session, line)
    return minutes_a_time(rule, abroad, line.minutes_per_jp)


def counted_minutes(session: Session, person_id: int, form_code: str, days: Iterable[date]) -> dict[date, int]:
    """Minutes of a form that already count for a person on each of these days."""
    rows = session.execute(
        select(LedgerDay.day, func.sum(LedgerDay.counted))
        .join(LedgerLine, LedgerLine.id == LedgerDay.line_id)
        .where(LedgerLine.person_id == person_id, LedgerLine.form_code == form_code, LedgerDay.day.in_(list(days)))
        .group_by(LedgerDay.day)
    )
    return {day: int(minutes) for day, minutes in rows}


def minutes_by_day(session: Session, enrolment_id: int) -> dict[date, int]:
    """Minutes of the activities that a learner completed, by the local day (WIB) of completion."""
    rows = session.execute(
        select(ActivityProgress.completed_at, Activity.minutes)
        .join(Activity, Activity.id == ActivityProgress.activity_id)
        .where(ActivityProgress.enrolment_id == enrolment_id, ActivityProgress.completed_at.is_not(None))
    )
    days: dict[date, int] = {}
    for moment, minutes in rows:
        if moment is not None:
            days[wib_date(moment)] = days.get(wib_date(moment), 0) + minutes
    return days
