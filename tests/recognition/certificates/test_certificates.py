from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import func, select
from tests import academy, world

from elearn.foundation.errors import Conflict, Forbidden, NotFound
from elearn.foundation.events import announce
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.events import CourseCompleted
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.actions import issue, reissue, revoke
from elearn.recognition.certificates.document import certificate_pdf
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of, my_certificate_numbered
from elearn.recognition.certificates.rules import printed_code, stored_code
from elearn.recognition.designs.queries import design_of
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.numbering.rules import Stands, number, prefix_pattern

SYSTEM = Actor.system("tests")


def completed(session, person, course, now, **fields):
    unit = {"completed_unit_id": person.unit_id, "completed_jp": 2, "score": 85.5}
    return world.enrolled(session, person, course, completed_at=now, **{**unit, **fields})


@pytest.fixture
def course(session, cast):
    course = world.a_course(session, organiser="BKPSDM Contoh")
    world.an_activity(session, world.a_module(session, course, "Modul Kesatu"), "reading", "Plt", minutes=90)
    return course


@pytest.fixture
def certificate(session, cast, course, now):
    made = issue(session, SYSTEM, completed(session, cast.ani, course, now).id, now)
    session.commit()
    return made


def upload(visitor, certificate, content, name="sertifikat.pdf"):
    files = {"file": (name, content, "application/pdf")}
    return visitor.client.post(f"/verifikasi/{certificate.code}", files=files)


def test_numbers_and_codes_are_written_as_printed():
    pattern = prefix_pattern("BKPSDM")
    assert number(pattern, Stands(1, date(2026, 1, 1))) == "BKPSDM/0001/2026"
    assert number(pattern, Stands(12345, date(2026, 1, 1))) == "BKPSDM/12345/2026"
    assert printed_code("7F3K9QTAXM2P04ZW") == "7F3K-9QTA-XM2P-04ZW"
    assert stored_code(" 7f3k-9qta xm2p-o4zw ") == "7F3K9QTAXM2P04ZW"
    assert stored_code("7F3K") == ""


def test_a_class_has_its_own_numbers_template_and_subjects_with_their_jp(session, cast, budi, dewi, now):
    course = world.a_course(session, organiser="BKPSDM Contoh", by=cast.budi)
    world.an_activity(session, world.a_module(session, course, "Modul Kesatu"), "reading", "Plt", minutes=90)
    world.an_activity(session, world.a_module(session, course, "Modul Kedua"), "reading", "Praktik", minutes=100)
    day = date(2026, 11, 20)
    cohort = academy.a_cohort(
        session, course, organiser="Panitia Contoh", form_code="KL07", starts_on=day, ends_on=day, state="finished"
    )
    who = academy.joined(session, cast.ani, cohort, result="passed", ruled_at=now)
    enrolment = session.get_one(Enrolment, who.enrolment_id)
    enrolment.completed_at, enrolment.completed_jp, enrolment.awaits_decision = now, 5, False
    session.commit()
    place = "/kelola/sertifikat"
    assert "Panitia Contoh" in dewi.get(f"{place}/templat/baru").text
    scheme = {"name": "Panitia", "pattern": "{form_code}/{running:03}/PAN/{year}", "start": "1"}
    look = {"name": "Panitia", "kind": "sttpp", "title": "sertifikat ", "second_page": "1"}
    for path, wish in (("penomoran", scheme), ("templat", look)):
        saved = dewi.post(f"{place}/{path}/baru", {**wish, "organiser": "Panitia Contoh"})
        assert saved.status_code == 303, saved.text
    # A kind whose title was left standing as another's gets its own, and says so.
    assert "Surat Tanda Tamat Pendidikan dan Pelatihan" in unquote(saved.headers["set-cookie"])
    class_page = dewi.get(f"/kelola/angkatan/{cohort.public_id}").text
    bulk = f"/kelola/sertifikat/terbit?course={course.slug}&first=2026-11-20&last="
    assert bulk in unescape(class_page)
    assert "/kelola/sertifikat/terbit" not in budi.get(f"/kelola/angkatan/{cohort.public_id}").text
    assert "Terbitkan 1 sertifikat" in dewi.get(f"{bulk}2026-11-30").text
    assert dewi.get(f"{bulk}kemarin").status_code == 422
    person = f"/kelola/angkatan/{cohort.public_id}/peserta/{who.public_id}"
    account = f"/opd/pegawai/{cast.ani.public_id}/jp?tahun=2026"
    assert (account in dewi.get(person).text, "Minta admin kabupaten" in budi.get(person).text) == (True, True)
    made = issue(session, SYSTEM, enrolment.id, now)
    assert (made.number, facts_of(made).organiser) == ("KL07/001/PAN/2026", "Panitia Contoh")
    pdf = certificate_pdf(facts_of(made), design_of(session, made.version_id))
    first, second = (" ".join(page.get_textpage().get_text_range().split()) for page in PdfDocument(pdf))
    assert first.startswith("Panitia Contoh Nomor KL07/001/PAN/2026 Surat Tanda Tamat Pendidikan dan Pelatihan")
    # 90 and 100 minutes of 45 each; the sum is what the class gave.
    assert "Modul Kesatu 90 2,00 2 Modul Kedua 100 2,22 Jumlah 190 5" in second


