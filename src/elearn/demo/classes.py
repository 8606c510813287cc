"""The demo's classes: a seminar that was held, and a class that takes people in, with sessions and attendance.

Plainly fictitious, and the same each time.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.people import acting
from elearn.demo.progress import DEMO_COURSE
from elearn.foundation.clock import start_of, wib_date
from elearn.learning.attendance.actions import note_list, plan
from elearn.learning.attendance.forms import ListWish, SessionWish
from elearn.learning.attendance.models import ClassSession
from elearn.learning.cohorts.actions import add, join, make, set_state
from elearn.learning.cohorts.forms import CohortWish, NominationWish, RulingWish
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.nominations import nominate
from elearn.learning.cohorts.queries import cohort_run
from elearn.learning.cohorts.rulings import rule
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Course

SEMINAR = "seminar-integritas-contoh"


def load_classes(session: Session, now: datetime) -> None:
    """Both classes; nothing happens when there is any class already."""
    course = session.scalar(select(Course).filter_by(slug=DEMO_COURSE))
    if course is None or session.scalar(select(Cohort.id).limit(1)) is not None:
        return
    admin = acting(session, "regency_admin")
    learned = select(Enrolment.person_id).filter_by(course_id=course.id)
    free = Person.activated_at.is_not(None), Person.nip.is_not(None), Person.id.not_in(learned)
    people = session.scalars(select(Person).where(*free).order_by(Person.id)).all()
    _held(session, admin, people[:14], now - timedelta(days=33))
    _coming(session, admin, course, people, now)


def _held(session: Session, admin: Actor, people: Sequence[Person], then: datetime) -> None:
    """A seminar of one day; two of those who came left before noon."""
    course = Course(
        slug=SEMINAR,
        title="Seminar Integritas Pelayanan Publik (contoh)",
        summary="Sehari bersama narasumber tentang integritas di loket pelayanan.",
        outcomes=["Mengenali benturan kepentingan di meja kerja sendiri."],
        organiser="BKPSDM Contoh",
        competency="sosial-kultural",
        form="KL06",
        classes_only=True,
        state="published",
        minutes=0,
        created_at=then,
        published_at=then,
    )
    session.add(course)
    session.flush()
    day = wib_date(then)
    wish = CohortWish(
        name=f"Angkatan I tahun {day.year}",
        form_code="KL06",
        organiser="BKPSDM Contoh",
        place="Pendopo Kabupaten Contoh",
        starts_on=day,
        ends_on=day,
        quota=50,
        audience="Petugas loket dan kepala subbagian umum",
        speakers="Dr. Contoh Andaikan\nUmpama Misalnya, M.Si.",
        least_attendance=75,
    )
    cohort = _opened(session, admin, course, wish, then)
    planned = (("Sesi pagi", 8), ("Sesi siang", 13))
    meetings = [_session(session, admin, cohort, day, title, hour) for title, hour in planned]
    add(session, admin, cohort, "\n".join(person.nip or "" for person in people), then)
    there = session.scalars(select(Participant.public_id).filter_by(cohort_id=cohort.id).order_by(Participant.id)).all()
    for meeting, present in zip(meetings, (there, there[2:]), strict=True):
        note_list(session, admin, meeting, ListWish(present=list(present), sheet=True), meeting.ends_at)
    session.flush()
    cohort = cohort_run(session, admin, cohort.public_id)
    session.refresh(cohort, ["sessions"])
    for row in session.scalars(select(Participant).filter_by(cohort_id=cohort.id)):
        session.refresh(row, ["attended"])
    evening = start_of(day) + timedelta(hours=17)
    rule(session, admin, cohort, RulingWish(whom="clear", result="passed"), evening)
    left = "Meninggalkan ruangan sebelum sesi siang."
    absent = RulingWish(participants=list(there[:2]), result="failed", reason=left)
    rule(session, admin, cohort, absent, evening)
    set_state(session, admin, cohort, "finished", evening)


def _coming(session: Session, admin: Actor, course: Course, people: Sequence[Person], now: datetime) -> None:
    """A class that began yesterday, fully taken, with some who wait and some who are nominated."""
    first = wib_date(now) - timedelta(days=1)
    wish = CohortWish(
        name=f"Angkatan II tahun {first.year}",
        form_code="NKL04",
        organiser="BKPSDM Contoh",
        place="Aula BKPSDM Contoh",
        link="https://rapat.contoh.example/angkatan-2",
        starts_on=first,
        ends_on=first + timedelta(days=24),
        quota=12,
        audience="Pejabat pengawas dan calon pejabat pengawas",
        speakers="Ratna Umpama\nBayu Andaikan",
        due_on=first + timedelta(days=21),
        least_attendance=80,
    )
    cohort = _opened(session, admin, course, wish, now)
    opening = _session(session, admin, cohort, first, "Pembukaan dan pengarahan", 9)
    for n, title in ((1, "Klinik keputusan"), (8, "Bedah kasus diskresi"), (15, "Presentasi dan penutupan")):
        _session(session, admin, cohort, first + timedelta(days=n), title, 9)
    learner = acting(session, "learner")
    join(session, learner, cohort, now)
    for person in people[2:15]:
        actor = actor_for(session, person.id)
        if actor is not None and person.id != learner.person_id:
            join(session, actor, cohort, now)
    seated = select(Participant.public_id).filter_by(cohort_id=cohort.id, status="joined").order_by(Participant.id)
    there = session.scalars(seated).all()
    note_list(session, admin, opening, ListWish(present=list(there[:-2])), opening.ends_at)
    proposer = acting(session, "opd_admin")
    own = [person.public_id for person in people[15:] if person.unit_id is not None]
    nominate(session, proposer, cohort, NominationWish(people=own), now)


def _opened(session: Session, admin: Actor, course: Course, wish: CohortWish, now: datetime) -> Cohort:
    cohort = make(session, admin, course, wish, now)
    cohort.course = course
    set_state(session, admin, cohort, "open", now)
    return cohort


def _session(session: Session, admin: Actor, cohort: Cohort, day: date, title: str, hour: int) -> ClassSession:
    wish = SessionWish(title=title, day=day, starts=time(hour), ends=time(hour + 3))
    meeting = plan(session, admin, cohort, wish, start_of(day))
    meeting.cohort = cohort
    return meeting
