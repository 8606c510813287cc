"""Classes: made, changed, copied, joined and left; the waiting list; who passed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from elearn.foundation.clock import wib_date
from elearn.foundation.jobs.worker import run_pending
from elearn.learning.cohorts import actions, rulings
from elearn.learning.cohorts.forms import CohortWish
from elearn.learning.cohorts.models import Cohort, Participant, Ruling
from elearn.learning.cohorts.taken import held_in
from elearn.learning.enrolment.actions import enrol
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine
from tests import world

pytestmark = pytest.mark.usefixtures("morning")
FIRST = wib_date(world.MORNING)


def wish(**fields):
    given = {"name": "Angkatan I", "form_code": "KL03", "starts_on": FIRST, "ends_on": FIRST + timedelta(days=4)}
    return {**given, **fields}


def form(course, **fields):
    days = ("starts_on", "ends_on", "closes_on", "due_on")
    return {
        "course": course.slug,
        **{name: value.isoformat() if name in days and value else value for name, value in wish(**fields).items()},
    }


@pytest.fixture
def course(session, cast):
    made = world.a_course(session, by=cast.budi)
    session.commit()
    return made


def made(visitor, session, course, state="open", **fields):
    """A class, made and opened over HTTP."""
    answer = visitor.post("/kelola/angkatan/baru", form(course, **fields))
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"]
    if state != "draft":
        assert visitor.post(f"{place}/keadaan", {"state": "open"}).status_code == 303
    found = session.scalar(select(Cohort).filter_by(public_id=place.rsplit("/", 1)[-1]))
    session.refresh(found)
    return found


def status_of(session, cohort, person):
    wanted = select(Participant).filter_by(cohort_id=cohort.id, person_id=person.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def far(days=300):
    """A last day that has not passed, whatever the clock says."""
    return world.today() + timedelta(days=days)


def test_an_instructor_makes_changes_and_copies_a_class(budi, gilang, ani, course, session):
    cohort = made(budi, session, course, "draft", quota=2, place="Aula Contoh", ends_on=far())
    here = f"/kelola/angkatan/{cohort.public_id}"
    assert "Angkatan I" in budi.get("/kelola/angkatan").text
    assert "Angkatan I" in budi.get(f"/kelola/angkatan?tampilan=kalender&bulan={FIRST:%Y-%m}").text
    assert gilang.get(here).status_code == 404
    assert ani.get("/kelola/angkatan").status_code == 403
    changed = form(course, name="Angkatan Satu", revision=1, place="Aula Contoh", ends_on=far())
    assert budi.post(f"{here}/ubah", changed).status_code == 303
    assert "Orang lain sudah mengubah" in budi.post(f"{here}/ubah", changed).text
    copied = budi.post(f"{here}/salin", {"starts_on": FIRST + timedelta(days=42)})
    twin = session.scalar(select(Cohort).where(Cohort.id != cohort.id))
    assert copied.headers["location"] == f"/kelola/angkatan/{twin.public_id}/ubah"
    assert (twin.starts_on, twin.state) == (FIRST + timedelta(days=42), "draft")
    assert "tempat yang sama" in budi.get(here).text
    assert budi.post(f"{here}/salin", {"starts_on": "9999-12-31"}).status_code == 422
    assert budi.get("/kelola/angkatan?tampilan=kalender&bulan=9999-12").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ends_on": FIRST - timedelta(days=1)}, "Selesai sebelum mulai"),
        ({"closes_on": FIRST + timedelta(days=9)}, "setelah angkatan selesai"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"form_code": "XX99"}, "tidak dikenal"),
        ({"quota": 0}, "Paling kecil 1"),
        ({"ends_on": date(9999, 12, 31)}, "Paling akhir 31 Desember 2099"),
        ({"starts_on": date(1999, 12, 31)}, "Paling awal 1 Januari 2000"),
        ({"course": "entah"}, "Pilih pelatihan"),
    ],
)
def test_a_wrong_class_comes_back_with_what_is_wrong(budi, course, session, fields, said):
    slug = fields.get("course", course.slug)
    described = {name: value for name, value in fields.items() if name != "course"}
    answer = budi.post("/kelola/angkatan/baru", {**form(course, **described), "course": slug})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Angkatan I" in answer.text
    assert session.scalar(select(func.count(Cohort.id))) == 0


def test_learners_see_for_whom_a_class_is_and_who_speaks_and_participants_the_link(dewi, ani, eko, course, session):
    told = {
        "audience": "Guru SD",
        "speakers": "Bu Rani\nPak Joko",
        "organiser": "Panitia Contoh",
        "least_attendance": 80,
    }
    link = "https://rapat.contoh.example/kelas"
    cohort = made(dewi, session, course, link=link, due_on=FIRST + timedelta(days=3), **told)
    ani.post(f"/angkatan/{cohort.public_id}/ikut")
    for visitor in (ani, eko):
        page = visitor.get(f"/pelatihan/{course.slug}").text
        for said in ("Pelatihan teknis", "Sasaran: Guru SD", "Bu Rani, Pak Joko", "Panitia Contoh", "80 %"):
            assert said in page
        assert "Tenggat materi" in page
        assert (link in page) == (visitor is ani)


def test_who_leaves_a_class_leaves_its_deadline_there_and_has_the_admins_again(dewi, ani, citra, course, session):
    last = far(30)
    for visitor, own in ((ani, None), (citra, last)):
        wish = {"course": course.slug, "by": "nip", "nips": visitor.person.nip, "due_on": own or ""}
        assert dewi.post("/kelola/pendaftaran", wish).status_code == 303
    cohort = made(dewi, session, course, due_on=FIRST + timedelta(days=3))
    for visitor, own in ((ani, None), (citra, last)):
        visitor.post(f"/angkatan/{cohort.public_id}/ikut")
        mine = session.scalars(select(Enrolment).filter_by(person_id=visitor.person.id)).one()
        session.refresh(mine)
        assert mine.due_on == cohort.due_on
        visitor.post(f"/angkatan/{cohort.public_id}/batal")
        session.refresh(mine)
        assert (mine.due_on, mine.withdrawn_at) == (own, None)


def test_the_waiting_list_moves_up_when_somebody_leaves(dewi, ani, eko, citra, course, session):
    cohort = made(dewi, session, course, quota=1, ends_on=far())
    page = f"/pelatihan/{course.slug}"
    for visitor in (ani, eko, citra):
        assert visitor.post(f"/angkatan/{cohort.public_id}/ikut").headers["location"] == page
    seen = [status_of(session, cohort, each.person).status for each in (ani, eko, citra)]
    assert seen == ["joined", "waiting", "waiting"]
    enrolment = session.scalar(select(Enrolment).filter_by(person_id=ani.person.id))
    assert enrolment.awaits_decision
    assert session.scalar(select(Enrolment).filter_by(person_id=eko.person.id)) is None
    # Leaving the course is leaving its class.
    assert ani.post(f"{page}/pendaftaran/batal").status_code == 303
    assert [status_of(session, cohort, each.person).status for each in (ani, eko, citra)] == [
        "withdrawn",
        "joined",
        "waiting",
    ]
    refused = dewi.post(f"/kelola/angkatan/{cohort.public_id}/ubah", form(course, quota=0, ends_on=far(), revision=1))
    assert refused.status_code == 422
    grown = form(course, quota=5, ends_on=far(), revision=1)
    assert dewi.post(f"/kelola/angkatan/{cohort.public_id}/ubah", grown).status_code == 303
    assert status_of(session, cohort, citra.person).status == "joined"
    shrunk = dewi.post(f"/kelola/angkatan/{cohort.public_id}/ubah", form(course, quota=1, ends_on=far(), revision=2))
    assert "Sudah ada 2 peserta" in shrunk.text
    out = dewi.post(
        f"/kelola/angkatan/{cohort.public_id}/peserta/{status_of(session, cohort, eko.person).public_id}/keluar",
        {"reason": "Pindah tugas."},
    )
    assert out.status_code == 303
    assert status_of(session, cohort, eko.person).status == "withdrawn"
    audit = session.scalars(select(AuditEntry).filter_by(action="class.left")).all()
    assert "Pindah tugas." in {each.reason for each in audit}


def test_one_learns_in_one_class_of_a_course_at_a_time(dewi, ani, course, session):
    first = made(dewi, session, course, ends_on=far())
    second = made(dewi, session, course, name="Angkatan II", ends_on=far())
    ani.post(f"/angkatan/{first.public_id}/ikut")
    assert ani.post(f"/angkatan/{first.public_id}/ikut").status_code == 303
    answer = ani.post(f"/angkatan/{second.public_id}/ikut")
    assert answer.status_code == 409
    assert "Angkatan I" in answer.text


def test_an_admin_adds_people_by_nip_and_is_told_of_the_rest(dewi, budi, ani, course, session):
    cohort = made(dewi, session, course, ends_on=far())
    here = f"/kelola/angkatan/{cohort.public_id}"
    nips = f"{ani.person.nip}\n{ani.person.nip}\n199999999999999999\nabc"
    assert budi.post(f"{here}/peserta", {"nips": nips}).status_code == 403
    told = dewi.post(f"{here}/peserta", {"nips": nips}).text
    assert "1 peserta ditambahkan" in told
    assert "muncul lebih dari sekali" in told
    assert "199999999999999999 tidak dikenal" in told
    # Who is in already is said, and of a long list nothing is cut off.
    unknown = [f"1999999999999{n:05}" for n in range(120)]
    long = dewi.post(f"{here}/peserta", {"nips": "\n".join([ani.person.nip, *unknown])}).text
    assert "0 peserta ditambahkan" in long
    assert "1 sudah tercatat di angkatan ini" in long
    assert all(f"NIP {each} " in long for each in unknown[:100])
    assert "dan 20 lagi" in long
    assert dewi.post(f"{here}/peserta", {"nips": ani.person.nip}).status_code == 303
    assert "1 sudah tercatat di angkatan ini" in dewi.get(here).text
    assert status_of(session, cohort, ani.person).status == "joined"
    assert dewi.post(f"{here}/peserta", {"nips": "abc"}).status_code == 422


def test_nobody_exceeds_the_quota_when_many_join_at_once(own_database, now):
    with own_database.write() as session:
        people = world.cast(session)
        course = world.a_course(session, by=people.budi)
        fields = {**wish(quota=2), "ends_on": far()}
        cohort = actions.make(session, actor_for(session, people.dewi.id), course, CohortWish(**fields), now)
        cohort.state = "open"
        ids = [world.a_person(session, f"Orang {n}", str(10**17 + n), people.sekolah).id for n in range(6)]
        session.commit()
        cohort_id = cohort.id
    ready = Barrier(6)

    def join(person_id):
        with own_database.read() as reading:
            actor = actor_for(reading, person_id)
        ready.wait()
        with own_database.write() as session:
            actions.join(session, actor, session.get_one(Cohort, cohort_id), now)
            session.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(join, ids))
    with own_database.read() as session:
        statuses = session.scalars(select(Participant.status).order_by(Participant.status)).all()
        places = session.scalars(select(Participant.place).filter_by(status="waiting")).all()
    assert statuses == ["joined"] * 2 + ["waiting"] * 4
    assert sorted(places) == [1, 2, 3, 4]

    def leave(person_id):
        with own_database.write() as session:
            actor = actor_for(session, person_id)
            mine = session.scalar(select(Participant).filter_by(person_id=person_id))
            ready.wait()
            actions.leave(session, actor, session.get_one(Cohort, cohort_id), mine, now)
            session.commit()

    with own_database.read() as session:
        seated = session.scalars(select(Participant.person_id).filter_by(status="joined")).all()
    ready = Barrier(1 if own_database.sqlite else 2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(leave, seated))
    with own_database.read() as session:
        assert session.scalar(select(func.count(Participant.id)).filter_by(status="joined")) == 2
        assert session.scalar(select(func.count(Participant.id)).filter_by(status="waiting")) == 2


def test_the_organisers_word_completes_what_activities_do_not(dewi, ani, course, session, now):
    module = world.a_module(session, course)
    reading = world.a_reading(session, module)
    world.a_quiz(session, module, world.a_bank(session, course), "Post-test Contoh")
    course.minutes = 90
    session.commit()
    # A seminar: four JP a day whatever the course's minutes are; without sessions all its days count.
    today = world.today()
    cohort = made(dewi, session, course, form_code="KL06", starts_on=today, ends_on=today + timedelta(1))
    ani.post(f"/angkatan/{cohort.public_id}/ikut")
    enrolment = session.scalar(select(Enrolment).filter_by(person_id=ani.person.id))
    record_evidence(session, ani.actor, enrolment, reading, Evidence(seen_to_end=True), now)
    session.commit()
    here = f"/kelola/angkatan/{cohort.public_id}"
    shown = dewi.get(here).text
    assert "Post-test Contoh belum lulus" in shown
    who = status_of(session, cohort, ani.person).public_id
    ticked = {"whom": "ticked", "participants": [who], "result": "passed"}
    # Nobody passes what was not held: neither before the first day, nor while days to come would count as attended.
    early = {**ticked, "reason": "Sudah bisa."}
    assert "hari terakhir" in dewi.post(f"{here}/kelulusan", early).text
    _moved(session, cohort, today + timedelta(3), today + timedelta(4))
    assert "baru mulai" in dewi.post(f"{here}/kelulusan", early).text
    assert status_of(session, cohort, ani.person).result == ""
    _moved(session, cohort, today - timedelta(1), today)
    refused = dewi.post(f"{here}/kelulusan", ticked)
    assert refused.status_code == 422
    assert "masih terhalang" in refused.text
    assert dewi.post(f"{here}/kelulusan", {**ticked, "result": "failed"}).status_code == 422
    assert dewi.post(f"{here}/kelulusan", {**ticked, "whom": "clear"}).status_code == 422
    assert dewi.post(f"{here}/kelulusan", {**ticked, "result": "deferred", "reason": "Sakit."}).status_code == 303
    assert status_of(session, cohort, ani.person).result == "deferred"
    assert session.scalar(select(Certificate)) is None
    assert dewi.post(f"{here}/kelulusan", {**ticked, "reason": "Ujian lisan."}).status_code == 303
    session.refresh(enrolment)
    assert (enrolment.completed_jp, enrolment.awaits_decision) == (8, False)
    assert session.scalar(select(LedgerLine.jp_earned).filter_by(person_id=ani.person.id)) == 8
    held = held_in(session, enrolment.id)
    assert (held.form_code, held.days, held.by_day) == ("KL06", 2, {})
    assert dewi.post(f"{here}/keadaan", {"state": "finished"}).status_code == 303
    assert ani.post(f"/angkatan/{cohort.public_id}/batal").status_code == 409


def _moved(session, cohort, starts_on, ends_on):
    session.refresh(cohort)
    cohort.starts_on, cohort.ends_on = starts_on, ends_on
    session.commit()


def test_a_deadline_reaches_who_joined_and_seats_of_the_past_stay_empty(dewi, ani, eko, citra, course, session, now):
    cohort = made(dewi, session, course, quota=2, due_on=far(20), ends_on=far())
    here = f"/kelola/angkatan/{cohort.public_id}"
    for visitor in (ani, eko, citra):
        visitor.post(f"/angkatan/{cohort.public_id}/ikut")
    passed = status_of(session, cohort, eko.person)
    passed.result = "passed"
    session.commit()

    def due():
        found = session.scalars(select(Enrolment).execution_options(populate_existing=True))
        return {each.person_id: each.due_on for each in found}

    for revision, day in ((1, far(40)), (2, None)):
        changed = form(course, quota=2, due_on=day, ends_on=far(), revision=revision)
        answer = dewi.post(f"{here}/ubah", {name: value for name, value in changed.items() if value is not None})
        assert answer.status_code == 303
        assert due() == {ani.person.id: day, eko.person.id: far(20)}
    moved = session.scalars(select(AuditEntry).filter_by(action="enrolment.due_moved").order_by(AuditEntry.id)).all()
    assert [(each.before["due_on"], each.after["due_on"]) for each in moved] == [
        (str(far(20)), str(far(40))),
        (str(far(40)), ""),
    ]
    changed = session.scalars(select(AuditEntry).filter_by(action="class.changed").order_by(AuditEntry.id)).first()
    assert changed.after["due_on"] == str(far(40))
    # A class that is over gives its seats to nobody.
    _moved(session, cohort, far(-9), far(-1))
    ani.post(f"/angkatan/{cohort.public_id}/batal")
    assert status_of(session, cohort, ani.person).status == "withdrawn"
    assert status_of(session, cohort, citra.person).status == "waiting"
    # Finished, it keeps nobody waiting.
    assert dewi.post(f"{here}/keadaan", {"state": "finished"}).status_code == 303
    left = status_of(session, cohort, citra.person)
    assert (left.status, left.refusal) == ("withdrawn", "Angkatan sudah selesai.")


def test_a_course_is_completed_once(dewi, ani, eko, course, session, cast):
    cohort = made(dewi, session, course, quota=1, ends_on=far())
    eko.post(f"/angkatan/{cohort.public_id}/ikut")
    world.enrolled(session, cast.ani, course, completed_at=world.THEN)
    session.commit()
    shown = ani.get(f"/pelatihan/{course.slug}").text
    assert "sudah Anda selesaikan" in shown
    assert f"/angkatan/{cohort.public_id}/ikut" not in shown
    refused = ani.post(f"/angkatan/{cohort.public_id}/ikut")
    assert refused.status_code == 409
    assert "sudah diselesaikan" in refused.text
    assert session.scalar(select(func.count(Participant.id)).filter_by(person_id=cast.ani.id)) == 0


def test_finishing_all_activities_waits_for_the_decision_and_leaving_ends_the_wait(dewi, ani, course, session, now):
    reading = world.a_reading(session, world.a_module(session, course))
    cohort = made(dewi, session, course, ends_on=far())
    ani.post(f"/angkatan/{cohort.public_id}/ikut")
    enrolment = session.scalar(select(Enrolment).filter_by(person_id=ani.person.id))
    record_evidence(session, ani.actor, enrolment, reading, Evidence(seen_to_end=True), now)
    session.commit()
    assert enrolment.completed_at is None
    ani.post(f"/angkatan/{cohort.public_id}/batal")
    session.refresh(enrolment)
    assert enrolment.completed_at is not None
    assert held_in(session, enrolment.id) is None


def test_a_seminar_needs_no_materials(budi, dewi, ani, session, cast):
    course = world.a_course(session, "seminar", by=cast.budi, state="draft", minutes=0)
    session.commit()
    assert budi.post("/ajar/seminar/keadaan", {"state": "published"}).status_code == 422
    settings = {"title": "Seminar Contoh", "summary": "Seminar.", "revision": 1, "classes_only": "1"}
    assert budi.post("/ajar/seminar/pengaturan", settings).status_code == 303
    assert budi.post("/ajar/seminar/keadaan", {"state": "published"}).status_code == 303
    session.refresh(course)
    assert course.published
    assert ani.post("/pelatihan/seminar/pendaftaran").status_code == 409
    back = {**settings, "revision": course.revision}
    del back["classes_only"]
    assert "Belum siap tanpa angkatan" in budi.post("/ajar/seminar/pengaturan", back).text
    cohort = made(budi, session, course, form_code="KL06", starts_on=world.today(), ends_on=world.today())
    ani.post(f"/angkatan/{cohort.public_id}/ikut")
    decided = budi.post(f"/kelola/angkatan/{cohort.public_id}/kelulusan", {"whom": "clear", "result": "passed"})
    assert decided.status_code == 303
    assert session.scalar(select(Enrolment.completed_jp).filter_by(person_id=ani.person.id)) == 4


def test_a_thousand_are_decided_by_a_job_that_may_start_over(dewi, course, session, cast, database, now):
    cohort = made(dewi, session, course, ends_on=far())
    for n in range(120):
        person = world.a_person(session, f"Contoh {n}", str(10**17 + n), cast.sekolah)
        enrolment = world.enrolled(session, person, course, awaits_decision=True)
        session.add(
            Participant(
                public_id=f"p{n}",
                cohort_id=cohort.id,
                person_id=person.id,
                enrolment_id=enrolment.id,
                status="joined",
                attended=0,
                joined_at=now,
                created_at=now,
            )
        )
    session.commit()
    answer = dewi.post(f"/kelola/angkatan/{cohort.public_id}/kelulusan", {"whom": "clear", "result": "passed"})
    assert answer.headers["location"].startswith("/pekerjaan/")
    ruling = session.scalar(select(Ruling))
    # The first part as a job that is killed after it: run again, the job goes on after it.
    assert rulings.rule_next(session, dewi.actor, ruling.public_id, now) == rulings.AT_ONCE
    session.commit()
    run_pending(database.write)
    session.refresh(ruling)
    assert ruling.decided == 120
    assert session.scalar(select(func.count(Certificate.id))) == 120
    assert session.scalar(select(func.count(LedgerLine.id))) == 120


def test_cancelling_lets_everybody_go(dewi, ani, eko, course, session, now):
    enrol(session, eko.actor, course, now)
    session.commit()
    cohort = made(dewi, session, course, ends_on=far())
    for visitor in (ani, eko):
        visitor.post(f"/angkatan/{cohort.public_id}/ikut")
    assert dewi.post(f"/kelola/angkatan/{cohort.public_id}/keadaan", {"state": "cancelled"}).status_code == 303
    places = {
        each.person_id: each.active
        for each in session.scalars(select(Enrolment).execution_options(populate_existing=True))
    }
    # Who came by the class leaves the course; who learned before goes on alone.
    assert places == {ani.person.id: False, eko.person.id: True}
    assert session.scalar(select(func.count(Participant.id)).filter_by(status="joined")) == 0
    assert ani.post(f"/angkatan/{cohort.public_id}/ikut").status_code == 404
    # Whose class it was sees what became of it; nobody else sees it at all.
    assert "tidak jadi diadakan" in ani.get(f"/pelatihan/{course.slug}").text
    assert "tidak jadi diadakan" not in dewi.get(f"/pelatihan/{course.slug}").text


def test_people_keep_to_what_is_theirs(ani, eko, citra, budi, dewi, course, session):
    cohort = made(budi, session, course, "draft")
    assert ani.post(f"/angkatan/{cohort.public_id}/ikut").status_code == 404
    opened = made(budi, session, course, nominated_only="1", ends_on=far())
    assert ani.post(f"/angkatan/{opened.public_id}/ikut").status_code == 409
    assert eko.post(f"/angkatan/{opened.public_id}/batal").status_code == 404
    assert citra.get(f"/kelola/angkatan/{opened.public_id}").status_code == 404
