"""One thing of each kind that belongs to somebody, as rows; for the tests of rights."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn.activities.quizzes.actions import start, submit
from elearn.activities.reviews.actions import begin
from elearn.foundation.clock import start_of
from elearn.foundation.ids import fingerprint, new_id, new_secret
from elearn.foundation.jobs.models import Job
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.cohorts.models import Cohort
from elearn.learning.enrolment.models import EnrolmentBatch
from elearn.learning.handouts.models import Handout
from elearn.learning.placements.models import Agreement, AgreementFile
from elearn.learning.player.queries import desk
from elearn.learning.renewals.models import Renewal
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import ApiToken, CodeSheet, FormerName, Person, Placement, WebSession
from elearn.people.accounts.queries import actor_for
from elearn.people.imports.models import Roster
from elearn.people.organisation.models import Unit
from elearn.people.reorganisation.models import UnitFile
from elearn.recognition.certificates.actions import issue
from elearn.recognition.designs.actions import save_template
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.external_records.models import EvidenceFile
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.numbering.actions import save_scheme
from elearn.recognition.numbering.forms import SchemeWish
from elearn.recognition.recounting.models import Recount, RecountChange
from elearn.standards.oneroster.feed import Feed, Place, Problem, SchoolClass, User
from elearn.standards.oneroster.models import OneRosterFeed
from elearn.standards.siasn.models import SiasnBundle, SiasnExport
from elearn.teaching.courses.models import Course
from tests import academy, world

UNITS = b"Kode;Kode induk;Nama;Jenis\nDIK.SD8;DIK;SDN 8 Contoh;sekolah\nDIK.SD9;TIADA;SDN 9 Contoh;sekolah\n"
TABLE = b"NIP;Nama;Unit\n199001012015011001;Hana Contoh;DIK\n"


def of_everybody(session: Session, cast: world.Cast) -> dict[str, str]:
    """Ids by the names of the routes' parameters: Ani's, of a course of Budi's that only she is in, and of the admins.

    Ani is in the middle of the course's quiz.
    """
    course = world.a_course(session, by=cast.budi)
    module = world.a_module(session, course)
    reading = world.a_reading(session, module)
    bank = world.a_bank(session, course)
    quiz = world.a_quiz(session, module, bank)
    world.enrolled(session, cast.ani, course)
    ani = actor_for(session, cast.ani.id)
    assert ani is not None
    attempt = start(session, ani, desk(session, ani, quiz.public_id, "quiz"), datetime.now(UTC))
    of_moved_person(session, cast)
    ids = {
        **of_class(session, cast, course),
        **of_course(session, course),
        **of_person(session, cast.ani),
        **of_admin(session, cast.citra, cast.dinas, course),
        **of_placed_person(session, cast.ani, cast.dewi),
        **of_regency_admin(session, cast.dewi),
        **of_those_who_owe(session, cast, course),
        "review": a_review(session, ani),
        "slug": course.slug,
        "reading": reading.public_id,
        "quiz": quiz.public_id,
        "bank": bank.public_id,
        "question": world.first_question(session, bank).public_id,
        "document": world.a_document(session, module).public_id,
        "recording": world.a_recording(session, module).public_id,
        "attempt": attempt.public_id,
        "item": "soal-1",
        "position": "1",
        "number": "1",
        "form": "KL06",
        "recount": a_recount(session, cast),
        "bundle": a_bundle(session, cast),
        "feed": a_feed(session, course, cast.dewi),
        "person": cast.ani.public_id,
        "unit_code": cast.sekolah.code,
    }
    session.commit()
    return ids


def a_review(session: Session, actor: Actor) -> str:
    """The first of the questions that come back from a course which was completed three days ago."""
    now = datetime.now(UTC)
    course = world.a_course(session, "diulang", title="Pelatihan yang Diulang")
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), pass_mark=None)
    enrolment = world.enrolled(session, session.get_one(Person, actor.me()), course)
    then = now - timedelta(days=3)
    submit(session, actor, start(session, actor, desk(session, actor, quiz.public_id, "quiz"), then), then)
    enrolment.completed_at = then
    session.flush()
    review = begin(session, actor, now)
    assert review is not None
    return review


def of_class(session: Session, cast: world.Cast, course: Course) -> dict[str, str]:
    """A class of Budi's course in which Ani is, with a session that was yesterday, and Citra would like to be."""
    cohort = academy.a_cohort(session, course)
    who = academy.joined(session, cast.ani, cohort)
    meeting = academy.a_session(session, cohort, world.today() - timedelta(days=1))
    academy.attended(session, meeting, who)
    waiting = academy.joined(session, cast.citra, cohort, status="nominated", joined_at=None)
    waiting.nominated_by = cast.citra.id
    ids = {"cohort": cohort.public_id, "participant": who.public_id, "class_session": meeting.public_id}
    return {**ids, "handout": a_handout(session, cohort, cast.budi)}