def test_the_subjects_of_a_class_without_materials_are_the_sessions_attended(session, cast, now):
    course, day = world.a_course(session, by=cast.budi), date(2026, 11, 20)
    cohort = academy.a_cohort(session, course, form_code="KL06", starts_on=day, ends_on=day, state="finished")
    who = academy.joined(session, cast.ani, cohort, result="passed", ruled_at=now)
    for title, starts, was_there in (("Panel sore", 13, True), ("Panel pagi", 8, True), ("Diskusi", 15, False)):
        meeting = academy.a_session(session, cohort, day, starts)
        meeting.title = title
        if was_there:
            academy.attended(session, meeting, who)
    enrolment = session.get_one(Enrolment, who.enrolment_id)
    enrolment.completed_at, enrolment.completed_jp, enrolment.awaits_decision = now, 5, False
    session.commit()
    lines = facts_of(issue(session, SYSTEM, enrolment.id, now)).modules
    assert [(line.title, line.minutes) for line in lines] == [("Panel pagi", 120), ("Panel sore", 120)]


def test_a_hundred_requests_at_once_make_one_certificate(own_database, now):
    """Q14."""
    with own_database.write() as session:
        people = world.cast(session)
        enrolment = completed(session, people.ani, world.a_course(session), now)
        actor = actor_for(session, people.ani.id)
        session.commit()

    def take(_n):
        with own_database.write() as session:
            number = issue(session, actor, enrolment.id, now).number
            session.commit()
            return number

    with ThreadPoolExecutor(16) as pool:
        numbers = set(pool.map(take, range(100)))
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert numbers == {"BKPSDM/0001/2026"}


def test_numbers_have_no_gaps_when_many_finish_at_once_and_some_fail(own_database, now):
    with own_database.write() as session:
        course = world.a_course(session)
        learners = [world.a_person(session, f"Peserta Contoh {n}", None) for n in range(24)]
        enrolments = [completed(session, learner, course, now).id for learner in learners]
        session.commit()

    def take(numbered):
        n, enrolment_id = numbered
        with own_database.write() as session:
            issue(session, SYSTEM, enrolment_id, now)
            if n % 3:
                session.commit()
            else:
                session.rollback()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(take, enumerate(enrolments)))
    with own_database.read() as session:
        numbers = sorted(session.scalars(select(Certificate.number)))
    assert numbers == [f"BKPSDM/{n:04d}/2026" for n in range(1, 17)]


def test_numbers_start_again_with_the_year_in_wib(session, cast, course):
    old = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    first = issue(session, SYSTEM, completed(session, cast.ani, course, old).id, old)
    new = old + timedelta(minutes=1)
    second = issue(session, SYSTEM, completed(session, cast.eko, course, new).id, new)
    assert [first.number, second.number] == ["BKPSDM/0001/2026", "BKPSDM/0001/2027"]


def test_an_unfinished_course_gives_no_certificate(session, ani, course, now):
    enrolment = world.enrolled(session, ani.person, course)
    with pytest.raises(Conflict):
        issue(session, ani.actor, enrolment.id, now)


def test_nobody_takes_the_certificate_of_another(session, cast, eko, course, now):
    enrolment = completed(session, cast.ani, course, now)
    with pytest.raises(NotFound):
        issue(session, eko.actor, enrolment.id, now)


def test_completing_a_course_issues_its_certificate(session, app, cast, course, now):
    enrolment = completed(session, cast.ani, course, now)
    announce(session, CourseCompleted(enrolment.id))
    announce(session, CourseCompleted(enrolment.id))
    assert session.scalars(select(Certificate)).one().enrolment_id == enrolment.id


