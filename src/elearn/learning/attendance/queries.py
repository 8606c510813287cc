"""Questions about sessions, attendance and calendars."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from elearn.foundation.errors import NotFound
from elearn.foundation.ids import fingerprint
from elearn.learning.attendance.models import Attendance, CalendarFeed, ClassSession
from elearn.learning.attendance.rules import CLOSES_AFTER, Attended
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.queries import taught_by

LATER = 40
"""Sessions on a learner's schedule."""


@dataclass(frozen=True)
class Listed:
    """A participant on a session's list, with what is known of him or her."""

    participant: Participant
    attendance: Attendance | None

    @property
    def present(self) -> bool:
        return self.attendance is not None and self.attendance.present


@dataclass(frozen=True)
class Counted:
    """A session with how many were there."""

    meeting: ClassSession
    present: int


@dataclass(frozen=True)
class Planned:
    """A session of a class in which the learner is; `attendance` is the learner's own."""

    meeting: ClassSession
    attendance: Attendance | None

    @property
    def present(self) -> bool:
        return self.attendance is not None and self.attendance.present

    @property
    def place(self) -> str:
        return self.meeting.place or self.meeting.cohort.place

    @property
    def link(self) -> str:
        return self.meeting.link or self.meeting.cohort.link


def _with_class() -> Select[ClassSession]:
    return (
        select(ClassSession)
        .join(ClassSession.cohort)
        .join(Cohort.course)
        .options(contains_eager(ClassSession.cohort).contains_eager(Cohort.course))
    )


def session_run(session: Session, actor: Actor, public_id: str) -> ClassSession:
    """A session of a class that the actor runs, with class and course; NotFound for everybody else."""
    found = session.scalar(_with_class().where(ClassSession.public_id == public_id, taught_by(actor)))
    if found is None:
        raise NotFound
    return found


