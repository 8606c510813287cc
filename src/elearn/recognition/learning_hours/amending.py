"""A line whose facts changed after it was written: what it is worth now, by a new line that holds the difference."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import correct_completion
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.recognition.learning_hours import counting, queries
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import filled, has_cap
from elearn.teaching.delivery.rules import open_since


def amend_course(session: Session, actor: Actor, enrolment_id: int, now: datetime) -> LedgerLine | None:
    """Count a completed course again from what was attended; None where nothing changes, and in a closed year.

    The rule stays the one by which the line was counted last: a newer one needs its preview. What an admin corrected by
    hand is never raised. The completion says what was earned too.
    """
    enrolment = session.get_one(Enrolment, enrolment_id)
    # Whoever credits or corrects the same account waits, or has come first and is seen.
    session.get_one(Person, enrolment.person_id, with_for_update={"key_share": True})
    line = session.scalar(select(LedgerLine).filter_by(key=counting.course_key(enrolment)))
    if line is None or line.ended_on < open_since(wib_date(now)):
        return None
    rule, corrections = queries.rule_now(session, line), queries.corrections_of(session, line)
    earning = counting.earned_by_course(session, enrolment, anew=True, rule=rule)
    learned, counted = queries.days_of(session, line)
    earned, recognised = queries.earned_of(session, line), queries.recognised_of(session, line)
    worth, counts = counting.recognisable(session, line.person_id, earning, counted)
    if any("#" in each.key for each in corrections) and worth > recognised:
        worth, counts = recognised, filled(counts, recognised * earning.minutes_per_jp)
    moved = has_cap(rule) and any(counts.get(day, 0) != counted.get(day, 0) for day in {*counts, *counted})
    if (worth, earning.jp) == (recognised, earned) and not moved:
        return None
    made = line.corrected(
        public_id=new_id(),
        key=f"{line.key}~{len(corrections) + 1}",
        minutes=sum(earning.days.values()) - sum(learned.values()),
        jp_earned=earning.jp - earned,
        jp_recognised=worth - recognised,
        form_rule_id=rule.id,
        reason=_("Dihitung ulang karena presensi dibetulkan."),
        created_at=now,
    )
    session.add(made)
    session.flush()
    for day in sorted({*learned, *earning.days}):
        more = _difference(earning.days, learned, day), _difference(counts, counted, day)
        if any(more):
            session.add(LedgerDay(line_id=made.id, day=day, minutes=more[0], counted=more[1]))
    session.flush()
    before, after = {"earned": earned, "recognised": recognised}, {"earned": earning.jp, "recognised": worth}
    record(session, actor, "jp.recounted", line, before=before, after=after, reason=made.reason)
    correct_completion(session, actor, enrolment, earning.jp)
    return made


def _difference(now: Mapping[date, int], before: Mapping[date, int], day: date) -> int:
    return now.get(day, 0) - before.get(day, 0)