def test_a_later_change_of_name_does_not_change_what_was_printed(session, cast, certificate):
    cast.ani.name = "Ani Baru"
    session.commit()
    assert facts_of(certificate).name == "Ani Contoh"


def test_the_pdf_is_the_same_bytes_each_time(session, ani, certificate):
    first = ani.get(f"/sertifikat/{certificate.public_id}.pdf")
    second = ani.get(f"/sertifikat/{certificate.public_id}.pdf")
    assert first.status_code == 200
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content


def test_others_and_guests_do_not_get_the_pdf(eko, citra, dewi, guest, certificate):
    path = f"/sertifikat/{certificate.public_id}.pdf"
    assert [visitor.get(path).status_code for visitor in (eko, citra, dewi)] == [404, 404, 404]
    assert guest.get(path).status_code == 303
    assert "%PDF" not in guest.get(path).text


def test_achievements_show_certificates_of_the_owner_only(ani, eko, course, certificate):
    page = ani.get("/capaian").text
    assert certificate.number in page
    assert f"/sertifikat/{certificate.public_id}.pdf" in page
    assert course.title in page
    page = eko.get("/capaian").text
    assert "Belum ada sertifikat." in page
    assert certificate.number not in page


def test_verification_shows_every_printed_field_and_masks_the_nip(guest, certificate):
    """Q15."""
    page = guest.get(f"/verifikasi/{printed_code(certificate.code).lower()}")
    assert page.status_code == 200
    facts = facts_of(certificate)
    shown = [facts.name, facts.position, facts.unit, facts.course, facts.form, facts.number, facts.code]
    shown += [facts.organiser, facts.signer.position, "2 JP", "85,5", "Modul Kesatu", "90", "Lulus"]
    shown += ["1 sampai 23 November 2026", "23 November 2026", "Sah.", "1985**** ****** * 001"]
    assert [field for field in shown if field not in page.text] == []
    assert "198501012010012001" not in page.text.replace(" ", "")


def test_one_changed_byte_is_told(ani, guest, certificate):
    """Q15."""
    pdf = ani.get(f"/sertifikat/{certificate.public_id}.pdf").content
    assert "sama persis" in upload(guest, certificate, pdf).text
    middle = len(pdf) // 2
    forged = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    told = upload(guest, certificate, forged).text
    assert "bukan berkas yang kami terbitkan" in told
    assert "sama persis" not in told


def test_a_file_that_was_never_drawn_is_not_ours_and_none_is_asked_for(guest, certificate):
    assert "bukan berkas yang kami terbitkan" in upload(guest, certificate, b"%PDF-1.7").text
    nothing = guest.post(f"/verifikasi/{certificate.code}", {"file": "x"})
    assert (nothing.status_code, "Pilih berkas PDF" in nothing.text) == (422, True)


def test_a_revoked_certificate_shows_when_and_why(session, ani, dewi, guest, certificate):
    path = f"/kelola/sertifikat/{certificate.public_id}"
    assert dewi.post(f"{path}/cabut", {"reason": ""}).status_code == 422
    assert dewi.post(f"{path}/cabut", {"reason": "Data peserta salah."}).status_code == 303
    for visitor, address in (
        (guest, f"/verifikasi/{certificate.code}"),
        (ani, "/capaian"),
        (dewi, path),
    ):
        page = visitor.get(address).text
        assert "Dicabut pada" in page
        assert "Data peserta salah." in page
        assert "Sah." not in page
    assert ani.get(f"/sertifikat/{certificate.public_id}.pdf").status_code == 409
    assert dewi.post(f"{path}/cabut", {"reason": "Sekali lagi."}).status_code == 409
    entry = session.scalars(select(AuditEntry).filter_by(action="certificate.revoked")).one()
    assert entry.reason == "Data peserta salah."


def test_a_revoked_certificate_is_not_issued_again(session, dewi, certificate, now):
    revoke(session, dewi.actor, certificate.public_id, "Data peserta salah.", now)
    assert issue(session, SYSTEM, certificate.enrolment_id, now).number == certificate.number
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_only_the_regency_admin_sees_and_revokes(session, ani, budi, citra, dewi, certificate, now):
    for visitor in (ani, budi, citra):
        assert visitor.get("/kelola/sertifikat").status_code == 403
        assert visitor.get(f"/kelola/sertifikat/{certificate.public_id}").status_code == 403
        path = f"/kelola/sertifikat/{certificate.public_id}/cabut"
        assert visitor.post(path, {"reason": "Data salah."}).status_code == 403
        with pytest.raises(Forbidden):
            revoke(session, visitor.actor, certificate.public_id, "Data salah.", now)
    assert dewi.get("/kelola/sertifikat/tidakada").status_code == 404


