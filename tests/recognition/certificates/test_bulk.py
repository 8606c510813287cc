"""Certificates of a whole course by a job."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from tests import world
from tests.programs import kill_at

from elearn.foundation.errors import Conflict, Forbidden
from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.learning.enrolment.models import Enrolment
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.actions import issue_many, revoke
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import Bulk
from elearn.wiring import connect

PLACE = "/kelola/sertifikat/terbit"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def crowd(session, course, count, now):
    people = [world.a_person(session, f"Peserta Contoh {n}", None) for n in range(count)]
    return [
        world.enrolled(session, person, course, completed_at=now + timedelta(minutes=n), completed_jp=2)
        for n, person in enumerate(people)
    ]


def test_the_admin_issues_what_is_missing_and_every_pdf_is_drawn(session, database, dewi, cast, now):
    course = world.a_course(session)
    enrolments = crowd(session, course, 45, now)
    world.enrolled(session, cast.ani, course)
    early = world.enrolled(session, cast.eko, course, completed_at=now - timedelta(days=40))
    session.commit()
    form = {"course": course.slug, "first": "2026-11-01", "last": "2026-11-30"}
    looked = dewi.post(PLACE, form)
    assert "Terbitkan 45 sertifikat" in looked.text
    asked = dewi.post(PLACE, {**form, "go": "1"})
    assert asked.headers["location"].startswith("/pekerjaan/")
    run_pending(database.write)
    session.expire_all()
    made = session.scalars(select(Certificate)).all()
    assert {each.enrolment_id for each in made} == {each.id for each in enrolments} - {early.id}
    assert sorted(each.number for each in made) == [
        f"BKPSDM/{n:04d}/{each.issued_at.year}" for n, each in enumerate(made, 1)
    ]
    assert all(store().exists(each.storage_key or "") for each in made)
    job = session.scalars(select(Job)).one()
    assert (job.state, job.done, job.total) == ("done", 90, 90)
    assert dewi.post(PLACE, {**form, "go": "1"}).status_code == 422
    assert "Semua sertifikat sudah terbit" in dewi.post(PLACE, form).text
    wrong = dewi.post(PLACE, {**form, "first": "2026-12-01"})
    assert (wrong.status_code, "mendahului hari pertama" in wrong.text) == (422, True)
    ever = dewi.get(PLACE, params={"course": course.slug, "first": "0001-01-01", "last": "9999-12-31"})
    assert (ever.status_code, "46" in ever.text) == (200, True)
    assert "belum diselesaikan siapa pun" in dewi.post(PLACE, {**form, "course": "tidak-ada"}).text
    said = session.scalars(select(AuditEntry.action)).all()
    assert (said.count("certificate.issued"), said.count("certificate.bulk")) == (45, 1)


def test_some_enrolments_may_be_named_and_a_revoked_certificate_stays_revoked(session, database, dewi, citra, now):
    course = world.a_course(session)
    first, second, _third = crowd(session, course, 3, now)
    session.commit()
    with pytest.raises(Forbidden):
        issue_many(session, citra.actor, Bulk(course.id, *YEAR), now)
    issue_many(session, dewi.actor, Bulk(course.id, *YEAR, (first.id, second.id)), now)
    session.commit()
    run_pending(database.write)
    session.expire_all()
    made = session.scalars(select(Certificate)).all()
    assert {each.enrolment_id for each in made} == {first.id, second.id}
    for each in made:
        revoke(session, dewi.actor, each.public_id, "Data salah.", now)
    with pytest.raises(Conflict):
        issue_many(session, dewi.actor, Bulk(course.id, *YEAR, (first.id, second.id)), now)


@pytest.mark.timeout(240)
def test_a_batch_that_is_killed_again_and_again_issues_each_certificate_once(own_database, now):
    """D9."""
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        course = world.a_course(session)
        crowd(session, course, 60, now)
        issue_many(session, actor_for(session, cast.dewi.id), Bulk(course.id, *YEAR), now)
        session.commit()
    for words, times in (
        ("INSERT INTO certificates", 30),
        ("INSERT INTO audit_entries", 25),
        ("UPDATE certificates", 30),
    ):
        kill_at(own_database, words, times)
        assert take_back(own_database.write, "here", now) == 1
    run_pending(own_database.write)
    with own_database.read() as session:
        assert session.scalar(select(Job.state)) == "done"
        numbers = sorted(session.scalars(select(Certificate.number)))
        assert len(numbers) == session.scalar(select(func.count(Enrolment.id))) == 60
        assert [int(number.split("/")[1]) for number in numbers] == list(range(1, 61))
        files = session.execute(select(Certificate.storage_key, Certificate.sha256)).all()
    assert all(store().exists(key) and len(sha256) == 64 for key, sha256 in files)
    assert len({key for key, _sha256 in files}) == 60
