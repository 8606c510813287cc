"""How a learner took part in a class, as certificates and the JP account ask."""

from datetime import date

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from elearn.foundation.database import rows_of
from elearn.learning.cohorts.models import Cohort, Participant, ParticipantDay, Ruling
from elearn.learning.cohorts.rules import Held

_HELD = (
    select(Participant.id, Cohort, Ruling.made_by)
    .join(Cohort, Cohort.id == Participant.cohort_id)
    .outerjoin(Ruling, and_(Ruling.id == Participant.ruling_id, Participant.result == "passed"))
    .where(Participant.enrolment_id == bindparam("enrolment_id"), Participant.status == "joined")
    # Who failed in one class and passed in another was taught in the latter.
    .order_by((Participant.result == "passed").desc(), Participant.joined_at.desc())
    .limit(1)
)

_DAYS = (
    select(ParticipantDay.day, ParticipantDay.minutes, ParticipantDay.sessions)
    .where(ParticipantDay.participant_id == bindparam("participant_id"))
    .order_by(ParticipantDay.day)
)


def held_in(session: Session, enrolment_id: int) -> Held | None:
    """The class in which an enrolment takes part; None for who learns by himself. At most two statements."""
    found = session.execute(_HELD, {"enrolment_id": enrolment_id}).one_or_none()
    if found is None:
        return None
    participant_id, cohort, passed_by = found
    rows = rows_of(session, _DAYS, participant_id=participant_id) if cohort.sessions else []
    by_day = {row.day: row.minutes for row in rows}
    days = len(by_day) if cohort.sessions else (cohort.ends_on - cohort.starts_on).days + 1
    return Held(
        participant_id=participant_id,
        form_code=cohort.form_code,
        international=cohort.international,
        name=cohort.name,
        organiser=cohort.organiser,
        place=cohort.place,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        by_day=by_day,
        sessions_by_day={row.day: row.sessions for row in rows},
        days=days,
        passed_by=passed_by,
    )


def sessions_by_day(session: Session, participant: Participant) -> dict[date, int]:
    """How many sessions somebody attended on each local day."""
    return {row.day: row.sessions for row in rows_of(session, _DAYS, participant_id=participant.id)}
