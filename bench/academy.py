"""An academy that has run for years: units, accounts of JP, records that wait, classes. Made by the database itself."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Integer, String, case, cast, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from bench.scene import SLUG
from elearn.foundation.database import Base, Database
from elearn.foundation.ids import new_id
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.enrolment.models import Enrolment
from elearn.people.accounts.models import Person, Placement
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.courses.models import Course
from elearn.teaching.delivery.models import FormRule

YEARS = 5
OFFICES, BELOW = 30, 9
CLASS = 40
ALIKE = 10_000
"""So many people are spread over all units; all others over all but the first two."""
CROWD = "Orang Ramai"
"""How the names of the many begin."""
EACH_CLASS_OF = 500
"""One class for so many people."""
EACH_WAITING_OF = 100
"""One record that waits for so many people, and five that were approved."""
FILED_WITHIN = 20
"""Days since the oldest of them was filed."""


def add_units(database: Database) -> None:
    """Thirty offices with nine units each, below the root."""
    with database.write() as session:
        root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).one()
        for n in range(1, OFFICES + 1):
            office = _unit(session, root, f"UKUR{n:02d}", f"Dinas Ukur {n}", "opd")
            for m in range(1, BELOW + 1):
                _unit(session, office, f"{office.code}.{m}", f"Bidang Ukur {n}.{m}", "bidang")
        session.commit()


def add_people(database: Database, size: int, now: datetime) -> None:
    """People like those of `scene.add_crowd`, as many as one likes, on PostgreSQL: completed, without a word on how."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < size))
    number = cast(numbers.c.n, String)
    with database.write() as session:
        course = session.scalars(select(Course.id).filter_by(slug=SLUG)).one()
        first = session.scalars(select(func.min(Unit.id)).where(Unit.code.startswith("UKUR"))).one()
        units = OFFICES * (BELOW + 1)
        # One unit stays as small as it is among few, UKUR01.1: what its page costs shall not depend on the others.
        spread = case((numbers.c.n <= ALIKE, numbers.c.n % units), else_=2 + numbers.c.n % (units - 2))
        person = {
            "public_id": literal("u-") + number,
            "nip": literal("198601010") + func.substr(cast(numbers.c.n + 1_000_000_000, String), 2),
            "name": literal(f"{CROWD} ") + number,
            "unit_id": first + spread,
            "activated_at": now,
            "created_at": now,
        }
        _copy(session, Person, person)
        # Every third moved this year, so that a past year is not where people work now.
        moved = now.date().replace(month=1, day=2)
        held = {"person_id": Person.id, "unit_id": Person.unit_id, "valid_from": date(now.year - YEARS, 1, 1)}
        crowd, movers = Person.name.startswith(CROWD), Person.id % 3 == 0
        ended = case((movers, literal(moved - timedelta(days=1))))
        _copy(session, Placement, {**held, "position": "", "valid_to": ended}, crowd)
        _copy(session, Placement, {**held, "position": "", "valid_from": moved}, crowd & movers)
        key, moment = literal("u-") + cast(Person.id, String), Enrolment.completed_at
        place = {
            "public_id": key,
            "person_id": Person.id,
            "course_id": course,
            "started_at": now,
            "completed_at": literal(now, moment.type) - func.make_interval(0, 0, 0, 0, 0, Person.id % 100_000),
            "score": 70.0,
            "completed_jp": 2,
            "completed_unit_id": Person.unit_id,
        }
        _copy(session, Enrolment, place, Person.name.startswith(CROWD))
        number = cast(Enrolment.id, String)
        certificate = {
            "public_id": literal("u-") + number,
            "enrolment_id": Enrolment.id,
            "person_id": Enrolment.person_id,
            "course_id": course,
            "number": literal("UKUR/") + number,
            "code": literal("u-") + number,
            "facts": {},
            "issued_at": now,
            "completed_on": now.date(),
        }
        _copy(session, Certificate, certificate, Enrolment.public_id.startswith("u-"))
        session.commit()


def _unit(session: Session, parent: Unit, code: str, name: str, kind: str) -> Unit:
    made = Unit(code=code, parent_id=parent.id, kind=kind, name=name, path=new_id(), valid_from=date(2020, 1, 1))
    session.add(made)
    session.flush()
    made.path = f"{parent.path}{made.id}/"
    return made


def add_years(database: Database, now: datetime, lines_a_year: int) -> int:
    """Five years of lines for everybody who has none, records that wait, classes; gives how many lines there are."""
    with database.write() as session:
        _spread(session)
        last = session.scalar(select(func.max(LedgerLine.person_id)).where(LedgerLine.key.startswith("u-"))) or 0
        _add_lines(session, last, now, lines_a_year)
        _add_records(session, last, now)
        _add_classes(session, last, now)
        session.commit()
        count = session.scalar(select(func.count()).select_from(LedgerLine)) or 0
    tidy(database)
    return count