def sessions_of(session: Session, cohort: Cohort) -> list[Counted]:
    """The sessions of a class in their order, with how many were there; the caller found the class."""
    rows = session.execute(
        select(ClassSession, _present())
        .filter_by(cohort_id=cohort.id)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    return [Counted(meeting, n) for meeting, n in rows]


def subjects_of(session: Session, participant_id: int) -> list[tuple[str, int]]:
    """Title and minutes of each session that a participant attended, in order; the caller found the participant."""
    wanted = (
        select(ClassSession)
        .join(Attendance, Attendance.session_id == ClassSession.id)
        .where(Attendance.participant_id == participant_id, Attendance.present)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    return [(meeting.title, meeting.minutes) for meeting in session.scalars(wanted)]


def sessions_within(session: Session, cohorts: Collection[Cohort], first: datetime, after: datetime) -> list[Counted]:
    """The sessions of these classes which begin in a stretch of time, by their beginning; the caller found the classes.

    One statement, none without a class.
    """
    if not cohorts:
        return []
    rows = session.execute(
        _with_class()
        .add_columns(_present())
        .where(
            ClassSession.cohort_id.in_([each.id for each in cohorts]),
            ClassSession.starts_at >= first,
            ClassSession.starts_at < after,
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    return [Counted(meeting, n) for meeting, n in rows]


def _present() -> ScalarSelect[int]:
    there = (
        select(func.count())
        .select_from(Attendance)
        .join(Participant, Participant.id == Attendance.participant_id)
        .where(Attendance.session_id == ClassSession.id, Attendance.present, Participant.status == "joined")
    )
    return there.correlate(ClassSession).scalar_subquery()


def roll_of(session: Session, meeting: ClassSession) -> list[Listed]:
    """Who should be at a session, by name, and who is known to have been; the caller found the session."""
    rows = session.execute(
        select(Participant, Attendance)
        .join(Participant.person)
        .outerjoin(Attendance, (Attendance.participant_id == Participant.id) & (Attendance.session_id == meeting.id))
        .where(Participant.cohort_id == meeting.cohort_id, Participant.status == "joined")
        .options(contains_eager(Participant.person).joinedload(Person.unit))
        .order_by(Person.name, Participant.id)
    )
    return [Listed(participant, attendance) for participant, attendance in rows]


def attended_by(session: Session, participant_ids: Collection[int]) -> dict[int, list[Attended]]:
    """The sessions at which participants, by id, were; who was at none has an empty list."""
    rows = session.execute(
        select(Attendance.participant_id, ClassSession.starts_at, ClassSession.ends_at)
        .join(ClassSession, ClassSession.id == Attendance.session_id)
        .where(Attendance.participant_id.in_(participant_ids), Attendance.present)
    )
    found: dict[int, list[Attended]] = {id: [] for id in participant_ids}
    for id, starts_at, ends_at in rows:
        found[id].append(Attended(starts_at, ends_at))
    return found


def at_the_same_time(session: Session, meeting: ClassSession, cohort: Cohort) -> Sequence[ClassSession]:
    """Other sessions at the same place at the same time, with their class, whoever runs them."""
    place = (meeting.place or cohort.place).strip().lower()
    if not place:
        return []
    where = func.lower(func.coalesce(func.nullif(ClassSession.place, ""), Cohort.place))
    return session.scalars(
        select(ClassSession)
        .join(ClassSession.cohort)
        .options(contains_eager(ClassSession.cohort))
        .where(
            ClassSession.id != meeting.id,
            Cohort.state.in_(("draft", "open")),
            where == place,
            ClassSession.starts_at < meeting.ends_at,
            ClassSession.ends_at > meeting.starts_at,
        )
        .order_by(ClassSession.starts_at)
    ).all()


def my_session(session: Session, actor: Actor, public_id: str) -> tuple[ClassSession, Participant]:
    """A session of a class in which the actor is, with class and course; NotFound for everybody else."""
    row = session.execute(
        _with_class()
        .join(Participant, Participant.cohort_id == Cohort.id)
        .add_columns(Participant)
        .where(
            ClassSession.public_id == public_id,
            Participant.person_id == actor.me(),
            Participant.status == "joined",
            Cohort.state != "cancelled",
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


_MINE = (
    select(ClassSession, Attendance)
    .join(ClassSession.cohort)
    .join(Cohort.course)
    .join(Participant, (Participant.cohort_id == Cohort.id) & (Participant.status == "joined"))
    .outerjoin(Attendance, (Attendance.session_id == ClassSession.id) & (Attendance.participant_id == Participant.id))
    .options(contains_eager(ClassSession.cohort).contains_eager(Cohort.course))
    .where(Participant.person_id == bindparam("person_id"), Cohort.state.in_(("open", "finished")))
)
_NEXT = _MINE.where(ClassSession.ends_at >= bindparam("since")).order_by(ClassSession.starts_at, ClassSession.id)
_PAST = _MINE.where(ClassSession.ends_at < bindparam("since")).order_by(ClassSession.starts_at.desc())


def my_next_sessions(session: Session, actor: Actor, now: datetime, most: int = LATER) -> list[Planned]:
    """The actor's sessions that can still be checked into or are to come, the next first. One statement."""
    asked = {"person_id": actor.me(), "since": now - CLOSES_AFTER}
    return [Planned(meeting, mine) for meeting, mine in session.execute(_NEXT.limit(most), asked)]


def my_past_sessions(session: Session, actor: Actor, now: datetime, most: int = 20) -> list[Planned]:
    """The actor's sessions that are over, the last first."""
    asked = {"person_id": actor.me(), "since": now - CLOSES_AFTER}
    return [Planned(meeting, mine) for meeting, mine in session.execute(_PAST.limit(most), asked)]


def all_my_sessions(session: Session, actor: Actor, since: datetime) -> list[ClassSession]:
    """The actor's sessions from a moment on, with class and course, for a calendar."""
    asked = {"person_id": actor.me(), "since": since}
    return [meeting for meeting, _mine in session.execute(_NEXT.limit(1_000), asked)]


def sessions_in(session: Session, cohort: Cohort) -> Sequence[ClassSession]:
    """The sessions of a class with class and course, for a calendar; the caller found the class."""
    wanted = _with_class().where(ClassSession.cohort_id == cohort.id)
    return session.scalars(wanted.order_by(ClassSession.starts_at, ClassSession.id)).all()


def my_feed(session: Session, actor: Actor) -> CalendarFeed | None:
    """The actor's calendar feed, once it was made."""
    return session.get(CalendarFeed, actor.me())


def feed_owner(session: Session, token: str) -> Actor | None:
    """Whose calendar a secret address is; None for a wrong or an old one, and for a closed account."""
    feed = session.scalar(select(CalendarFeed).filter_by(token_hash=fingerprint(token)))
    return actor_for(session, feed.person_id) if feed is not None else None


def participants_named(session: Session, cohort_id: int, nips: Collection[str]) -> dict[str, Participant]:
    """Those of a class who have joined and have these NIPs, by NIP, with their person."""
    rows = session.scalars(
        select(Participant)
        .join(Participant.person)
        .where(Participant.cohort_id == cohort_id, Participant.status == "joined", Person.nip.in_(nips))
        .options(contains_eager(Participant.person))
    )
    return {each.person.nip: each for each in rows if each.person.nip}


def noted_for(session: Session, meeting: ClassSession) -> dict[int, Attendance]:
    """What is known of a session, by participant's id."""
    rows = session.scalars(
        select(Attendance).filter_by(session_id=meeting.id).execution_options(populate_existing=True)
    )
    return {each.participant_id: each for each in rows}


def candidates(session: Session, actor: Actor, now: datetime) -> list[tuple[ClassSession, Participant]]:
    """The sessions into which the actor can check in at this moment, each with the actor's own row."""
    rows = session.execute(
        _with_class()
        .join(Participant, Participant.cohort_id == Cohort.id)
        .add_columns(Participant)
        .where(
            Participant.person_id == actor.me(),
            Participant.status == "joined",
            Cohort.state == "open",
            ClassSession.starts_at <= now + CLOSES_AFTER,
            ClassSession.ends_at >= now - CLOSES_AFTER,
        )
    )
    return [(meeting, participant) for meeting, participant in rows]
