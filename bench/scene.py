"""What there is to measure: the course of content/, a short course with a quiz of 20 questions, learners, a crowd."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, cast, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from elearn.activities.quizzes import actions as quizzes
from elearn.activities.quizzes.models import Attempt, Quiz
from elearn.activities.readings.models import Reading
from elearn.demo import people as accounts
from elearn.demo import progress
from elearn.foundation.database import Database
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import desk
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.models import Person, WebSession
from elearn.people.accounts.queries import actor_for
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.models import Certificate
from elearn.teaching.content.actions import sync_folder
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.questions.models import QuestionBank

SLUG = "kursus-ukur"
QUESTIONS = 20
READINGS = 10
LEARNERS = 48


@dataclass(frozen=True)
class Learner:
    """Somebody signed in, with an open attempt."""

    token: str
    attempt: str


@dataclass(frozen=True)
class Scene:
    """Addresses to ask for, and who asks."""

    learners: Sequence[Learner]
    admin_token: str
    admin_password: str
    lessons: Sequence[str]
    quiz: str

    @property
    def course(self) -> str:
        return f"/pelatihan/{progress.DEMO_COURSE}"

    def open_attempt(self, session: Session, learner: Learner) -> Attempt:
        """The learner's attempt at the quiz, a new one after it was submitted."""
        first = session.scalars(select(Attempt).filter_by(public_id=learner.attempt)).one()
        actor = actor_for(session, first.person_id)
        assert actor is not None
        return quizzes.start(session, actor, desk(session, actor, self.quiz, "quiz"), datetime.now(UTC))


def build(database: Database, now: datetime, learners: int = LEARNERS) -> Scene:
    """The small scene: the demo's people and course, and the learners who will ask."""
    with database.write() as session:
        accounts.load_people(session, now)
        sync_folder(session, accounts.system(), progress.content_folder(), now)
        progress.load_progress(session, now)
        quiz = _short_course(session, now)
        lessons = _lessons(session)
        people = [_learner(session, n, quiz, lessons, now) for n in range(learners)]
        made = _scene(session, people, lessons, quiz, now)
        session.commit()
        return made


def again(database: Database, now: datetime) -> Scene:
    """The scene of a database that was filled before; everybody signs in anew."""
    with database.write() as session:
        quiz = session.scalars(select(Activity).join(Course).where(Course.slug == SLUG, Activity.kind == "quiz")).one()
        found = session.execute(
            select(Person, Attempt.public_id)
            .join(Attempt, Attempt.person_id == Person.id)
            .where(Person.name.startswith("Peserta Ukur"), Attempt.submitted_at.is_(None))
            .order_by(Person.id)
        )
        people = [Learner(start_session(session, Actor.system("bench"), each, now), attempt) for each, attempt in found]
        made = _scene(session, people, _lessons(session), quiz, now)
        session.commit()
        return made


def _scene(
    session: Session, people: Sequence[Learner], lessons: Sequence[Activity], quiz: Activity, now: datetime
) -> Scene:
    account = next(account for account in accounts.ACCOUNTS if account.role == "regency_admin")
    admin = session.scalars(select(Person).filter_by(nip=account.nip)).one()
    token = start_session(session, Actor.system("bench"), admin, now)
    # In production an admin has passed the second factor before anything is shown.
    session.execute(update(WebSession).where(WebSession.person_id == admin.id).values(second_factor_at=now))
    return Scene(people, token, account.password, [lesson.public_id for lesson in lessons], quiz.public_id)


def _lessons(session: Session) -> Sequence[Activity]:
    wanted = select(Activity).join(Course).where(Course.slug == progress.DEMO_COURSE, Activity.kind == "reading")
    return session.scalars(wanted.order_by(Activity.id)).all()


def _short_course(session: Session, now: datetime) -> Activity:
    """Ten lessons and a quiz of 20 questions, drawn from the banks of the real course."""
    course = Course(
        slug=SLUG,
        title="Kursus untuk mengukur",
        summary="Contoh.",
        outcomes=[],
        state="published",
        minutes=90,
        created_at=now,
        published_at=now,
    )
    session.add(course)
    session.flush()
    module = Module(public_id=new_id(), course_id=course.id, key="m1", title="Modul", position=1)
    session.add(module)
    session.flush()
    for n in range(1, READINGS + 1):
        lesson = _activity(session, module, "reading", n)
        session.add(Reading(activity_id=lesson.id, source="Satu kalimat contoh. " * 200, saved_at=now))
    quiz = _activity(session, module, "quiz", READINGS + 1)
    banks = session.scalars(select(QuestionBank).where(QuestionBank.key.startswith("akhir")).order_by("key")).all()
    share = -(-QUESTIONS // len(banks))
    counts = [min(share, QUESTIONS - share * n) for n in range(len(banks)) if share * n < QUESTIONS]
    draws = [{"bank": bank.id, "count": count} for bank, count in zip(banks, counts, strict=False)]
    session.add(Quiz(activity_id=quiz.id, pass_mark=70, time_limit=90, draws=draws))
    session.flush()
    return quiz


def _activity(session: Session, module: Module, kind: str, n: int) -> Activity:
    activity = Activity(
        public_id=new_id(),
        course_id=module.course_id,
        module_id=module.id,
        key=f"a{n}",
        kind=kind,
        title=f"Langkah {n}",
        position=n,
        minutes=8,
        **({"completion": "passed"} if kind == "quiz" else {}),
    )
    session.add(activity)
    session.flush()
    return activity


def _learner(session: Session, n: int, quiz: Activity, lessons: Sequence[Activity], now: datetime) -> Learner:
    unit = session.scalars(select(Unit).filter_by(code="DIK.SD1")).one()
    person = Person(
        public_id=new_id(),
        nip=f"19850101{n:010d}",
        name=f"Peserta Ukur {n}",
        unit_id=unit.id,
        activated_at=now,
        created_at=now,
    )
    session.add(person)
    session.flush()
    long = session.scalars(select(Course).filter_by(slug=progress.DEMO_COURSE)).one()
    for course_id, last in ((long.id, lessons[19]), (quiz.course_id, None)):
        session.add(
            Enrolment(
                public_id=new_id(),
                person_id=person.id,
                course_id=course_id,
                started_at=now,
                last_activity_id=last.id if last else None,
                last_seen_at=now if last else None,
            )
        )
    session.flush()
    place = session.scalars(select(Enrolment).filter_by(person_id=person.id, course_id=long.id)).one()
    session.add_all(_progress(place.id, lesson.id, now) for lesson in lessons[:20])
    token = start_session(session, Actor.system("bench"), person, now)
    actor = actor_for(session, person.id)
    assert actor is not None
    attempt = quizzes.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)
    return Learner(token, attempt.public_id)


