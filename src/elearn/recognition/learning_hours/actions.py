"""Verbs of the JP account: count what was learned, correct what was counted. Lines are only ever added."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.settings import settings
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.recognition.certificates.queries import valid_number
from elearn.recognition.learning_hours import queries
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import check_correction, filled, spread
from elearn.teaching.courses.models import Course
from elearn.teaching.delivery.queries import rule_of
from elearn.teaching.delivery.rules import Effort, capped_minutes, jp_earned, most_a_day


def credit_course(session: Session, actor: Actor, enrolment_id: int, now: datetime) -> LedgerLine:
    """Count a completed course for its learner; asked again, the same line. Raises Conflict before completion.

    The course counts in the form and by the rule of the day of completion; of a form with a daily cap the minutes of
    each local day count up to that, together with what the person did in the form on that day elsewhere.
    """
    enrolment = session.get_one(Enrolment, enrolment_id)
    # Two courses that one person completes at once share the caps of the same days.
    person = _locked(session, enrolment.person_id)
    key = f"course:{enrolment.public_id}"
    existing = session.scalar(select(LedgerLine).filter_by(key=key))
    if existing is not None:
        return existing
    if enrolment.completed_at is None:
        raise Conflict(_("Pelatihan ini belum selesai."))
    course = session.get_one(Course, enrolment.course_id)
    ended_on = wib_date(enrolment.completed_at)
    rule, minutes_per_jp = rule_of(session, course.form, ended_on), settings().jp_rule(ended_on).minutes_per_jp
    days = spread(queries.minutes_by_day(session, enrolment.id), course.minutes, ended_on)
    taken = queries.counted_minutes(session, person.id, course.form, days)
    limits = capped_minutes(days, taken, most_a_day(rule, minutes_per_jp))
    effort = Effort(minutes=course.minutes, days=len(days), times=1)
    earned = jp_earned(rule, effort, minutes_per_jp) if enrolment.completed_jp is None else enrolment.completed_jp
    recognised = min(earned, sum(limits.values()) // minutes_per_jp)
    # Minutes that make no whole JP are left to what else is learned on those days.
    counted = filled(limits, recognised * minutes_per_jp)
    line = LedgerLine(
        public_id=new_id(),
        key=key,
        person_id=person.id,
        year=ended_on.year,
        started_on=min(wib_date(enrolment.started_at), ended_on),
        ended_on=ended_on,
        source="course",
        title=course.title,
        organiser=course.organiser or settings().office_name,
        form_code=course.form,
        competency=course.competency,
        minutes=sum(days.values()),
        jp_earned=earned,
        jp_recognised=recognised,
        form_rule_id=rule.id,
        minutes_per_jp=minutes_per_jp,
        evidence=valid_number(session, enrolment.id),
        unit_id=enrolment.completed_unit_id,
        asn_kind=person.asn_kind,
        created_at=now,
    )
    session.add(line)
    session.flush()
    session.add_all(
        LedgerDay(line_id=line.id, day=day, minutes=minutes, counted=counted[day]) for day, minutes in days.items()
    )
    session.flush()
    record(session, actor, "jp.credited", line, after={"earned": line.jp_earned, "recognised": line.jp_recognised})
    return line


def _locked(session: Session, person_id: int) -> Person:
    """The owner of the account, locked. Rows that only refer to the person, such as a certificate, need not wait."""
    return session.get_one(Person, person_id, with_for_update={"key_share": True})


def correct(session: Session, actor: Actor, public_id: str, wish: Correction, now: datetime) -> LedgerLine:
    """Say what a line is worth after all, by a new line that holds the difference. Regency admin only.

    What is taken away frees the minutes of the last days for other learning. Raises Invalid without a reason, for no
    change, and beyond what was earned or the form's caps leave on the days of the line.
    """
    line = queries.line_for_admin(session, actor, public_id)
    # Of two corrections at once the second builds on the first.
    _locked(session, line.person_id)
    recognised = queries.recognised_of(session, line)
    limits, counted = _room(session, line)
    most = min(line.jp_earned, sum(limits.values()) // line.minutes_per_jp) if limits else line.jp_earned
    check_correction(recognised, most, wish.jp, wish.reason)
    number = len(queries.corrections_of(session, line)) + 1
    made = LedgerLine(
        public_id=new_id(),
        key=f"{line.key}#{number}",
        source="correction",
        minutes=0,
        jp_earned=0,
        jp_recognised=wish.jp - recognised,
        approved_by=actor.person_id,
        corrects_id=line.id,
        reason=wish.reason.strip(),
        created_at=now,
        **{name: getattr(line, name) for name in _SAME},
    )
    session.add(made)
    session.flush()
    for day, minutes in filled(limits, wish.jp * line.minutes_per_jp).items():
        if change := minutes - counted.get(day, 0):
            session.add(LedgerDay(line_id=made.id, day=day, minutes=0, counted=change))
    session.flush()
    before, after = {"recognised": recognised}, {"recognised": wish.jp}
    record(session, actor, "jp.corrected", line, before=before, after=after, reason=made.reason)
    return made


# A correction belongs to the same person, year and unit as its line, whatever has changed since.
_SAME = (
    "person_id",
    "year",
    "started_on",
    "ended_on",
    "title",
    "organiser",
    "form_code",
    "competency",
    "form_rule_id",
    "minutes_per_jp",
    "evidence",
    "unit_id",
    "asn_kind",
)


def _room(session: Session, line: LedgerLine) -> tuple[dict[date, int], dict[date, int]]:
    """Minutes that may count on each day of a line, and those that do now."""
    learned, counted = queries.days_of(session, line)
    taken = queries.counted_minutes(session, line.person_id, line.form_code, learned)
    others = {day: minutes - counted.get(day, 0) for day, minutes in taken.items()}
    return capped_minutes(learned, others, most_a_day(line.form_rule, line.minutes_per_jp)), counted
