"""The JP account: what a completed course counts, what a correction does, and that no line is ever changed."""

from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError
from tests import academy, world

from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.audit.models import AuditEntry
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.queries import account_of, my_account, yearly_jp
from elearn.teaching.courses.models import Activity, Module

SYSTEM = Actor.system("tests")


def learned(session, person, course, days):
    """A completed enrolment whose activities were done on these days: {day: minutes}."""
    module = world.a_module(session, course)
    last = max(days)
    enrolment = world.enrolled(
        session,
        person,
        course,
        completed_at=at(last),
        completed_jp=course.minutes // 45,
        completed_unit_id=person.unit_id,
    )
    for n, (day, minutes) in enumerate(days.items()):
        activity = world.an_activity(session, module, "reading", f"Bacaan {n} {course.slug}", minutes=minutes)
        session.add(
            ActivityProgress(
                enrolment_id=enrolment.id,
                activity_id=activity.id,
                opened_at=at(day),
                last_seen_at=at(day),
                completed_at=at(day),
            )
        )
    session.commit()
    return enrolment


def at(day):
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def days_from(first, *minutes):
    return {first + timedelta(days=n): each for n, each in enumerate(minutes)}


MONDAY = date(2026, 11, 2)


def test_a_course_of_e_learning_counts_at_most_three_jp_a_day(session, cast, now):
    course = world.a_course(session, minutes=450)
    line = credit_course(session, SYSTEM, learned(session, cast.ani, course, days_from(MONDAY, 300, 150)).id, now)
    assert (line.jp_earned, line.jp_recognised, line.lost) == (10, 6, 4)
    assert {day.day: day.counted for day in session.scalars(select(LedgerDay))} == {
        MONDAY: 135,
        MONDAY + timedelta(days=1): 135,
    }


def test_the_same_course_as_guided_distance_training_has_no_daily_cap(session, cast, now):
    course = world.a_course(session, minutes=450, form="NKL04")
    line = credit_course(session, SYSTEM, learned(session, cast.ani, course, days_from(MONDAY, 450)).id, now)
    assert (line.jp_earned, line.jp_recognised) == (10, 10)


def test_two_courses_of_one_day_share_its_cap(session, cast, now):
    first, second = world.a_course(session, "satu", minutes=90), world.a_course(session, "dua", minutes=90)
    lines = [
        credit_course(session, SYSTEM, learned(session, cast.ani, course, days_from(MONDAY, 90)).id, now)
        for course in (first, second)
    ]
    assert [line.jp_recognised for line in lines] == [2, 1]


def test_minutes_that_make_no_whole_jp_are_left_to_other_learning_of_the_day(session, cast, now):
    lines = [
        credit_course(session, SYSTEM, learned(session, cast.ani, course, {MONDAY: course.minutes}).id, now)
        for course in (world.a_course(session, "satu", minutes=80), world.a_course(session, "dua", minutes=900))
    ]
    assert [(line.jp_earned, line.jp_recognised) for line in lines] == [(1, 1), (20, 2)]


def test_the_cap_is_each_persons_own(session, cast, now):
    course = world.a_course(session, minutes=135)
    for person in (cast.ani, cast.eko):
        learned_there = learned(
            session, person, world.a_course(session, f"kursus-{person.id}", minutes=135), {MONDAY: 135}
        )
        assert credit_course(session, SYSTEM, learned_there.id, now).jp_recognised == 3
    assert course.jp == 3


def test_a_course_counts_once(session, cast, now):
    enrolment = learned(session, cast.ani, world.a_course(session, minutes=90), {MONDAY: 90})
    assert credit_course(session, SYSTEM, enrolment.id, now) is credit_course(session, SYSTEM, enrolment.id, now)
    assert session.scalar(select(func.count(LedgerLine.id))) == 1


