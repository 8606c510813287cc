"""A class from the nomination to the JP account, over HTTP."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import func, select

from elearn.foundation.clock import start_of
from elearn.foundation.settings import settings
from elearn.learning.attendance.models import ClassSession
from elearn.learning.attendance.rules import code_at, step_of
from elearn.learning.cohorts.models import Participant
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine
from tests import world


def test_ten_are_nominated_check_in_pass_and_get_their_jp(visitor, citra, budi, dewi, session, cast):
    today = world.today()
    course = world.a_course(session, by=cast.budi, classes_only=True, minutes=0)
    people = [world.a_person(session, f"Peserta {n}", f"19850101201001{n:04}", cast.sekolah) for n in range(10)]
    session.commit()
    described = {
        "course": course.slug,
        "name": "Seminar I",
        "form_code": "KL06",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=1)).isoformat(),
        "quota": "9",
        "nominated_only": "1",
        "least_attendance": "50",
    }
    place = budi.post("/kelola/angkatan/baru", described).headers["location"]
    budi.post(f"{place}/keadaan", {"state": "open"})
    for day in (0, 1):
        on = (today + timedelta(days=day)).isoformat()
        meeting = {"title": f"Hari {day + 1}", "day": on, "starts": "08:00", "ends": "11:00"}
        assert budi.post(f"{place}/sesi", meeting).status_code == 303
    nips = "\n".join(person.nip for person in people)
    citra.post(f"/opd/usulan/{place.rsplit('/', 1)[-1]}", {"nips": nips})
    ids = session.scalars(select(Participant.public_id)).all()
    assert len(ids) == 10
    dewi.post("/persetujuan/usulan", {"participants": ids, "verdict": "approve"})
    assert session.scalar(select(func.count(Participant.id)).filter_by(status="joined")) == 9

    meetings = session.scalars(select(ClassSession).order_by(ClassSession.starts_at)).all()
    seated = session.scalars(
        select(Person).join(Participant, Participant.person_id == Person.id).where(Participant.status == "joined")
    ).all()
    absent, *there = sorted(seated, key=lambda person: person.id)
    both = there[0]
    for meeting, who in ((meetings[0], there), (meetings[1], [both])):
        with time_machine.travel(meeting.starts_at + timedelta(minutes=5), tick=False):
            code = code_at(settings().secret_key, meeting, step_of(datetime.now(UTC)))
            for person in who:
                assert visitor(person).post(f"/hadir/{meeting.public_id}", {"code": code}).status_code == 303

    shown = budi.get(place).text
    assert shown.count("Kehadiran 0 % dari paling sedikit 50 %") == 1
    with time_machine.travel(start_of(today + timedelta(days=1)) + timedelta(hours=15), tick=False):
        decided = visitor(cast.budi).post(f"{place}/kelulusan", {"whom": "clear", "result": "passed"})
        assert decided.headers["location"] == place
    assert session.scalar(select(func.count(Certificate.id))) == 8
    lines = session.scalars(select(LedgerLine)).all()
    assert {(line.form_code, line.jp_earned - line.jp_recognised) for line in lines} == {("KL06", 0)}
    # The organiser's word is what the lines rest on.
    assert {line.approved_by for line in lines} == {cast.budi.id}
    earned = {line.person_id: line.jp_earned for line in lines}
    # Four JP for each day of a seminar; who came on both days has eight.
    assert earned == {person.id: 8 if person == both else 4 for person in there}
    assert absent.id not in earned
