"""What waits for the regency's admin, and the classes of these days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from elearn.foundation.clock import end_of, start_of, wib_date
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import failed_after
from elearn.learning.attendance.queries import Counted, sessions_within
from elearn.learning.cohorts.nominees import nominations_since
from elearn.learning.cohorts.queries import Ended, Listed, counted, ended_open, open_between
from elearn.overview.attainment.months import MonthlyJp, jp_by_month
from elearn.overview.attainment.queries import AttainmentFilters, counted_beforehand
from elearn.overview.attainment.rules import last_months
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.imports.queries import not_run_since
from elearn.recognition.external_records.queries import waiting_since
from elearn.recognition.signing.queries import queue
from elearn.standards.siasn.queries import refused_since

AHEAD = timedelta(days=6)
FAILED_WITHIN = timedelta(days=7)
MOST_CLASSES = 10


@dataclass(frozen=True)
class Waiting:
    """How many of a queue wait, and for how many days (WIB) the oldest has."""

    count: int
    days: int


@dataclass(frozen=True)
class Pressing:
    """All that waits. `ended` are the first of `ended_total`; `failed` is one's own work, `failed_unseen` the system's.

    `running` are the first of `running_total` open classes of seven days, `today` their sessions of this day by the id
    of the class.
    """

    records: Waiting
    nominations: Waiting
    signatures: Waiting
    refused: Waiting
    imports: Waiting
    failed: Sequence[Job]
    failed_unseen: int
    ended: Sequence[Ended]
    ended_total: int
    running: Sequence[Listed]
    running_total: int
    today: Mapping[int, Sequence[Counted]]

    @property
    def calm(self) -> bool:
        """Whether nothing waits."""
        queues = (self.records, self.nominations, self.signatures, self.refused, self.imports)
        return not (any(each.count for each in queues) or self.failed or self.failed_unseen or self.ended)


def pressing(session: Session, actor: Actor, now: datetime) -> Pressing:
    """Eleven statements at most, however much waits."""
    actor.must(Permission.MANAGE_CLASSES)
    today = wib_date(now)
    to_sign = queue(session, actor, 1)
    failed = failed_after(session, actor.me(), now - FAILED_WITHIN)
    ended, ended_total = ended_open(session, actor, today, MOST_CLASSES)
    near, near_total = open_between(session, actor, today, today + AHEAD, MOST_CLASSES)
    meetings: dict[int, list[Counted]] = {}
    for each in sessions_within(session, near, start_of(today), end_of(today)):
        meetings.setdefault(each.meeting.cohort_id, []).append(each)
    return Pressing(
        _waiting(today, *waiting_since(session, actor)),
        _waiting(today, *nominations_since(session, actor)),
        _waiting(today, to_sign.count, to_sign.sample[0].issued_at if to_sign.sample else None),
        _waiting(today, *refused_since(session, actor)),
        _waiting(today, *not_run_since(session, actor)),
        [job for job in failed if job.owner_id is not None],
        sum(job.owner_id is None for job in failed),
        ended,
        ended_total,
        counted(session, near) if near else [],
        near_total,
        meetings,
    )


def _waiting(today: date, count: int, since: datetime | None) -> Waiting:
    return Waiting(count, (today - wib_date(since)).days if since else 0)


def trend(session: Session, actor: Actor, now: datetime) -> Sequence[MonthlyJp]:
    """JP of twelve months up to the present one; where there are many people, as counted beforehand. Two statements."""
    today = wib_date(now)
    beforehand = counted_beforehand(session, actor, AttainmentFilters(today.year)) is not None
    return jp_by_month(session, actor, last_months(today), beforehand=beforehand)
