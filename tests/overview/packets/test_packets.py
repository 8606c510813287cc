"""The certificates of a class or a course in one ZIP: who is in it, who is not and why, and for whom it is made."""

import io
import json
import zipfile
from hashlib import sha256
from itertools import count

import pytest
from sqlalchemy import delete, select

from elearn.foundation.ids import new_code, new_id
from elearn.foundation.jobs.actions import cancel
from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.enrolment.models import Enrolment
from elearn.overview.packets.actions import start_packet
from elearn.overview.packets.queries import group_for
from elearn.people.accounts.passwords import hash_password
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.actions import issue
from elearn.recognition.certificates.models import Certificate
from elearn.teaching.courses.models import CourseInstructor
from elearn.wiring import connect
from tests import academy, world
from tests.programs import kill_at

NUMBERS = count(1)
PASSWORD = "kopi susu tanpa gula"


def certified(session, enrolment, number="", *, pdf=b"%PDF-contoh", **fields):
    """A certificate of a completed enrolment, with these bytes as its PDF."""
    enrolment.completed_at = world.THEN
    key = new_key("pdf") if pdf else None
    if key:
        store().put(key, [pdf])
    made = Certificate(
        public_id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        course_id=enrolment.course_id,
        number=number or f"CONTOH/{next(NUMBERS):04d}/2026",
        code=new_code(4).replace("-", ""),
        facts={},
        issued_at=world.THEN,
        completed_on=world.THEN.date(),
        storage_key=key,
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def in_class(session, cohort, name, nip=None, **fields):
    who = academy.joined(session, world.a_person(session, name, nip), cohort, **fields)
    return session.get_one(Enrolment, who.enrolment_id)


def packet(client, job):
    """What stands in the ZIP that a job made: the list's rows by name, and the PDFs."""
    with zipfile.ZipFile(io.BytesIO(client.get(f"{job}/berkas").content)) as packed:
        rows = json.loads(packed.read("daftar.json"))
        pdfs = {name: packed.read(name) for name in packed.namelist() if name.endswith(".pdf")}
    assert sorted(pdfs) == sorted(row["file"] for row in rows if row["file"])
    return rows, pdfs


def test_a_class_gets_what_counts_and_a_list_of_who_has_none(session, database, budi, gilang, citra, dewi, cast, now):
    course = world.a_course(session, by=cast.budi)
    cohort = academy.a_cohort(session, course)
    ani = academy.joined(session, cast.ani, cohort, result="passed")
    old = certified(session, session.get_one(Enrolment, ani.enrolment_id), revoked_at=now, revoked_reason="Salah")
    valid = certified(session, session.get_one(Enrolment, ani.enrolment_id), pdf=b"%PDF-ani", replaces_id=old.id)
    for number in ("A/1", "A-1"):
        certified(session, in_class(session, cohort, "Tamu d'Contoh"), number, pdf=number.encode())
    certified(session, in_class(session, cohort, "Menunggu Contoh"), wants_signature=True)
    certified(session, in_class(session, cohort, "Dicabut Contoh"), revoked_at=now, revoked_reason="Salah")
    # Issued, and never asked for: drawn for the packet, and kept.
    plain = in_class(session, cohort, "Polos Contoh")
    plain.completed_at = now
    plain = issue(session, dewi.actor, plain.id, now)
    store().delete(certified(session, in_class(session, cohort, "Hilang Contoh")).storage_key)
    in_class(session, cohort, "Selesai Contoh").completed_at = now
    in_class(session, cohort, "Gagal Contoh", result="failed")
    in_class(session, cohort, "Nanti Contoh")
    academy.joined(session, cast.eko, cohort, status="withdrawn")
    world.enrolled(session, world.a_person(session, "Mandiri Contoh", None), course)
    session.commit()
    here, whole = f"/kelola/angkatan/{cohort.public_id}", f"/ajar/{course.slug}/peserta"
    for page in (here, whole):
        assert f'action="{page}/sertifikat"' in budi.get(page).text
        for stranger in (gilang, citra):
            assert stranger.post(f"{page}/sertifikat", {"format": "json"}).status_code == 404
    job = budi.post(f"{here}/sertifikat", {"format": "json"}).headers["location"]
    assert budi.post(f"{here}/sertifikat", {"format": "json"}).headers["location"] == job
    of_course = dewi.post(f"{whole}/sertifikat", {"format": "json"}).headers["location"]
    run_pending(database.write)
    rows, pdfs = packet(budi, job)
    assert {row["name"]: row["state"].split(",")[0] for row in rows} == {
        cast.ani.full_name: "Ada dalam map sertifikat",
        "Tamu d'Contoh": "Ada dalam map sertifikat",
        "Menunggu Contoh": "Ada",
        "Dicabut Contoh": "Sertifikat dicabut dan belum diganti",
        "Polos Contoh": "Ada dalam map sertifikat",
        "Hilang Contoh": "Berkas PDF-nya hilang dari penyimpanan",
        "Selesai Contoh": "Sudah selesai",
        "Gagal Contoh": "Tidak lulus",
        "Nanti Contoh": "Kelulusan belum ditetapkan",
    }
    number = valid.number.replace("/", "-")
    assert pdfs[f"sertifikat/{cast.ani.nip}_{number}.pdf"] == b"%PDF-ani"
    assert (len(rows), len(pdfs), pdfs["sertifikat/Tamu-d-Contoh_A-1.pdf"]) == (10, 5, b"A/1")
    session.expire_all()
    assert sha256(pdfs[f"sertifikat/Polos-Contoh_{plain.number.replace('/', '-')}.pdf"]).hexdigest() == plain.sha256
    assert "Belum ada: 5" in budi.get(job).text
    assert dewi.get(f"{job}/berkas").status_code == 404
    rows, pdfs = packet(dewi, of_course)
    assert (len(rows), len(pdfs)) == (11, 5)
    assert next(row["state"] for row in rows if row["name"] == "Mandiri Contoh") == "Belum menyelesaikan pelatihan"
    said = session.scalars(select(AuditEntry).filter_by(action="certificates.exported").order_by(AuditEntry.id)).all()
    assert [(each.after["people"], each.after["pdfs"]) for each in said] == [(10, 6), (11, 6)]


def test_many_people_ask_for_reason_and_password_and_none_without_a_pdf(session, database, budi, cast, monkeypatch):
    course = world.a_course(session, by=cast.budi)
    enrolment = world.enrolled(session, cast.ani, course)
    here = f"/ajar/{course.slug}/peserta/sertifikat"
    refused = budi.post(here, {"format": "xlsx"})
    assert (refused.status_code, "Belum ada sertifikat di sini" in refused.text) == (409, True)
    certified(session, enrolment)
    budi.person.password_hash = hash_password(PASSWORD)
    session.commit()
    for module in ("rules", "guard"):
        monkeypatch.setattr(f"elearn.overview.exports.{module}.ASKS_ABOVE", 0)
    asked = budi.post(here, {"format": "xlsx"})
    assert (asked.status_code, 'name="password"' in asked.text) == (200, True)
    wrong = {"format": "xlsx", "asked": "1", "reason": "Arsip panitia angkatan", "password": "bukan ini"}
    assert budi.post(here, wrong).status_code == 422
    assert session.scalar(select(Job.id)) is None
    given = budi.post(here, {**wrong, "password": PASSWORD})
    assert given.headers["location"].startswith("/pekerjaan/")
    assert session.scalars(select(AuditEntry).filter_by(action="certificates.exported")).one().reason == wrong["reason"]
    # Called off before it began; and whoever teaches no more gets nothing.
    cancel(session, session.scalars(select(Job)).one(), world.THEN)
    session.commit()
    again = budi.post(here, {**wrong, "password": PASSWORD}).headers["location"]
    session.execute(delete(CourseInstructor))
    session.commit()
    run_pending(database.write)
    assert budi.get(f"{again}/berkas").status_code == 404


def zips():
    return {key for key in store().keys() if key.endswith(".zip")}  # noqa: SIM118 - a store is no mapping


@pytest.mark.timeout(240)
def test_a_packet_that_is_killed_is_made_once(own_database, now):
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        course = world.a_course(session)
        certified(session, world.enrolled(session, cast.ani, course))
        dewi = actor_for(session, cast.dewi.id)
        start_packet(session, dewi, group_for(session, dewi, "course", course.slug), "csv", now, "")
        session.commit()
    before = zips()
    # While people are read, and when the ZIP is stored but nobody knows yet.
    for begins in ("UPDATE jobs SET done", "UPDATE jobs SET state"):
        kill_at(own_database, begins, 2)
        assert take_back(own_database.write, "here", now) == 1
    stored = zips() - before
    run_pending(own_database.write)
    with own_database.read() as session:
        job = session.scalars(select(Job)).one()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert stored == {job.result["file"]["key"]} == zips() - before