def a_handout(session: Session, cohort: Cohort, by: Person) -> str:
    """A schedule that Budi gave to the class."""
    content = b"%PDF-1.4 jadwal contoh"
    handout = Handout(
        public_id=new_id(),
        cohort_id=cohort.id,
        title="Jadwal Contoh",
        name="jadwal.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        storage_key=stored("pdf", content),
        brought_by=by.id,
        created_at=world.THEN,
    )
    session.add(handout)
    session.flush()
    return handout.public_id


def of_course(session: Session, course: Course) -> dict[str, str]:
    """A PDF that nothing uses yet, with one page."""
    material = world.a_material(session, course, "pdf", b"%PDF-1.4 contoh", page_count=1)
    world.a_page(session, material, 1, "Halaman contoh")
    return {"material": material.public_id}


def of_person(session: Session, person: Person) -> dict[str, str]:
    """A second signed-in browser, a token, and the certificate of a course that was completed."""
    now = datetime.now(UTC)
    done = world.enrolled(
        session,
        person,
        world.a_course(session, f"tuntas-{person.id}", title="Pelatihan Tuntas", organiser="BKPSDM Contoh"),
        completed_at=now,
        completed_jp=2,
        completed_unit_id=person.unit_id,
        score=85.5,
    )
    certificate = issue(session, Actor.system("tests"), done.id, now)
    line = credit_course(session, Actor.system("tests"), done.id, now)
    times = {"created_at": now, "expires_at": now + timedelta(days=1)}
    browser = WebSession(
        public_id=new_id(), token_hash=fingerprint(new_secret()), person_id=person.id, last_seen_at=now, **times
    )
    token = ApiToken(
        public_id=new_id(),
        token_hash=fingerprint(new_secret()),
        person_id=person.id,
        name="Contoh",
        scopes="courses:read",
        **times,
    )
    session.add_all([browser, token])
    session.flush()
    ids = {"web_session": browser.public_id, "token": token.public_id}
    return {
        **ids,
        "certificate": certificate.public_id,
        "code": certificate.code,
        "line": line.public_id,
        **of_filing_person(session, person),
    }


def of_moved_person(session: Session, cast: world.Cast) -> None:
    """Ani came from the head office of her department, under another title; nothing else is known of her service."""
    session.execute(delete(Placement).where(Placement.person_id == cast.ani.id))
    shown = {"person_id": cast.ani.id, "position": cast.ani.position, "asn_kind": cast.ani.asn_kind}
    before = {"unit_id": cast.dinas.id, "valid_from": date(2025, 1, 6), "valid_to": date(2025, 9, 30)}
    session.add(Placement(**shown, **before))
    session.add(Placement(**shown, unit_id=cast.sekolah.id, valid_from=date(2025, 10, 1)))
    session.add(FormerName(person_id=cast.ani.id, name="Ani Contoh, S.Pd.", until=date(2026, 2, 2)))
    session.flush()


def of_filing_person(session: Session, person: Person) -> dict[str, str]:
    """A certificate from elsewhere that waits for a decision, a draft of another, and one that was approved."""
    waiting = academy.a_record(session, person)
    draft = academy.a_record(session, person, state="draft", title="Bimtek Contoh", form_code="KL10", number="")
    # On days of its own: who approves the one that waits need not say why it is another one.
    earlier = {"started_on": date(2026, 10, 6), "ended_on": date(2026, 10, 7)}
    approved = academy.a_record(
        session, person, state="approved", title="Lokakarya Contoh", form_code="KL07", number="LK-7788/2026", **earlier
    )
    evidence = session.scalars(select(EvidenceFile).filter_by(record_id=waiting.id)).one()
    return {
        "record": waiting.public_id,
        "draft": draft.public_id,
        "approved": approved.public_id,
        "evidence": evidence.public_id,
        "file_id": evidence.public_id,
    }


