"""Seats of a class: who takes one, who waits, who moves up.

The class's row is locked first, so that no seat is given twice.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.notices import tell
from elearn.learning.cohorts.queries import joined_in, others_joined
from elearn.learning.cohorts.rules import seats_left
from elearn.learning.enrolment.actions import place_in_class, release
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.queries import enrolment_of
from elearn.learning.enrolment.rules import check_unfinished
from elearn.learning.progress.actions import settle_one
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course


def held(session: Session, cohort: Cohort) -> Cohort:
    """The class's row, locked: of two who want the last seat the second sees that it is taken."""
    session.flush()
    return session.get_one(Cohort, cohort.id, with_for_update=True, populate_existing=True)


def participant_for(session: Session, cohort: Cohort, person_id: int, now: datetime) -> Participant:
    """The person's row in a locked class, made where there is none; its status stays blank then."""
    found = session.scalar(
        select(Participant)
        .filter_by(cohort_id=cohort.id, person_id=person_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        found = Participant(
            public_id=new_id(), cohort_id=cohort.id, person_id=person_id, status="", attended=0, created_at=now
        )
    return found


def take_in(session: Session, actor: Actor, cohort: Cohort, participant: Participant, now: datetime) -> bool:
    """Seat somebody in a locked class, or put him or her on the waiting list; gives whether there was a seat.

    Raises Conflict for who learns in another class of the course or has completed it.
    """
    if other := others_joined(session, participant, cohort):
        raise Conflict(
            _("Masih mengikuti angkatan lain dari pelatihan ini: %(name)s. Keluar dari sana dahulu.", name=other.name)
        )
    course = session.get_one(Course, cohort.course_id)
    check_unfinished(enrolment_of(session, participant.person_id, course))
    if seats_left(cohort.quota, joined_in(session, cohort)) == 0:
        cohort.places_given += 1
        participant.status, participant.place = "waiting", cohort.places_given
    else:
        enrolment = place_in_class(session, actor, participant.person_id, course, cohort.due_on, now)
        # Asked again under the enrolment's lock: two classes may take the same person in at the same moment.
        if other := others_joined(session, participant, cohort):
            raise Conflict(_("Masih mengikuti angkatan lain dari pelatihan ini: %(name)s.", name=other.name))
        participant.enrolment_id = enrolment.id
        participant.status, participant.place, participant.joined_at = "joined", None, now
    participant.left_at, participant.refusal = None, ""
    session.add(participant)
    session.flush()
    record(session, actor, f"class.{participant.status}", participant, after={"class": cohort.public_id})
    return participant.status == "joined"


def let_go(
    session: Session, actor: Actor, cohort: Cohort, participant: Participant, reason: str, now: datetime
) -> None:
    """Somebody leaves a locked class, and the first who wait move up. Raises Conflict once a result was given."""
    if participant.status not in ("nominated", "waiting", "joined"):
        return
    if participant.result in ("passed", "failed"):
        raise Conflict(_("Hasilnya sudah ditetapkan, jadi peserta ini tetap tercatat."))
    before = participant.status
    participant.status, participant.place, participant.left_at = "withdrawn", None, now
    participant.refusal = reason[:300]
    session.flush()
    record(session, actor, "class.left", participant, before={"status": before}, reason=reason)
    if before == "joined" and participant.enrolment_id is not None:
        enrolment = session.get_one(Enrolment, participant.enrolment_id)
        release(session, actor, enrolment, cohort.due_on, now)
        settle_one(session, actor, enrolment, now)
    move_up(session, cohort, now)


def move_up(session: Session, cohort: Cohort, now: datetime) -> int:
    """Give free seats of a locked class to those who wait, in their order; gives how many.

    Classes that are settled or over rest: a seat in the past helps nobody. Who cannot be seated is told why.
    """
    moved, dropped, actor = list[int](), list[int](), Actor.system("class.waiting_list")
    over = cohort.settled or wib_date(now) > cohort.ends_on
    while not over and seats_left(cohort.quota, joined_in(session, cohort)) != 0:
        first = session.scalar(
            select(Participant)
            .filter_by(cohort_id=cohort.id, status="waiting")
            .order_by(Participant.place)
            .limit(1)
            .execution_options(populate_existing=True)
        )
        if first is None:
            break
        try:
            with session.begin_nested():
                take_in(session, actor, cohort, first, now)
                moved.append(first.id)
        except Refusal as refusal:
            # Meanwhile in another class, or the course is closed: the next one must not wait for that.
            session.refresh(first)
            first.status, first.place, first.refusal, first.left_at = "withdrawn", None, refusal.message[:300], now
            session.flush()
            record(session, actor, "class.left", first, reason=refusal.message)
            dropped.append(first.id)
    tell(session, "moved_up", cohort, now, ids=moved)
    tell(session, "dropped", cohort, now, ids=dropped)
    return len(moved)
