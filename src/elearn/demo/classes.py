"""The demo's classes: those that were held this year, and one that takes people in, with sessions and attendance.

Plainly fictitious, and the same each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.people import acting
from elearn.demo.progress import DEMO_COURSE
from elearn.demo.signatures import begin_signing
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


@dataclass(frozen=True)
class _Held:
    """A class that was held, so far back as a share of the year until now; each so manieth, `left`, left early."""

    slug: str
    title: str
    summary: str
    outcome: str
    form: str
    competency: str
    place: str
    audience: str
    back: float
    days: int
    first: int
    seats: int
    left: int


_YEAR = (
    _Held(
        "bimtek-anggaran-contoh",
        "Bimtek Penyusunan Anggaran (contoh)",
        "Dua hari menyusun rencana kerja dan anggaran dari angka tahun lalu.",
        "Menyusun anggaran satu kegiatan sampai rincian belanjanya.",
        "KL10",
        "teknis",
        "Aula Dinas Kominfo Contoh",
        "Penyusun anggaran di setiap dinas",
        0.85,
        2,
        3,
        21,
        3,
    ),
    _Held(
        "lokakarya-sop-contoh",
        "Lokakarya SOP Pelayanan (contoh)",
        "Sehari menulis ulang satu SOP bersama petugas yang memakainya.",
        "Menulis SOP yang dapat diikuti petugas baru.",
        "KL07",
        "teknis",
        "Ruang Rapat Inspektorat Contoh",
        "Kepala subbagian umum dan petugas loket",
        0.6,
        1,
        11,
        16,
        17,
    ),
    _Held(
        "sosialisasi-kode-etik-contoh",
        "Sosialisasi Kode Etik ASN (contoh)",
        "Setengah hari tentang kode etik dengan kasus dari kantor sendiri.",
        "Mengenali pelanggaran kode etik dalam kasus sehari-hari.",
        "KL11",
        "sosial-kultural",
        "Gedung Serbaguna Contoh",
        "Semua pegawai",
        0.3,
        1,
        0,
        24,
        4,
    ),
    _Held(
        SEMINAR,
        "Seminar Integritas Pelayanan Publik (contoh)",
        "Sehari bersama narasumber tentang integritas di loket pelayanan.",
        "Mengenali benturan kepentingan di meja kerja sendiri.",
        "KL06",
        "sosial-kultural",
        "Pendopo Kabupaten Contoh",
        "Petugas loket dan kepala subbagian umum",
        0.1,
        1,
        0,
        15,
        7,
    ),
)


def load_classes(session: Session, now: datetime) -> None:
    """All classes; nothing happens when there is any class already."""
    course = session.scalar(select(Course).filter_by(slug=DEMO_COURSE))
    if course is None or session.scalar(select(Cohort.id).limit(1)) is not None:
        return
    admin = acting(session, "regency_admin")
    learned = select(Enrolment.person_id).filter_by(course_id=course.id)
    free = Person.activated_at.is_not(None), Person.nip.is_not(None), Person.id.not_in(learned)
    people = session.scalars(select(Person).where(*free).order_by(Person.id)).all()
    learner = session.get_one(Person, acting(session, "learner").me())
    others = [person for person in people if person is not learner]
    elapsed = wib_date(now).timetuple().tm_yday - 1
    for each in _YEAR:
        # Of this year, unless that has only begun.
        then = now - timedelta(days=max(each.days + 1, round(elapsed * each.back)))
        there = [*others[each.first :], *others[: each.first]][: each.seats]
        if each.slug == SEMINAR:
            begin_signing(session, admin, then)
            # Whom visitors sign in as.
            there.insert(0, learner)
        _held(session, admin, each, there, then)
    _coming(session, admin, course, people, now)


def _held(session: Session, admin: Actor, held: _Held, people: Sequence[Person], then: datetime) -> None:
    """A class of some days, each with a morning and an afternoon; some left before the last afternoon."""
    course = Course(
        slug=held.slug,
        title=held.title,
        summary=held.summary,
        outcomes=[held.outcome],
        organiser="BKPSDM Contoh",
        competency=held.competency,
        form=held.form,
        classes_only=True,
        state="published",
        minutes=0,
        created_at=then,
        published_at=then,
    )
    session.add(course)
    session.flush()
    day = wib_date(then)
    last = day + timedelta(days=held.days - 1)
    wish = CohortWish(
        name=f"Angkatan I tahun {day.year}",
        form_code=held.form,
        organiser="BKPSDM Contoh",
        place=held.place,
        starts_on=day,
        ends_on=last,
        quota=50,
        audience=held.audience,
        speakers="Dr. Contoh Andaikan\nUmpama Misalnya, M.Si.",
        least_attendance=75,
    )
    cohort = _opened(session, admin, course, wish, then)
    meetings = [
        _session(session, admin, cohort, day + timedelta(days=n), title, hour)
        for n in range(held.days)
        for title, hour in (("Sesi pagi", 8), ("Sesi siang", 13))
    ]
    add(session, admin, cohort, "\n".join(person.nip or "" for person in people), then)
    there = session.scalars(select(Participant.public_id).filter_by(cohort_id=cohort.id).order_by(Participant.id)).all()
    early = there[held.left - 1 :: held.left]
    for meeting in meetings:
        # Half of the sessions is less than what passing asks for.
        late = meeting in meetings[len(meetings) // 2 :]
        stayed = [each for each in there if each not in early] if late else there
        note_list(session, admin, meeting, ListWish(present=list(stayed), sheet=True), meeting.ends_at)
    session.flush()
    cohort = cohort_run(session, admin, cohort.public_id)
    session.refresh(cohort, ["sessions"])
    for row in session.scalars(select(Participant).filter_by(cohort_id=cohort.id)):
        session.refresh(row, ["attended"])
    evening = start_of(last) + timedelta(hours=17)
    rule(session, admin, cohort, RulingWish(whom="clear", result="passed"), evening)
    left = "Meninggalkan ruangan sebelum sesi siang."
    if early:
        rule(session, admin, cohort, RulingWish(participants=list(early), result="failed", reason=left), evening)
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