def test_an_unfinished_course_counts_nothing(session, cast, now):
    enrolment = world.enrolled(session, cast.ani, world.a_course(session))
    with pytest.raises(Conflict):
        credit_course(session, SYSTEM, enrolment.id, now)


def test_the_year_is_that_of_the_last_day_in_wib(session, cast, ani, now):
    course = world.a_course(session, minutes=45)
    enrolment = learned(session, cast.ani, course, {date(2026, 12, 31): 45})
    enrolment.completed_at = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    session.commit()
    line = credit_course(session, SYSTEM, enrolment.id, now)
    assert (line.year, line.ended_on) == (2027, date(2027, 1, 1))
    assert [yearly_jp(session, ani.actor, year, MONDAY).recognised for year in (2026, 2027)] == [0, 1]


def test_a_line_tells_all_that_it_was_decided_on(session, cast, now):
    course = world.a_course(session, minutes=90, organiser="BKPSDM Contoh", competency="manajerial")
    line = credit_course(session, SYSTEM, learned(session, cast.ani, course, {MONDAY: 90}).id, now)
    told = (line.title, line.organiser, line.competency, line.form_code, line.minutes, line.minutes_per_jp)
    assert told == (course.title, "BKPSDM Contoh", "manajerial", "NKL03", 90, 45)
    assert (line.unit_id, line.asn_kind, line.approved_by) == (cast.ani.unit_id, "PNS", None)


def test_a_transfer_moves_no_old_jp(session, cast, now):
    before = cast.ani.unit_id
    line = credit_course(session, SYSTEM, learned(session, cast.ani, world.a_course(session), {MONDAY: 90}).id, now)
    cast.ani.unit_id = cast.eko.unit_id
    session.commit()
    session.refresh(line)
    assert line.unit_id == before != cast.eko.unit_id


@pytest.fixture
def line(session, cast, now):
    """Nine JP earned on two days, six of them recognised."""
    course = world.a_course(session, minutes=405)
    return credit_course(session, SYSTEM, learned(session, cast.ani, course, days_from(MONDAY, 255, 150)).id, now)


def test_a_correction_is_a_new_line_with_who_and_why(session, dewi, line, now):
    made = correct(session, dewi.actor, line.public_id, Correction(jp=2, reason="Hanya hari pertama diikuti."), now)
    assert (made.jp_recognised, made.corrects_id, made.approved_by) == (-4, line.id, dewi.person.id)
    assert (line.jp_earned, line.jp_recognised) == (9, 6)
    entry = session.scalars(select(AuditEntry).filter_by(action="jp.corrected")).one()
    assert (entry.before, entry.after, entry.reason) == ({"recognised": 6}, {"recognised": 2}, made.reason)


def test_what_a_correction_takes_away_is_free_for_other_learning_of_that_day(session, cast, dewi, line, now):
    correct(session, dewi.actor, line.public_id, Correction(jp=3, reason="Hari kedua tidak diikuti."), now)
    tuesday = MONDAY + timedelta(days=1)
    other = world.a_course(session, "lain", minutes=135)
    assert credit_course(session, SYSTEM, learned(session, cast.ani, other, {tuesday: 135}).id, now).jp_recognised == 3
    with pytest.raises(Invalid, match="paling banyak 3 JP"):
        correct(session, dewi.actor, line.public_id, Correction(jp=6, reason="Keliru dibetulkan."), now)


def test_a_wrong_correction_is_taken_back_by_another(session, ani, dewi, line, now):
    correct(session, dewi.actor, line.public_id, Correction(jp=0, reason="Keliru orang, contoh."), now)
    correct(session, dewi.actor, line.public_id, Correction(jp=6, reason="Ternyata benar, contoh."), now)
    assert yearly_jp(session, ani.actor, 2026, MONDAY).recognised == 6
    assert len(my_account(session, ani.actor, 2026, MONDAY).lines) == 3


