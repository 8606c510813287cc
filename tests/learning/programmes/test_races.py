"""Runs, letters and people's own enrolment at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from elearn.learning.enrolment.actions import enrol
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes.models import Duty, DutyMail, DutyReminder
from elearn.learning.programmes.reminders import take_letters
from elearn.learning.programmes.runs import run_piece
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.teaching.courses.models import Course
from tests import academy, world

SYSTEM = Actor.system("tests")


def test_of_many_at_once_everybody_comes_in_once_and_hears_once(own_database, now):
    with own_database.write() as session:
        cast, course = world.cast(session), world.a_course(session)
        programme, rule = academy.a_programme(session, course, None, cast.dewi)
        rule.due_days = 3
        for person in session.scalars(select(Person)):
            person.email = f"{person.id}@contoh.example"
        session.commit()
        programme_id, course_id, people = programme.id, course.id, session.scalars(select(Person.id)).all()

    def run(_n):
        with own_database.write() as session:
            run_piece(session, SYSTEM, programme_id, 0, now)
            session.commit()

    def learn(person_id):
        with own_database.write() as session:
            enrol(session, actor_for(session, person_id), session.get_one(Course, course_id), now)
            session.commit()

    def write(_n):
        with own_database.write() as session:
            told = take_letters(session, SYSTEM, now)
            session.commit()
            return [letter.person_id for letter in told]

    with ThreadPoolExecutor(6) as pool:
        for done in [*(pool.submit(run, n) for n in range(3)), *(pool.submit(learn, id) for id in people)]:
            done.result()
    with ThreadPoolExecutor(3) as pool:
        letters = [id for some in pool.map(write, range(3)) for id in some]
    with own_database.read() as session:
        owing = session.scalars(select(Duty.person_id).order_by(Duty.person_id)).all()
        placed = session.scalars(select(Enrolment.person_id).order_by(Enrolment.person_id)).all()
        assert owing == placed == sorted(people) == sorted(letters)
        made = session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action="duty.made"))
        told = [session.scalar(select(func.count()).select_from(table)) for table in (DutyMail, DutyReminder)]
        assert [made, *told] == [len(people)] * 3
