"""Builders of what the academy adds: classes, placements at partners, training taken elsewhere."""

import io
from datetime import date, timedelta
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import start_of
from elearn.foundation.ids import new_id
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.attendance.models import Attendance, ClassSession
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.placements.models import Agreement, LogEntry, Partner, Placement
from elearn.learning.programmes.models import Duty, Programme, ProgrammeCourse, ProgrammeRule
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.external_records.models import EvidenceFile, EvidencePage, ExternalRecord
from elearn.recognition.external_records.rules import number_key
from elearn.teaching.courses.models import Course
from tests import world


def a_cohort(session: Session, course: Course, **fields: Any) -> Cohort:
    """An open class of a course that runs from yesterday on, without sessions."""
    given: dict[str, Any] = {
        "name": "Angkatan Contoh",
        "form_code": "KL03",
        "starts_on": world.today() - timedelta(days=1),
        "ends_on": world.today() + timedelta(days=30),
        "state": "open",
        "place": "Aula Contoh",
        **fields,
    }
    cohort = Cohort(public_id=new_id(), course_id=course.id, created_at=world.THEN, sessions=0, **given)
    session.add(cohort)
    session.flush()
    return cohort


def a_programme(
    session: Session, course: Course, unit: Unit | None, by: Person, **fields: Any
) -> tuple[Programme, ProgrammeRule]:
    """A running programme of one course, with one rule that means everybody of the owner's."""
    given: dict[str, Any] = {"title": "Program Contoh", "state": "active", "ran_on": world.today(), **fields}
    programme = Programme(
        public_id=new_id(),
        unit_id=unit.id if unit else None,
        mandatory=True,
        way="all",
        remind_before=[14, 3],
        remind_after=[1],
        created_by=by.id,
        created_at=world.THEN,
        **given,
    )
    session.add(programme)
    session.flush()
    rule = ProgrammeRule(
        public_id=new_id(),
        programme_id=programme.id,
        position_kinds=[],
        asn_kinds=["PNS"],
        ranks=[],
        due_days=30,
        created_at=world.THEN,
    )
    session.add_all([ProgrammeCourse(programme_id=programme.id, course_id=course.id, position=1), rule])
    session.flush()
    return programme, rule


def owing(session: Session, person: Person, programme: Programme, rule: ProgrammeRule, **fields: Any) -> Duty:
    """What somebody owes by a programme, in the first term."""
    given: dict[str, Any] = {"term": 1, "entered_on": world.today() - timedelta(days=30), "state": "open", **fields}
    duty = Duty(public_id=new_id(), programme_id=programme.id, person_id=person.id, rule_id=rule.id, **given)
    session.add(duty)
    session.flush()
    return duty


def joined(session: Session, person: Person, cohort: Cohort, **fields: Any) -> Participant:
    """Somebody in a class; the enrolment is the person's own, or a new one."""
    course = session.get_one(Course, cohort.course_id)
    given: dict[str, Any] = {"status": "joined", "joined_at": world.THEN, "attended": 0, **fields}
    mine = session.scalar(select(Enrolment).filter_by(person_id=person.id, course_id=course.id))
    if given["status"] == "joined":
        mine = mine or world.enrolled(session, person, course)
        mine.awaits_decision = True
    who = Participant(
        public_id=new_id(),
        cohort_id=cohort.id,
        person_id=person.id,
        enrolment_id=mine.id if mine else None,
        created_at=world.THEN,
        **given,
    )
    session.add(who)
    session.flush()
    return who


def a_session(session: Session, cohort: Cohort, day: date, starts: int = 8, hours: int = 2) -> ClassSession:
    """A session of a class on a local day (WIB)."""
    starts_at = start_of(day) + timedelta(hours=starts)
    meeting = ClassSession(
        public_id=new_id(),
        cohort_id=cohort.id,
        title="Pembukaan Contoh",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        nonce=new_id(),
        created_at=world.THEN,
    )
    session.add(meeting)
    cohort.sessions += 1
    session.flush()
    return meeting