@pytest.mark.parametrize(
    ("jp", "reason", "field"), [(7, "Lebih dari batas.", "jp"), (6, "Tidak berubah.", "jp"), (2, " ", "reason")]
)
def test_a_correction_that_cannot_be_says_why(session, dewi, line, now, jp, reason, field):
    with pytest.raises(Invalid) as refused:
        correct(session, dewi.actor, line.public_id, Correction(jp=jp, reason=reason), now)
    assert field in refused.value.fields


def test_only_the_regencys_admin_corrects(session, citra, ani, line, now):
    for visitor in (citra, ani):
        with pytest.raises((Forbidden, NotFound)):
            correct(session, visitor.actor, line.public_id, Correction(jp=1, reason="Coba-coba saja."), now)


@pytest.mark.parametrize("table", [LedgerLine, LedgerDay])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_a_line(session, line, table, verb):
    change = update(table).values(minutes=1) if verb == "update" else delete(table)
    with pytest.raises(DatabaseError, match="never changed"), session.begin_nested():
        session.execute(change)


def test_of_a_pppk_the_year_is_capped_and_no_line_is(session, cast, ani, now):
    cast.ani.asn_kind = "PPPK"
    course = world.a_course(session, minutes=45 * 30, form="NKL04")
    credit_course(session, SYSTEM, learned(session, cast.ani, course, {MONDAY: 45 * 30}).id, now)
    jp = yearly_jp(session, ani.actor, 2026, MONDAY)
    assert (jp.earned, jp.counted, jp.recognised, jp.lost) == (30, 30, 24, 6)
    # Below the sums of the lines stands what the ceiling leaves, on the page and on paper.
    assert "Diakui setahun (batas PPPK)" in ani.get("/capaian?tahun=2026").text
    assert "Diakui setahun (batas PPPK) 24" in text_of(ani.get("/capaian/rekap.pdf?tahun=2026").content)


def test_a_head_sees_the_account_of_the_own_people_only(session, cast, citra, fitri, line):
    assert [each.id for each in account_of(session, citra.actor, cast.ani, 2026, MONDAY).lines] == [line.id]
    path = f"/opd/pegawai/{cast.ani.public_id}/jp"
    assert citra.get(path).status_code == 200
    assert fitri.get(path).status_code == 404


def test_completing_a_course_counts_it_with_its_certificate(session, app, ani, course_of_one, now):
    """Through the front door: the last activity is done, and certificate and JP are there."""
    enrolment, activity = course_of_one
    answer = ani.post(f"/belajar/{activity.public_id}/bacaan/selesai")
    assert answer.status_code == 303
    line = session.scalars(select(LedgerLine)).one()
    assert (line.key, line.person_id) == (f"course:{enrolment.public_id}", ani.person.id)
    assert line.evidence.startswith("BKPSDM/")
    page = ani.get("/capaian").text
    assert line.title in page
    assert line.evidence in page


@pytest.fixture
def course_of_one(session, cast):
    course = world.a_course(session, minutes=90)
    activity = world.a_reading(session, world.a_module(session, course))
    assert isinstance(activity, Activity)
    activity.minutes = 90
    return world.enrolled(session, cast.ani, course), activity


