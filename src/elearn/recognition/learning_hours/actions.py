"""Verbs of the JP account: count what was learned, correct what was counted. Lines are only ever added."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.placements.models import Placement
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.learning_hours import counting, queries
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import Earning, check_correction, check_still_earned, filled, has_cap


def credit_course(session: Session, actor: Actor, enrolment_id: int, now: datetime) -> LedgerLine:
    """Count a completed course for its learner; asked again, the same line. Raises Conflict before completion.

    The course counts in the form and by the rule of the day of completion; of a form with a daily cap the minutes of
    each local day count up to that, together with what the person did in the form on that day elsewhere.
    """
    enrolment = session.get_one(Enrolment, enrolment_id)
    if enrolment.completed_at is None:
        raise Conflict(_("Pelatihan ini belum selesai."))
    earn = partial(counting.earned_by_course, session, enrolment)
    return _credit(session, actor, enrolment.person_id, counting.course_key(enrolment), earn, now)


def credit_record(session: Session, actor: Actor, record_id: int, now: datetime) -> LedgerLine:
    """Count what was learned elsewhere, as an officer approved it; asked again, the same line."""
    external = session.get_one(ExternalRecord, record_id)
    earn = partial(counting.earned_by_record, session, external)
    return _credit(session, actor, external.person_id, counting.record_key(external), earn, now)


def credit_placement(session: Session, actor: Actor, placement_id: int, now: datetime) -> LedgerLine:
    """Count a confirmed placement at a partner's; asked again, the same line."""
    placement = session.get_one(Placement, placement_id)
    earn = partial(counting.earned_by_placement, session, placement)
    return _credit(session, actor, placement.person_id, counting.placement_key(placement), earn, now)


def uncredit_record(session: Session, actor: Actor, record_id: int, reason: str, now: datetime) -> None:
    """Let a record count no longer, by a correction that takes away what it earned and what is recognised of it.

    Approved once more, it earns under a new key.
    """
    external = session.get_one(ExternalRecord, record_id)
    _locked(session, external.person_id)
    _uncredit(session, actor, queries.line_of_record(session, external), reason, now)


def uncredit_placement(session: Session, actor: Actor, placement_id: int, reason: str, now: datetime) -> None:
    """The same for a placement whose confirmation is taken back."""
    placement = session.get_one(Placement, placement_id)
    _locked(session, placement.person_id)
    _uncredit(session, actor, queries.line_of_placement(session, placement), reason, now)


def _uncredit(session: Session, actor: Actor, line: LedgerLine | None, reason: str, now: datetime) -> None:
    if line is None:
        return
    earned, recognised = queries.earned_of(session, line), queries.recognised_of(session, line)
    if earned or recognised:
        _correct(session, actor, line, (recognised, 0), reason, now, unearned=earned)


def note_recap(session: Session, actor: Actor, person: Person, year: int) -> None:
    """Write down who takes the yearly recap of another person; of one's own nothing is noted."""
    if person.id != actor.person_id:
        record(session, actor, "jp.recap_taken", person, after={"year": year, "people": 1})


def _credit(
    session: Session, actor: Actor, person_id: int, key: str, earn: Callable[[], Earning], now: datetime
) -> LedgerLine:
    """The line under this key: a new one for what was earned, as far as the caps of its form recognise it."""
    person = _locked(session, person_id)
    existing = session.scalar(select(LedgerLine).filter_by(key=key))
    if existing is not None:
        return existing
    earning = earn()
    recognised, counted = counting.recognisable(session, person.id, earning)
    line = LedgerLine(
        public_id=new_id(),
        key=earning.key,
        person_id=person.id,
        year=earning.ended_on.year,
        started_on=earning.started_on,
        ended_on=earning.ended_on,
        source=earning.source,
        title=earning.title,
        organiser=earning.organiser,
        form_code=earning.form_code,
        competency=earning.competency,
        minutes=sum(earning.days.values()),
        jp_earned=earning.jp,
        jp_recognised=recognised,
        form_rule_id=earning.rule.id,
        minutes_per_jp=earning.minutes_per_jp,
        evidence=earning.evidence,
        unit_id=earning.unit_id,
        asn_kind=queries.kind_in(session, person, earning.ended_on.year, wib_date(now)),
        approved_by=earning.approved_by,
        created_at=now,
    )
    session.add(line)
    session.flush()
    session.add_all(
        LedgerDay(line_id=line.id, day=day, minutes=minutes, counted=counted[day])
        for day, minutes in earning.days.items()
    )
    session.flush()
    record(session, actor, "jp.credited", line, after={"earned": line.jp_earned, "recognised": line.jp_recognised})
    return line


def _locked(session: Session, person_id: int) -> Person:
    """The owner of the account, locked: two things that count at once share the caps of the same days.

    Rows that only refer to the person, such as a certificate, need not wait.
    """
    return session.get_one(Person, person_id, with_for_update={"key_share": True})


def correct(session: Session, actor: Actor, public_id: str, wish: Correction, now: datetime) -> LedgerLine:
    """Say what a line is worth after all, by a new line that holds the difference. Regency admin only.

    What was earned stays. What is taken away frees the minutes of the last days for other learning. Raises Invalid
    without a reason, for no change, beyond what was earned or the form's caps leave on the days of the line, and for
    what earns nothing since its approval was taken back.
    """
    line = queries.line_for_admin(session, actor, public_id)
    # Of two corrections at once the second builds on the first.
    _locked(session, line.person_id)
    recognised = queries.recognised_of(session, line)
    limits, _counted = _room(session, line)
    most = queries.earned_of(session, line)
    check_still_earned(line, most)
    if has_cap(queries.rule_now(session, line)):
        most = min(most, sum(limits.values()) // line.minutes_per_jp)
    check_correction(recognised, most, wish.jp, wish.reason)
    return _correct(session, actor, line, (recognised, wish.jp), wish.reason, now)


def _correct(
    session: Session,
    actor: Actor,
    line: LedgerLine,
    change: tuple[int, int],
    reason: str,
    now: datetime,
    *,
    unearned: int = 0,
) -> LedgerLine:
    """`change` is what is recognised before and after, `unearned` what is earned no longer."""
    recognised, jp = change
    limits, counted = _room(session, line)
    number = len(queries.corrections_of(session, line)) + 1
    made = line.corrected(
        public_id=new_id(),
        key=f"{line.key}#{number}",
        jp_earned=-unearned,
        jp_recognised=jp - recognised,
        form_rule_id=queries.rule_now(session, line).id,
        approved_by=actor.person_id,
        reason=reason.strip(),
        created_at=now,
    )
    session.add(made)
    session.flush()
    for day, minutes in filled(limits, jp * line.minutes_per_jp).items():
        if difference := minutes - counted.get(day, 0):
            session.add(LedgerDay(line_id=made.id, day=day, minutes=0, counted=difference))
    session.flush()
    before, after = {"recognised": recognised}, {"recognised": jp}
    if unearned:
        before, after = before | {"earned": unearned}, after | {"earned": 0}
    record(session, actor, "jp.corrected", line, before=before, after=after, reason=made.reason)
    return made


def _room(session: Session, line: LedgerLine) -> tuple[dict[date, int], dict[date, int]]:
    """Minutes that may count on each day of a line, and those that do now."""
    learned, counted = queries.days_of(session, line)
    rule, per_jp = queries.rule_now(session, line), line.minutes_per_jp
    abroad = has_cap(rule) and counting.is_international(session, line)
    return counting.room(session, line.person_id, line.form_code, rule, per_jp, learned, counted, abroad), counted