def tidy(database: Database) -> None:
    """What PostgreSQL does by itself in quiet hours; SQLite keeps no statistics by itself."""
    if database.sqlite:
        return
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _spread(session: Session) -> None:
    """Put the crowd into the many units, evenly."""
    first = session.scalars(select(func.min(Unit.id)).where(Unit.code.startswith("UKUR"))).one()
    unspread = Person.name.startswith(CROWD), Person.unit_id < first
    session.execute(update(Person).where(*unspread).values(unit_id=first + Person.id % (OFFICES * (BELOW + 1))))


def _add_lines(session: Session, after: int, now: datetime, lines_a_year: int) -> None:
    rule = session.scalars(select(FormRule).filter_by(form_code="NKL04")).one()
    for year in range(now.year - YEARS + 1, now.year + 1):
        for n in range(lines_a_year):
            # Up to 36 JP a year, so that there are people of each state.
            jp = cast((Person.id * 7 + year) % 37 / lines_a_year, Integer)
            key = literal(f"u-{year % 100}{n}-") + cast(Person.id, String)
            line = {
                "public_id": key,
                "key": key,
                "person_id": Person.id,
                "year": year,
                "started_on": date(year, n + 1, 1),
                "ended_on": date(year, n + 1, 15),
                "source": "record",
                "title": f"Pelatihan Ukur {n}",
                "organiser": "BKPSDM Contoh",
                "form_code": rule.form_code,
                "competency": "teknis",
                "minutes": jp * 45,
                "jp_earned": jp,
                "jp_recognised": jp,
                "form_rule_id": rule.id,
                "minutes_per_jp": 45,
                "evidence": "",
                "unit_id": Person.unit_id,
                "asn_kind": Person.asn_kind,
                "reason": "",
                "created_at": now,
            }
            _copy(session, LedgerLine, line, Person.id > after)


def _add_records(session: Session, after: int, now: datetime) -> None:
    crowd = Person.id > after, Person.name.startswith(CROWD)
    first = session.scalar(select(func.min(Person.id)).where(*crowd))
    kinds = (("waiting", EACH_WAITING_OF), ("approved", EACH_WAITING_OF // 5))
    for (state, each), days in product(kinds, range(FILED_WITHIN)):
        key = literal(f"u-{state[0]}-") + cast(Person.id, String)
        external = {
            "public_id": key,
            "person_id": Person.id,
            "state": state,
            "title": "Seminar Ukur",
            "organiser": "Universitas Contoh",
            "form_code": "KL06",
            "competency": "teknis",
            "started_on": now.date() - timedelta(days=20),
            "ended_on": now.date() - timedelta(days=19),
            "number": key,
            "number_key": key,
            "created_at": now,
            "filed_at": now - timedelta(days=days),
            "decided_at": None if state == "waiting" else now,
        }
        chosen = (Person.id - first) % each == 0, (Person.id - first) // each % FILED_WITHIN == days
        _copy(session, ExternalRecord, external, *crowd, *chosen)


def _add_classes(session: Session, after: int, now: datetime) -> None:
    """Classes of the short course, whose people have not been decided on."""
    course = session.scalars(select(Course.id).filter_by(slug=SLUG)).one()
    crowd = Enrolment.course_id == course, Enrolment.person_id > after, Enrolment.completed_at.is_not(None)
    first, size = session.execute(select(func.min(Enrolment.id), func.count()).where(*crowd)).one()
    for n in range(max(1, size // EACH_CLASS_OF)):
        cohort = Cohort(
            public_id=new_id(),
            course_id=course,
            name=f"Angkatan Ukur {after}-{n}",
            form_code="KL03",
            starts_on=now.date() - timedelta(days=n % 700 + 1),
            ends_on=now.date() + timedelta(days=5),
            state="open",
            place=f"Aula {after}-{n}",
            created_at=now,
        )
        session.add(cohort)
        session.flush()
        participant = {
            "public_id": literal(f"u{cohort.id}-") + cast(Enrolment.id, String),
            "cohort_id": cohort.id,
            "person_id": Enrolment.person_id,
            "enrolment_id": Enrolment.id,
            "status": "joined",
            "joined_at": now,
            "created_at": now,
        }
        these = Enrolment.id.between(first + n * CLASS, first + (n + 1) * CLASS - 1)
        _copy(session, Participant, participant, *crowd, these)


def _copy(session: Session, model: type[Base], values: Mapping[str, Any], *conditions: Any) -> None:
    """Rows that the database makes of other rows; fixed values may be plain."""
    columns = model.__table__.columns
    told = {
        name: value if hasattr(value, "label") else literal(value, columns[name].type) for name, value in values.items()
    }
    rows = select(*(value.label(name) for name, value in told.items())).where(*conditions)
    session.execute(insert(model).from_select(list(told), rows))
