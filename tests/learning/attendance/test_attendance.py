"""Sessions, checking in, lists, files, corrections and calendars."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier

import pypdfium2
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import func, select

from elearn.foundation.clock import start_of, wib_date
from elearn.foundation.settings import settings
from elearn.learning.attendance import actions
from elearn.learning.attendance.forms import ListWish
from elearn.learning.attendance.models import Attendance, ClassSession
from elearn.learning.attendance.rules import Attended, by_day, code_at, code_fits, step_of
from elearn.learning.cohorts.models import Cohort, Participant, ParticipantDay
from elearn.learning.cohorts.taken import held_in
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from tests import academy, world

pytestmark = pytest.mark.usefixtures("morning")
DAY = wib_date(world.MORNING)
STARTS = start_of(DAY) + timedelta(hours=8)


@pytest.fixture
def cohort(session, cast):
    made = academy.a_cohort(session, world.a_course(session, by=cast.budi), least_attendance=80)
    session.commit()
    return made


@pytest.fixture
def meeting(session, cohort):
    made = academy.a_session(session, cohort, DAY)
    session.commit()
    return made


@pytest.fixture
def who(session, cast, cohort):
    made = academy.joined(session, cast.ani, cohort)
    session.commit()
    return made


def code(meeting, moment):
    return code_at(settings().secret_key, meeting, step_of(moment))


def form(**fields):
    day = (DAY + timedelta(days=1)).isoformat()
    return {"title": "Hari kedua", "day": day, "starts": "08:00", "ends": "10:00", **fields}


def rows(session):
    return session.scalars(select(Attendance).execution_options(populate_existing=True)).all()


def test_a_session_is_planned_changed_and_removed(budi, gilang, session, cohort, meeting, who):
    here = f"/kelola/angkatan/{cohort.public_id}/sesi"
    assert gilang.post(here, form()).status_code == 404
    assert budi.post(here, form(ends="08:00")).status_code == 422
    outside = budi.post(here, form(day=(DAY + timedelta(days=400)).isoformat()))
    assert "Di luar tanggal angkatan" in outside.text
    assert budi.post(here, form()).status_code == 303
    session.refresh(cohort)
    assert cohort.sessions == 2
    second = session.scalar(select(ClassSession).filter_by(title="Hari kedua"))
    clash = budi.post(f"/kelola/sesi/{second.public_id}/ubah", form(day=DAY.isoformat(), starts="09:00", ends="11:00"))
    assert clash.status_code == 303
    assert "juga dipakai pada jam itu" in budi.get(here).text
    # The class does not leave its sessions behind.
    moved = {
        "name": cohort.name,
        "form_code": "KL03",
        "starts_on": (DAY + timedelta(days=3)).isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
        "revision": cohort.revision,
    }
    refused = budi.post(f"/kelola/angkatan/{cohort.public_id}/ubah", moved)
    assert "di luar tanggal angkatan" in refused.text
    assert budi.post(f"/kelola/sesi/{second.public_id}/hapus").status_code == 303
    session.refresh(cohort)
    assert cohort.sessions == 1


def test_a_copied_class_takes_its_sessions_along(budi, session, cohort, meeting):
    later = cohort.starts_on + timedelta(days=7)
    budi.post(f"/kelola/angkatan/{cohort.public_id}/salin", {"starts_on": later.isoformat()})
    twin = session.scalar(select(Cohort).where(Cohort.id != cohort.id))
    copied = session.scalar(select(ClassSession).filter_by(cohort_id=twin.id))
    assert copied.starts_at == meeting.starts_at + timedelta(days=7)
    assert copied.nonce != meeting.nonce
    assert twin.sessions == 1


def test_a_code_in_the_room_checks_in_once_and_only_while_it_is_shown(ani, eko, budi, session, cohort, meeting, who):
    here = f"/hadir/{meeting.public_id}"
    with time_machine.travel(STARTS + timedelta(minutes=3), tick=False):
        shown = budi.get(f"/kelola/sesi/{meeting.public_id}/layar")
        assert code(meeting, STARTS + timedelta(minutes=3)) in shown.text
        assert 'http-equiv="refresh"' in shown.text
        assert "<svg" in shown.text
        poll = f"/kelola/sesi/{meeting.public_id}/layar/kode?langkah="
        assert budi.get(f"{poll}{step_of(datetime.now(UTC))}").status_code == 204
        assert code(meeting, datetime.now(UTC)) in budi.get(f"{poll}1").text
        # Who scans it without being in the class hears what to do, the same for a session that is none.
        for unknown in (here, "/hadir/tidakada"):
            for refused in (eko.get(unknown), eko.post(unknown, {"code": "ABC-123"})):
                assert refused.status_code == 404
                assert "belum tercatat sebagai peserta kegiatan ini" in refused.text
        assert "Saya hadir" in ani.get(f"{here}?kode={code(meeting, datetime.now(UTC))}").text
        old = ani.post(here, {"code": code(meeting, STARTS - timedelta(days=1))})
        assert old.status_code == 422
        assert "tidak cocok atau sudah lewat" in old.text
        # The projector's clock is four minutes slow, and the letters are typed as they look.
        typed = code(meeting, STARTS - timedelta(minutes=1)).lower().replace("-", " ").replace("0", "o")
        assert ani.post(here, {"code": typed}).headers["location"] == "/jadwal"
        assert ani.post(here, {"code": typed}).status_code == 303
        assert "Hadir" in ani.get("/jadwal").text
    assert [(row.participant_id, row.way) for row in rows(session)] == [(who.id, "qr")]
    day = session.scalar(select(ParticipantDay))
    assert (day.day, day.minutes, day.sessions) == (DAY, 120, 1)
    held = held_in(session, who.enrolment_id)
    assert (held.by_day, held.days) == ({DAY: 120}, 1)


def test_before_and_after_it_is_said_when(ani, guest, session, meeting, who):
    here = f"/hadir/{meeting.public_id}"
    with time_machine.travel(STARTS - timedelta(minutes=16), tick=False):
        assert "Presensi dibuka 15 menit sebelum sesi" in ani.get(here).text
        assert ani.post(here, {"code": code(meeting, STARTS)}).status_code == 422
    with time_machine.travel(STARTS + timedelta(hours=2, minutes=31), tick=False):
        assert "ditutup" in ani.get(here).text
        assert ani.post("/jadwal/hadir", {"code": code(meeting, datetime.now(UTC))}).status_code == 422
    assert rows(session) == []
    target = guest.get(f"{here}?kode=ABC-123").headers["location"]
    assert "hadir" in target
    assert "ABC-123" in target


def test_a_typed_code_finds_its_session_and_guessing_ends(ani, session, meeting, who):
    with time_machine.travel(STARTS + timedelta(minutes=20), tick=False):
        for _n in range(10):
            assert ani.post("/jadwal/hadir", {"code": "AAA-AAA"}).status_code == 422
        right = code(meeting, datetime.now(UTC))
        assert "Terlalu banyak percobaan" in ani.post("/jadwal/hadir", {"code": right}).text
        assert rows(session) == []
    with time_machine.travel(STARTS + timedelta(minutes=40), tick=False):
        assert ani.post("/jadwal/hadir", {"code": code(meeting, datetime.now(UTC))}).status_code == 303
    assert [row.way for row in rows(session)] == ["code"]


def test_the_list_is_taken_in_once_and_a_correction_keeps_its_history(budi, ani, session, cohort, meeting, who):
    here = f"/kelola/sesi/{meeting.public_id}"
    assert ani.post(f"{here}/hadir", {"present": [who.public_id]}).status_code == 404
    for _twice in range(2):
        assert budi.post(f"{here}/hadir", {"present": [who.public_id], "sheet": "1"}).status_code == 303
    assert [row.way for row in rows(session)] == ["sheet"]
    assert budi.post(f"{here}/koreksi/{who.public_id}", {"present": "0"}).status_code == 422
    wrong = {"present": "0", "reason": "Tanda tangan orang lain."}
    assert budi.post(f"{here}/koreksi/{who.public_id}", wrong).status_code == 303
    assert [row.present for row in rows(session)] == [False]
    session.refresh(who)
    assert who.attended == 0
    assert session.scalar(select(func.count()).select_from(ParticipantDay)) == 0
    entry = session.scalars(select(AuditEntry).filter_by(action="attendance.corrected")).one()
    assert (entry.before["present"], entry.after["present"], entry.reason) == (True, False, wrong["reason"])
    # A list that is sent again does not overrule the correction.
    budi.post(f"{here}/hadir", {"present": [who.public_id]})
    assert [row.present for row in rows(session)] == [False]
    assert "Kehadiran 0 % dari paling sedikit 80 %" in budi.get(f"/kelola/angkatan/{cohort.public_id}").text
    assert budi.post(f"{here}/hapus").status_code == 409
    assert "Tanda tangan" in budi.get(f"{here}/lembar").text


def test_nobody_was_at_a_session_of_a_day_that_is_still_to_come(budi, session, cohort, meeting, who):
    here = f"/kelola/sesi/{meeting.public_id}"
    with time_machine.travel(STARTS - timedelta(hours=9), tick=False):
        refused = budi.post(f"{here}/hadir", {"present": [who.public_id]})
        assert (refused.status_code, "Sesi ini baru berlangsung" in refused.text) == (422, True)
        assert f'value="{who.public_id}" checked' in refused.text
        refused = budi.post(f"{here}/koreksi/{who.public_id}", {"present": "1", "reason": "Ia hadir."})
        assert (refused.status_code, "Sesi ini baru berlangsung" in refused.text) == (422, True)
        assert budi.post(f"{here}/berkas", {"participants": who.public_id}).status_code == 409
    assert rows(session) == []
    assert budi.post(f"{here}/hadir", {"present": []}).status_code == 303
    assert "Tidak ada yang dicentang" in budi.get(here).text


def test_the_sheet_is_a_pdf_as_well_and_whoever_takes_either_is_noted(budi, eko, session, cast, cohort, meeting, who):
    cast.ani.name = "Ani " + "Kusumanegara Wicaksono " * 4
    names = [f"Peserta Contoh {n:02d}" for n in range(40)]
    for n, name in enumerate(names):
        academy.joined(session, world.a_person(session, name, nip=f"19900101201001{n:04d}"), cohort)
    session.commit()
    here = f"/kelola/sesi/{meeting.public_id}"
    assert eko.get(f"{here}/lembar.pdf").status_code == 404
    assert f"{here}/lembar.pdf" in budi.get(f"{here}/lembar").text
    pdf = pypdfium2.PdfDocument(budi.get(f"{here}/lembar.pdf").content)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    assert len(pages) == 2
    assert all("Tanda tangan" in page and "Daftar hadir" in page for page in pages), "the heads stand on each page"
    assert [name for name in names if name not in " ".join(pages)] == []
    assert pages[0].count("Peserta Contoh") >= 25
    taken = select(AuditEntry).filter_by(action="session.sheet_taken").order_by(AuditEntry.id)
    assert [
        (each.actor_id, each.object_id, each.after["format"], each.after["people"]) for each in session.scalars(taken)
    ] == [
        (budi.person.id, meeting.public_id, "halaman", 41),
        (budi.person.id, meeting.public_id, "pdf", 41),
    ]


def test_a_file_is_checked_before_anything_is_noted(budi, eko, session, meeting, who):
    here = f"/kelola/sesi/{meeting.public_id}"
    nip = "198501012010012001"
    table = f"No;NIP\n1;{nip}\n2;{nip}\n3;{eko.person.nip}\n4;123\n".encode()
    checked = budi.post(f"{here}/unggah", files={"file": ("hadir.csv", BytesIO(table), "text/csv")})
    assert checked.status_code == 200
    assert "muncul lebih dari sekali" in checked.text
    assert "bukan peserta angkatan ini" in checked.text
    assert "Baris 5" in checked.text
    assert rows(session) == []
    assert budi.post(f"{here}/berkas", {"participants": who.public_id}).status_code == 303
    assert [row.way for row in rows(session)] == ["file"]
    # Who was corrected to absent is not promised to be noted, and no row is dropped without a word.
    wrong = {"present": "false", "reason": "Pulang sebelum mulai."}
    assert budi.post(f"{here}/koreksi/{who.public_id}", wrong).status_code == 303
    again = budi.post(f"{here}/unggah", files={"file": ("hadir.csv", BytesIO(table), "text/csv")}).text
    assert "sudah dikoreksi tidak hadir" in again
    assert "Tidak ada yang perlu dicatat" in again
    long = b"NIP\n" + b"123\n" * 5_001
    much = budi.post(f"{here}/unggah", files={"file": ("hadir.csv", BytesIO(long), "text/csv")})
    assert "lebih dari 5000 baris" in much.text
    bad = budi.post(f"{here}/unggah", files={"file": ("x.csv", BytesIO(b"Nama;Unit\nAni;SD\n"), "text/csv")})
    assert bad.status_code == 422
    assert "kolom NIP" in bad.text


def test_lists_sent_at_once_count_each_person_once(own_database):
    with own_database.write() as session:
        people = world.cast(session)
        cohort = academy.a_cohort(session, world.a_course(session, by=people.budi))
        meetings = [academy.a_session(session, cohort, DAY, starts).id for starts in (8, 13)]
        who = academy.joined(session, people.ani, cohort)
        session.commit()
        public_id, budi = who.public_id, people.budi.id
    ready = Barrier(4)

    def send(n):
        with own_database.read() as reading:
            actor = actor_for(reading, budi)
        ready.wait()
        with own_database.write() as session:
            meeting = session.get_one(ClassSession, meetings[n % 2])
            meeting.cohort = session.get_one(Cohort, meeting.cohort_id)
            actions.note_list(session, actor, meeting, ListWish(present=[public_id]), world.MORNING)
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    with own_database.read() as session:
        assert session.scalar(select(func.count(Attendance.id))) == 2
        assert session.scalar(select(Participant.attended)) == 2
        assert session.scalar(select(ParticipantDay.minutes)) == 240


def test_the_calendar_is_for_who_has_its_address_and_can_be_renewed(ani, guest, session, cohort, meeting, who):
    cohort.name = "Angkatan; dengan, tanda\\ dan nama yang sangat panjang " + "é" * 60
    session.commit()
    assert ani.post("/jadwal/kalender").status_code == 303
    page = ani.get("/jadwal").text
    address = page.split('data-copy="')[1].split('"')[0]
    path = "/" + address.split("/", 3)[3]
    answer = guest.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert str(event["summary"]) == f"Pembukaan Contoh ({cohort.name})"
    assert event.decoded("dtstart") == meeting.starts_at
    assert str(event["location"]) == "Aula Contoh"
    one = ani.get(f"/angkatan/{cohort.public_id}/jadwal.ics")
    assert len(Calendar.from_ical(one.content).walk("VEVENT")) == 1
    ani.post("/jadwal/kalender")
    assert guest.get(path).status_code == 404


def test_a_code_is_good_for_five_minutes_either_way():
    shown = ClassSession(nonce="contoh")
    now = datetime(2026, 11, 28, 1, 0, 10, tzinfo=UTC)
    for minutes, fits in ((-6, False), (-5, True), (0, True), (5, True), (6, False)):
        assert code_fits("k", shown, code_at("k", shown, step_of(now + timedelta(minutes=minutes))), now) is fits
    assert not code_fits("k", ClassSession(nonce="lain"), code_at("k", shown, step_of(now)), now)


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 300)), max_size=12))
def test_time_that_two_sessions_share_counts_once(meetings):
    start = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
    attended = [
        Attended(start + timedelta(minutes=begin), start + timedelta(minutes=begin + length))
        for begin, length in meetings
    ]
    days = by_day(attended)
    covered = {minute for begin, length in meetings for minute in range(begin, begin + length)}
    assert sum(minutes for minutes, _n in days.values()) == len(covered)
    assert sum(n for _minutes, n in days.values()) == len(meetings)