def test_the_correction_page_keeps_what_was_typed(dewi, line):
    path = f"/kelola/jp/{line.public_id}"
    refused = dewi.post(path, {"jp": "8", "reason": "Alasan yang tetap ada."})
    assert refused.status_code == 422
    assert "Alasan yang tetap ada." in refused.text
    assert "paling banyak 6 JP" in refused.text
    done = dewi.post(path, {"jp": "5", "reason": "Satu JP keliru, contoh."})
    assert done.status_code == 303
    assert "Satu JP keliru, contoh." in dewi.get(done.headers["location"]).text


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_the_recap_is_a_tagged_pdf_with_every_line_and_both_sums(session, ani, dewi, line, now):
    correct(session, dewi.actor, line.public_id, Correction(jp=5, reason="Satu JP keliru, contoh."), now)
    session.commit()
    answer = ani.get("/capaian/rekap.pdf?tahun=2026")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    told = text_of(answer.content)
    for words in (line.title, "Pembetulan: Satu JP keliru, contoh.", "5 JP diakui", "Kurang 15 JP", "Ani Contoh"):
        assert words in told
    assert "19850101 201001 2 001" in told
    assert "Satu JP 45 menit." in told
    assert "batas PPPK" not in told
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfaid:part" in answer.content
    same = dewi.get(f"/opd/pegawai/{ani.person.public_id}/jp.pdf?tahun=2026")
    assert text_of(same.content) == told
    assert dewi.get(f"/opd/pegawai/{dewi.person.public_id}/jp.pdf").status_code == 200
    # One line, of the other person's alone.
    noted = session.scalars(select(AuditEntry).filter_by(action="jp.recap_taken")).one()
    assert (noted.actor_id, noted.object_id) == (dewi.person.id, ani.person.public_id)
    assert noted.after == {"year": 2026, "people": 1}


def test_a_recap_of_an_empty_year_says_so(ani):
    assert "Belum ada JP yang tercatat" in text_of(ani.get("/capaian/rekap.pdf?tahun=2020").content)


def test_a_strange_name_still_gets_its_recap(session, ani, line):
    ani.person.name = "Ani 漢字 #[evil] *tebal*"
    session.commit()
    assert "#[evil] *tebal*" in text_of(ani.get("/capaian/rekap.pdf?tahun=2026").content)


def test_home_tells_how_much_of_the_days_cap_is_used(session, ani, course_of_one):
    _enrolment, activity = course_of_one
    assert "Hari ini 0 dari 3 JP." in ani.get("/").text
    other = world.a_reading(session, session.get_one(Module, activity.module_id), "Bacaan Kedua")
    activity.minutes = 140
    session.commit()
    ani.post(f"/belajar/{activity.public_id}/bacaan/selesai")
    page = ani.get("/").text
    assert "Hari ini 3 dari 3 JP." in page
    assert "Batas hari ini tercapai" in page
    assert other.public_id in page


def test_an_approval_taken_back_earns_nothing_and_approved_again_it_earns_once(session, cast, ani, dewi, now):
    """Also where a cap leaves nothing to recognise; what is taken back cannot be given by a correction."""

    def decided(deed, record):
        path = f"/persetujuan/sertifikat/{record.public_id}"
        wish = {"note": "Memang lain."} if deed == "setuju" else {"reason": "Keliru."}
        assert dewi.post(f"{path}/{deed}", wish).status_code == 303
        jp = yearly_jp(session, ani.actor, 2026, MONDAY)
        return jp.earned, jp.recognised

    day = {"form_code": "NKL03", "jp": 3, "started_on": MONDAY, "ended_on": MONDAY}
    first, second = (academy.a_record(session, cast.ani, number=f"EL-{n}", **day) for n in (1, 2))
    session.commit()
    assert decided("setuju", first) == (3, 3)
    assert decided("setuju", second) == (6, 3)
    assert decided("batal", second) == (3, 3)
    assert decided("setuju", second) == (6, 3)
    assert decided("batal", second) == (3, 3)
    assert decided("batal", first) == (0, 0)
    line = session.scalars(select(LedgerLine).filter_by(person_id=cast.ani.id).order_by(LedgerLine.id)).first()
    refused = dewi.post(f"/kelola/jp/{line.public_id}", {"jp": "2", "reason": "Contoh."})
    assert refused.status_code == 422
    assert "Putuskan lagi pengajuannya" in refused.text
    assert decided("setuju", first) == (3, 3)
    kept = select(LedgerLine).filter_by(person_id=cast.ani.id, source="correction").order_by(LedgerLine.id)
    found = [(each.jp_earned, each.jp_recognised) for each in session.scalars(kept)]
    assert found == [(-3, 0), (-3, 0), (-3, -3)]