def of_placed_person(session: Session, person: Person, admin: Person) -> dict[str, str]:
    """An internship whose report waits for the host, with the host's link, one that is running, and a signed one."""
    secret = new_secret()
    partner = academy.a_partner(session)
    reported = academy.a_placement(session, person, partner, admin)
    reported.state, reported.report, reported.reported_at = (
        "reported",
        "Saya belajar melayani pemohon izin.",
        world.THEN,
    )
    reported.link_hash = fingerprint(secret)
    reported.link_expires_at = datetime.now(UTC) + timedelta(days=9)
    running = academy.a_placement(session, person, partner, admin, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 6))
    signed = academy.a_placement(session, person, partner, admin, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 8))
    signed.state, signed.signed_at, signed.signed_name = "signed", world.THEN, signed.host_name
    linkless = academy.a_placement(
        session, person, partner, admin, starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 10)
    )
    linkless.state, linkless.report, linkless.reported_at = "reported", reported.report, world.THEN
    cancelled, counting = (
        academy.a_placement(
            session, person, partner, admin, starts_on=date(2025, month, 3), ends_on=date(2025, month, 7)
        )
        for month in (2, 3)
    )
    cancelled.state, cancelled.office_remark = "cancelled", "Mitra menutup loketnya pada hari-hari itu."
    counting.state, counting.report, counting.signed_name = "confirmed", reported.report, counting.host_name
    counting.signed_at = counting.confirmed_at = world.THEN
    counting.confirmed_by = admin.id
    agreement = session.get_one(Agreement, reported.agreement_id)
    over = Agreement(
        public_id=new_id(),
        partner_id=partner.id,
        number="PKS/9/2024",
        title="Kerja sama contoh yang lama",
        starts_on=date(2024, 1, 1),
        ends_on=date(2027, 12, 31),
        ended_on=date(2025, 6, 30),
        ended_reason="Mitra pindah ke kota lain.",
    )
    session.add(over)
    session.flush()
    return {
        "placement": reported.public_id,
        "linkless": linkless.public_id,
        "link": secret,
        "running": running.public_id,
        "signed": signed.public_id,
        "cancelled_stay": cancelled.public_id,
        "counting_stay": counting.public_id,
        "partner": partner.public_id,
        "agreement": agreement.public_id,
        "ended_agreement": over.public_id,
        "agreement_file": an_agreement_file(session, agreement, admin),
    }


def an_agreement_file(session: Session, agreement: Agreement, by: Person) -> str:
    """The signed agreement as a PDF, as it was brought."""
    content = b"%PDF-1.4 perjanjian contoh"
    file = AgreementFile(
        public_id=new_id(),
        agreement_id=agreement.id,
        name="perjanjian-contoh.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256="1" * 64,
        storage_key=stored("pdf", content),
        brought_by=by.id,
        created_at=world.THEN,
    )
    session.add(file)
    session.flush()
    return file.public_id


def of_those_who_owe(session: Session, cast: world.Cast, course: Course) -> dict[str, str]:
    """A running programme of Citra's OPD with a rule, and what Ani owes by it; and a draft of the regency's."""
    programme, rule = academy.a_programme(session, course, cast.dinas, cast.citra)
    academy.owing(session, cast.ani, programme, rule, due_on=world.today() - timedelta(days=2))
    draft, _rule = academy.a_programme(session, course, None, cast.dewi, state="draft", title="Program Konsep Contoh")
    of_who_renews(session, cast)
    return {"programme": programme.public_id, "rule": rule.public_id, "draft_programme": draft.public_id}


def of_who_renews(session: Session, cast: world.Cast) -> None:
    """What Gilang completed years ago and owes anew this year, and last year's, which he missed."""
    day = world.today()
    course = world.a_course(session, "lama-contoh", title="Antikorupsi Contoh", state="archived")
    for title in ("Gratifikasi Contoh", "Benturan Kepentingan Contoh"):
        world.a_reading(session, world.a_module(session, course), title)
    programme, rule = academy.a_programme(
        session, course, None, cast.dewi, title="Tahunan Contoh", state="active", validity="year", ran_on=day
    )
    years = {"ends_on": date(day.year, 12, 31), "counts_from": start_of(date(day.year, 1, 1))}
    academy.owing(session, cast.gilang, programme, rule, term=1, state="missed", ends_on=date(day.year - 1, 12, 31))
    academy.owing(session, cast.gilang, programme, rule, term=2, due_on=years["ends_on"], **years)
    mine = world.enrolled(session, cast.gilang, course, completed_at=start_of(date(day.year - 3, 3, 4)), completed_jp=2)
    session.add(Renewal(enrolment_id=mine.id, began_at=years["counts_from"]))
    session.flush()


def of_admin(session: Session, admin: Person, unit: Unit, course: Course) -> dict[str, str]:
    """A sheet of codes and a batch of enrolments."""
    now = datetime.now(UTC)
    sheet = CodeSheet(
        public_id=new_id(),
        owner_id=admin.id,
        unit_id=unit.id,
        nonce="n" * 32,
        created_at=now,
        visible_until=now + timedelta(days=1),
    )
    batch = EnrolmentBatch(
        public_id=new_id(),
        course_id=course.id,
        made_by=admin.id,
        unit_id=unit.id,
        nips=[],
        moves_due=False,
        created_at=now,
    )
    session.add_all([sheet, batch])
    session.flush()
    return {"sheet": sheet.public_id, "batch": batch.public_id}


