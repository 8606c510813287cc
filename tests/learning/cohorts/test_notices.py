"""Who moves up, is decided on, or has a class that moved, hears of it by mail: once, and only if it happened."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed
from elearn.learning.cohorts.jobs import tell_participants
from elearn.learning.cohorts.models import Participant
from tests import academy, world

LINK = "https://rapat.contoh.example/angkatan"


class Post:
    enabled = True

    def __init__(self):
        self.sent, self.broken = [], ""

    def send(self, to, subject, text):
        if to == self.broken:
            raise MailFailed("no such box")
        self.sent.append((to, subject, text))


@pytest.fixture
def post(monkeypatch, session, cast):
    made = Post()
    for module in ("notices", "jobs"):
        monkeypatch.setattr(f"elearn.learning.cohorts.{module}.mailer", lambda: made)
    for person in (cast.ani, cast.citra, cast.eko):
        person.email = f"{person.name.split()[0].lower()}@contoh.test"
    session.commit()
    return made


def delivered(session, database):
    """What the jobs asked for since the last time have sent."""
    jobs = session.scalars(select(Job).filter_by(kind="cohorts.tell", state="waiting")).all()
    for job in jobs:
        tell_participants(Progress(None, database.write, lambda: datetime.now(UTC), lambda: False), **job.arguments)
        job.state = "done"
    session.commit()
    return len(jobs)


def test_everybody_concerned_hears_of_it_once(dewi, budi, ani, citra, cast, session, database, post):
    course = world.a_course(session, by=cast.budi)
    cohort = academy.a_cohort(session, course, quota=1, self_enrol=False, link=LINK)
    session.commit()
    for who in (ani, citra):
        citra.post(f"/opd/usulan/{cohort.public_id}", {"people": [who.person.public_id]})
    whom = session.scalars(select(Participant.public_id).order_by(Participant.id)).all()
    dewi.post("/persetujuan/usulan", {"participants": whom, "verdict": "approve"})
    assert delivered(session, database) == 2
    assert sorted((to, subject) for to, subject, _text in post.sent) == [
        ("ani@contoh.test", "Anda menjadi peserta angkatan"),
        ("citra@contoh.test", "Anda ada di daftar tunggu"),
    ]
    # The way into the room is for who has a seat.
    assert [to for to, _subject, text in post.sent if LINK in text] == ["ani@contoh.test"]
    assert "Angkatan Contoh" in post.sent[0][2]
    assert f"/pelatihan/{course.slug}" in post.sent[0][2]
    post.sent.clear()
    ani.post(f"/angkatan/{cohort.public_id}/batal")
    assert delivered(session, database) == 1
    assert [(to, subject) for to, subject, _text in post.sent] == [
        ("citra@contoh.test", "Anda mendapat kursi di angkatan")
    ]
    assert LINK in post.sent[0][2]
    # A class moves: who is in it hears of it; a box that fails holds up nobody.
    academy.joined(session, cast.eko, cohort, status="waiting", place=9, joined_at=None)
    session.refresh(cohort)
    session.commit()
    post.sent.clear()
    post.broken = "citra@contoh.test"
    form = {
        "name": cohort.name,
        "form_code": cohort.form_code,
        "place": "Gedung Baru Contoh",
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
        "quota": "1",
        "nominated_only": "1",
        "revision": str(cohort.revision),
    }
    here = f"/kelola/angkatan/{cohort.public_id}/ubah"
    assert budi.post(here, {**form, "revision": "99"}).status_code == 422
    assert delivered(session, database) == 0
    assert budi.post(here, form).status_code == 303
    assert delivered(session, database) == 1
    assert [to for to, _subject, text in post.sent if "Gedung Baru Contoh" in text] == ["eko@contoh.test"]
    session.refresh(cohort)
    assert budi.post(here, {**form, "name": "Nama Lain", "revision": str(cohort.revision)}).status_code == 303
    assert delivered(session, database) == 0
    # A session at another hour.
    post.sent.clear()
    post.broken = ""
    meeting = academy.a_session(session, cohort, world.today() + timedelta(days=2))
    session.commit()
    day = (world.today() + timedelta(days=3)).isoformat()
    wish = {"title": meeting.title, "day": day, "starts": "09:00", "ends": "11:00"}
    assert budi.post(f"/kelola/sesi/{meeting.public_id}/ubah", wish).status_code == 303
    assert delivered(session, database) == 1
    assert {to for to, _subject, _text in post.sent} == {"citra@contoh.test", "eko@contoh.test"}
    assert f"Sesi {meeting.title}" in post.sent[0][2]


def test_who_is_out_hears_why_and_nobody_else(budi, cast, session, database, post):
    course = world.a_course(session, by=cast.budi)

    def heard():
        delivered(session, database)
        told = sorted((to.split("@")[0], subject) for to, subject, _text in post.sent)
        texts = " ".join(text for _to, _subject, text in post.sent)
        post.sent.clear()
        return told, texts

    def opened(quota=None):
        cohort = academy.a_cohort(session, course, quota=quota)
        people = [
            academy.joined(session, cast.eko, cohort),
            academy.joined(session, cast.ani, cohort, status="waiting", place=1, joined_at=None),
            academy.joined(session, cast.citra, cohort, status="nominated", joined_at=None),
        ]
        session.commit()
        return f"/kelola/angkatan/{cohort.public_id}", people

    # One who waits has meanwhile taken another class: the seat stays free, and he is told.
    here, (seated, _waiting, _nominated) = opened(quota=1)
    other = academy.a_cohort(session, course, name="Angkatan Lain", state="draft")
    academy.joined(session, cast.ani, other)
    session.commit()
    budi.post(f"{here}/peserta/{seated.public_id}/keluar", {"reason": "Pindah tugas."})
    told, texts = heard()
    assert told == [("ani", "Anda keluar dari daftar tunggu"), ("eko", "Anda tidak lagi menjadi peserta angkatan")]
    assert "Pindah tugas." in texts
    assert "Angkatan Lain" in texts
    budi.post(f"{here}/keadaan", {"state": "cancelled"})
    assert heard()[0] == [("citra", "Angkatan dibatalkan")]
    # Finishing settles what is open.
    here, people = opened()
    people[0].result = "failed"
    session.commit()
    assert budi.post(f"{here}/keadaan", {"state": "finished"}).status_code == 303
    assert heard()[0] == [("ani", "Angkatan sudah selesai"), ("citra", "Angkatan sudah selesai")]
    for who in people:
        session.refresh(who)
    assert [(who.status, who.refusal) for who in people] == [
        ("joined", ""),
        ("withdrawn", "Angkatan sudah selesai."),
        ("refused", "Angkatan sudah selesai."),
    ]


def test_a_refusal_tells_its_reason_and_nothing_is_asked_for_without_a_server(
    dewi, citra, ani, cast, session, database, post
):
    cohort = academy.a_cohort(session, world.a_course(session, by=cast.budi), self_enrol=False, link=LINK)
    session.commit()
    for reason in ("Kuota untuk guru saja.", ""):
        citra.post(f"/opd/usulan/{cohort.public_id}", {"people": [ani.person.public_id]})
        (who,) = session.scalars(select(Participant.public_id).filter_by(status="nominated"))
        post.enabled = bool(reason)
        dewi.post(
            "/persetujuan/usulan",
            {"participants": [who], "verdict": "refuse", "standard": "audience", "reason": reason},
        )
        assert delivered(session, database) == bool(reason)
    ((to, subject, text),) = post.sent
    assert (to, subject) == ("ani@contoh.test", "Usulan Anda belum diterima")
    assert "Kuota untuk guru saja." in text
    assert LINK not in text