@pytest.mark.parametrize("words", ["", "ani con", "0001/2026", "1985 0101 201001 2 001"])
def test_the_admin_finds_by_name_number_and_nip(dewi, certificate, words):
    assert certificate.public_id in dewi.get("/kelola/sertifikat", params={"q": words}).text


def test_the_admin_finds_by_code_and_nothing_for_other_words(dewi, certificate):
    assert certificate.public_id in dewi.get("/kelola/sertifikat", params={"q": certificate.code}).text
    page = dewi.get("/kelola/sertifikat", params={"q": "100%_"}).text
    assert certificate.public_id not in page
    assert "Tidak ada sertifikat yang cocok." in page


def test_wrong_codes_are_told_and_counted_until_the_door_shuts(guest, certificate):
    """Q15."""
    assert guest.get("/verifikasi").status_code == 200
    for n in range(60):
        page = guest.get(f"/verifikasi/{n:016d}")
        assert page.status_code == 404
    assert "Kode tidak ditemukan. Periksa huruf O dan angka 0." in page.text
    shut = guest.get("/verifikasi", params={"kode": certificate.code})
    assert (shut.status_code, int(shut.headers["retry-after"]) > 0) == (429, True)
    assert certificate.number not in shut.text


def test_a_replacement_has_a_new_number_todays_facts_and_counts_no_jp_twice(
    session, ani, dewi, guest, certificate, now
):
    line = credit_course(session, SYSTEM, certificate.enrolment_id, now)
    path = f"/kelola/sertifikat/{certificate.public_id}/ganti"
    ani.person.name = "Ani Benar"
    session.commit()
    assert dewi.post(path, {"why": ""}).status_code == 422
    assert dewi.post(path, {"why": "Nama salah tulis."}).status_code == 303
    assert dewi.post(path, {"why": "Sekali lagi."}).status_code == 409
    session.expire_all()
    made = session.scalars(select(Certificate).filter_by(replaces_id=certificate.id)).one()
    assert (made.number, facts_of(made).name, made.valid) == ("BKPSDM/0002/2026", "Ani Benar", True)
    assert made.code != certificate.code
    told = guest.get(f"/verifikasi/{certificate.code}").text
    assert "Dicabut, diganti oleh nomor BKPSDM/0002/2026." in told
    assert "Sah." in guest.get(f"/verifikasi/{made.code}").text
    assert ani.get(f"/sertifikat/{made.public_id}.pdf").status_code == 200
    assert ani.get(f"/sertifikat/{certificate.public_id}.pdf").status_code == 409
    # What was counted stays counted once, and whoever looks for the old number finds the new certificate.
    assert credit_course(session, SYSTEM, certificate.enrolment_id, now).id == line.id
    assert session.scalar(select(func.count()).select_from(LedgerLine)) == 1
    assert my_certificate_numbered(session, ani.actor, certificate.number).number == made.number
    assert made.number in ani.get(f"/capaian/myasn/{line.public_id}").text
    assert issue(session, SYSTEM, certificate.enrolment_id, now).id == made.id
    # The replacement may be replaced in turn, also after it was revoked.
    revoke(session, dewi.actor, made.public_id, "Masih salah.", now)
    assert reissue(session, dewi.actor, made.public_id, "Masih salah.", now).number == "BKPSDM/0003/2026"
    assert session.scalar(select(func.count()).select_from(Certificate).where(Certificate.revoked_at.is_(None))) == 1


def test_two_admins_replace_one_certificate_once(own_database, now):
    with own_database.write() as session:
        people = world.cast(session)
        old = issue(session, SYSTEM, completed(session, people.ani, world.a_course(session), now).id, now).public_id
        admin = actor_for(session, people.dewi.id)
        session.commit()

    def replace(_n):
        with own_database.write() as session:
            try:
                reissue(session, admin, old, "Nama salah tulis.", now)
            except Conflict:
                return "refused"
            session.commit()
            return "made"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(replace, range(6))) == ["made"] + ["refused"] * 5
    with own_database.read() as session:
        numbers = sorted(session.scalars(select(Certificate.number)))
    assert numbers == ["BKPSDM/0001/2026", "BKPSDM/0002/2026"]