def of_regency_admin(session: Session, admin: Person) -> dict[str, str]:
    """A file of people whose columns are known, a finished job with a file, a scheme of numbers, a template."""
    roster = Roster(
        public_id=new_id(),
        uploaded_by=admin.id,
        file_name="pegawai.csv",
        storage_key=stored("csv", TABLE),
        headers=["NIP", "Nama", "Unit"],
        mapping={"nip": "NIP", "name": "Nama", "unit": "Unit"},
        created_at=datetime.now(UTC),
    )
    actor = Actor.system("tests")
    words = SchemeWish(name="Pola contoh", pattern="{running:04}/CONTOH/{year}", organiser="Penyelenggara Contoh")
    scheme = save_scheme(session, actor, words, datetime.now(UTC))
    look = TemplateWish(name="Templat contoh", title="Sertifikat", organiser="Penyelenggara Contoh", shown=["nip"])
    template = save_template(session, actor, look, datetime.now(UTC))
    file = {"key": stored("csv", b"a;b\r\n"), "name": "hasil.csv", "media_type": "text/csv"}
    job = Job(
        public_id=new_id(),
        kind="contoh",
        title="Pekerjaan contoh",
        owner_id=admin.id,
        state="done",
        arguments={},
        result={"file": file},
        created_at=datetime.now(UTC),
        finished_at=datetime.now(UTC),
    )
    units = UnitFile(
        public_id=new_id(),
        brought_by=admin.id,
        file_name="unit.csv",
        storage_key=stored("csv", UNITS),
        created_at=datetime.now(UTC),
    )
    session.add_all([roster, job, units])
    session.flush()
    made = {"scheme": scheme.public_id, "template": template.public_id}
    ids = {"unit_file": units.public_id}
    return {"roster": roster.public_id, "job": job.public_id, **ids, **made}


def a_feed(session: Session, course: Course, admin: Person) -> str:
    """A partner's class with one student whom nobody knows, and one row that is wrong."""
    feed = Feed(
        users=[User(2, "u1", "Indra Contoh", "", "indra@mitra.example")],
        classes=[SchoolClass(2, "k1", "Kelas Mitra Contoh", "2026-09-01", "2026-12-20", "Aula", "Sekolah Contoh")],
        places=[Place(2, "k1", "u1")],
        problems=[Problem("users.csv", 3, "Nama belum diisi.")],
    )
    brought = OneRosterFeed(
        public_id=new_id(),
        source="Sekolah Contoh",
        course_id=course.id,
        file_name="contoh.zip",
        content=feed.as_json(),
        brought_by=admin.id,
        created_at=datetime.now(UTC),
    )
    session.add(brought)
    session.flush()
    return brought.public_id


def a_bundle(session: Session, cast: world.Cast) -> str:
    """What left of Ani's account: one entry to be deleted in SIASN, and an answer that refused it before."""
    line = session.scalars(select(LedgerLine).filter_by(person_id=cast.ani.id)).first()
    assert line is not None
    bundle = SiasnBundle(
        public_id=new_id(), year=2026, made_by=cast.dewi.id, state="made", counts={"deletion": 1}, created_at=world.THEN
    )
    session.add(bundle)
    session.flush()
    left = {"line_id": line.id, "bundle_id": bundle.id, "fingerprint": "", "jp": 0, "left_at": world.THEN}
    answer = {"state": "refused", "note": "tanggalKursus tidak sesuai dengan data referensi"}
    session.add(SiasnExport(way="file", change="new", **left, **answer))
    session.add(SiasnExport(way="file", change="deletion", siasn_id="8ae483c5-contoh", **left))
    session.flush()
    return bundle.public_id


def a_recount(session: Session, cast: world.Cast) -> str:
    """A preview of the lines of e-learning counted again, of which one of Ani's would change."""
    line = session.scalars(select(LedgerLine).filter_by(person_id=cast.ani.id)).first()
    assert line is not None
    recount = Recount(
        public_id=new_id(), form_code=line.form_code, year=line.year, state="ready", lines=1, made_by=cast.dewi.id
    )
    recount.created_at = datetime.now(UTC)
    session.add(recount)
    session.flush()
    worth = {"earned_before": 2, "earned_after": 2, "recognised_before": 2, "recognised_after": 1}
    session.add(
        RecountChange(recount_id=recount.id, line_id=line.id, person_id=line.person_id, unit_id=line.unit_id, **worth)
    )
    session.flush()
    return recount.public_id


def stored(ending: str, content: bytes) -> str:
    """The key of a file with this content."""
    key = new_key(ending)
    store().put(key, iter([content]))
    return key