def _progress(enrolment_id: int, activity_id: int, now: datetime) -> ActivityProgress:
    return ActivityProgress(
        enrolment_id=enrolment_id,
        activity_id=activity_id,
        opened_at=now,
        last_seen_at=now,
        active_seconds=600,
        place=1.0,
        seen_to_end_at=now,
        completed_at=now,
    )


def add_crowd(database: Database, size: int, now: datetime) -> None:
    """People who have completed the short course and have their certificates."""
    with database.write() as session:
        course_id = session.scalars(select(Course.id).filter_by(slug=SLUG)).one()
        steps = session.scalars(select(Activity.id).filter_by(course_id=course_id)).all()
        units = session.scalars(select(Unit.id)).all()
        first = (session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1)) or 0) + 1
        for start in range(first, first + size, 1_000):
            _add_thousand(session, range(start, min(start + 1_000, first + size)), course_id, steps, units, now)
        session.commit()


def add_completions(database: Database, size: int, now: datetime) -> None:
    """So many completions in all, near enough: the crowd has completed further courses as well."""
    with database.write() as session:
        first = session.scalars(select(Course).filter_by(slug=SLUG)).one()
        done = select(Enrolment.id).where(Enrolment.course_id == first.id, Enrolment.completed_at.is_not(None))
        crowd = session.scalar(select(func.count()).select_from(done.subquery())) or 1
        made = session.scalar(select(func.count()).where(Course.title.startswith(f"{first.title} "))) or 0
        for n in range(made + 2, round(size / crowd) + 1):
            course = Course(
                slug=f"{SLUG}-{n}", title=f"{first.title} {n}", outcomes=[], state="published", created_at=now
            )
            session.add(course)
            session.flush()
            place = {
                "public_id": literal("u") + cast(Enrolment.id * 1_000 + n, String),
                "person_id": Enrolment.person_id,
                "course_id": literal(course.id),
                "started_at": Enrolment.started_at,
                "completed_at": Enrolment.completed_at,
                "score": Enrolment.score,
                "completed_jp": Enrolment.completed_jp,
                "completed_unit_id": Enrolment.completed_unit_id,
            }
            copied = select(*(value.label(name) for name, value in place.items())).where(Enrolment.id.in_(done))
            session.execute(insert(Enrolment).from_select(list(place), copied))
        session.commit()
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    if database.sqlite:
        # Filling has made the log longer than any request does, and the first to write would have to clear it up.
        with closing(sqlite3.connect(database.url.database or "")) as own:
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _add_thousand(
    session: Session, numbers: range, course_id: int, steps: Sequence[int], units: Sequence[int], now: datetime
) -> None:
    people = [
        {
            "public_id": new_id(),
            "nip": f"19860101{n:010d}",
            "name": f"Orang Ramai {n}",
            "unit_id": units[n % len(units)],
            "activated_at": now,
            "created_at": now,
        }
        for n in numbers
    ]
    made = session.scalars(insert(Person).returning(Person), people).all()
    places = [
        {
            "public_id": new_id(),
            "person_id": person.id,
            "course_id": course_id,
            "started_at": now,
            "completed_at": now - timedelta(minutes=person.id % 100_000),
            "score": 70.0 + person.id % 30,
            "completed_jp": 2,
            "completed_unit_id": person.unit_id,
        }
        for person in made
    ]
    enrolments = session.scalars(insert(Enrolment).returning(Enrolment), places).all()
    session.execute(
        insert(ActivityProgress),
        [
            {
                "enrolment_id": enrolment.id,
                "activity_id": step,
                "opened_at": now,
                "last_seen_at": now,
                "active_seconds": 600,
                "place": 1.0,
                "completed_at": now,
            }
            for enrolment in enrolments
            for step in steps
        ],
    )
    session.execute(insert(Certificate), [_certificate(enrolment, now) for enrolment in enrolments])
    session.expunge_all()


def _certificate(enrolment: Enrolment, now: datetime) -> dict[str, object]:
    return {
        "public_id": new_id(),
        "enrolment_id": enrolment.id,
        "person_id": enrolment.person_id,
        "course_id": enrolment.course_id,
        "number": f"UKUR/{enrolment.id:06d}/2026",
        "code": new_id(16),
        "facts": {},
        "issued_at": now,
        "completed_on": now.date(),
    }