def attended(session: Session, meeting: ClassSession, who: Participant) -> None:
    """Somebody was at a session; days are not counted."""
    session.add(Attendance(session_id=meeting.id, participant_id=who.id, way="list", noted_at=world.THEN))
    session.flush()


def a_partner(session: Session, name: str = "Universitas Contoh") -> Partner:
    """A partner with an agreement that holds all of 2026."""
    partner = Partner(public_id=new_id(), name=name, contact="Bagian Kerja Sama Contoh", created_at=world.THEN)
    session.add(partner)
    session.flush()
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    session.add(
        Agreement(public_id=new_id(), partner_id=partner.id, number="PKS/1/2026", title="Kerja sama contoh", **days)
    )
    session.flush()
    return partner


def a_placement(session: Session, person: Person, partner: Partner, by: Person, **fields: Any) -> Placement:
    """An internship of two weeks with two days in its logbook, which is over."""
    given = {
        "form_code": "NKL12",
        "title": "Magang pelayanan perizinan",
        "competency": "teknis",
        "starts_on": date(2026, 11, 2),
        "ends_on": date(2026, 11, 13),
        "letter": "800/12/2026",
        "host_name": "Rahmat Misalnya",
        "host_position": "Kepala Bagian Contoh",
        **fields,
    }
    agreement = session.scalars(select(Agreement).filter_by(partner_id=partner.id)).first()
    placement = Placement(
        public_id=new_id(),
        person_id=person.id,
        partner_id=partner.id,
        agreement_id=agreement.id if agreement else None,
        agreed_number=agreement.number if agreement else "",
        agreed_title=agreement.title if agreement else "",
        made_by=by.id,
        created_at=world.THEN,
        **given,
    )
    session.add(placement)
    session.flush()
    for n in range(2):
        day = given["starts_on"] + timedelta(days=n)
        text = "Melayani pemohon izin di loket, lalu mencatat waktu tunggunya."
        session.add(LogEntry(placement_id=placement.id, day=day, minutes=480, text=text, written_at=world.THEN))
    session.flush()
    return placement


def a_record(session: Session, person: Person, state: str = "waiting", **fields: Any) -> ExternalRecord:
    """A seminar that somebody took elsewhere, with a photo of its certificate."""
    given = {
        "title": "Seminar Contoh",
        "organiser": "Universitas Contoh",
        "form_code": "KL06",
        "competency": "teknis",
        "started_on": date(2026, 11, 10),
        "ended_on": date(2026, 11, 11),
        "number": "SEM-0042/UC/2026",
        **fields,
    }
    record = ExternalRecord(
        public_id=new_id(),
        person_id=person.id,
        state=state,
        number_key=number_key(given["number"]),
        created_at=world.THEN,
        filed_at=None if state == "draft" else world.THEN,
        **given,
    )
    session.add(record)
    session.flush()
    photo = a_photo(given["title"])
    key = new_key("webp")
    stored = store().put(key, iter([photo]))
    file = EvidenceFile(
        public_id=new_id(),
        record_id=record.id,
        name="sertifikat.webp",
        media_type="image/webp",
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
    )
    session.add(file)
    session.flush()
    session.add(EvidencePage(file_id=file.id, number=1, storage_key=key, width=900, height=640))
    session.flush()
    return record


@cache
def a_photo(words: str, form: str = "WEBP") -> bytes:
    """A picture that looks a little like a certificate."""
    paper = Image.new("RGB", (900, 640), "#fdfbf4")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((24, 24, 876, 616), outline="#8a6a2f", width=6)
    pen.text((300, 120), "SERTIFIKAT", fill="#333", font_size=48)
    pen.text((220, 280), words, fill="#333", font_size=36)
    out = io.BytesIO()
    paper.save(out, form)
    return out.getvalue()


def a_scan(size: tuple[int, int]) -> bytes:
    """A photo as a camera makes it: grain, which takes megabytes."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()
