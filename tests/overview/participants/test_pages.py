"""Screen 23: who lags behind, which questions tell nothing, and reminders that really go out."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.overview.participants import jobs
from elearn.teaching.questions.models import QuestionVersion
from tests import world


@pytest.fixture
def course(session, cast):
    """Two lessons and a quiz; Ani is late, Eko is done, ten others have not begun."""
    made = world.a_course(session, by=cast.budi)
    module = world.a_module(session, made)
    first = world.a_reading(session, module, "Satu")
    world.a_reading(session, module, "Dua")
    quiz = world.a_quiz(session, module, world.a_bank(session, made))
    ani = world.enrolled(session, cast.ani, made, due_on=date(2026, 1, 1), last_seen_at=world.THEN)
    eko = world.enrolled(session, cast.eko, made, completed_at=world.THEN, completed_jp=2, last_seen_at=world.THEN)
    for enrolment, activity, score in ((ani, first, None), (ani, quiz, 55.5), (eko, quiz, 90.0)):
        session.add(
            ActivityProgress(
                enrolment_id=enrolment.id,
                activity_id=activity.id,
                opened_at=world.THEN,
                last_seen_at=world.THEN,
                completed_at=None if score == 55.5 else world.THEN,
                score=score,
            )
        )
    for n in range(10):
        person = world.a_person(session, f"Baru {n} Contoh", f"19930101201501{n:04d}", cast.sekolah)
        person.email = f"baru-{n}@contoh.test" if n < 6 else None
        world.enrolled(session, person, made)
    session.commit()
    return made


def names(page):
    return re.findall(r'<th scope="row">([^<]+)', page.text)


def counts(page):
    chips = re.findall(r'class="e-chip[^>]*>([^<]+)</a>', page.text)
    return {chip.rsplit(" ", 1)[0].strip(): int(chip.rsplit(" ", 1)[1]) for chip in chips}


def test_each_state_has_its_people_and_its_number(course, budi):
    page = budi.get(f"/ajar/{course.slug}/peserta")
    assert counts(page) == {"Semua": 12, "Belum mulai": 10, "Sedang": 0, "Selesai": 1, "Terlambat": 1}
    assert names(budi.get(f"/ajar/{course.slug}/peserta?keadaan=terlambat")) == ["Ani Contoh"]
    assert names(budi.get(f"/ajar/{course.slug}/peserta?keadaan=selesai")) == ["Eko Contoh"]
    assert len(names(budi.get(f"/ajar/{course.slug}/peserta?keadaan=belum"))) == 10
    assert names(budi.get(f"/ajar/{course.slug}/peserta?unit=KES")) == ["Eko Contoh"]
    assert len(names(budi.get(f"/ajar/{course.slug}/peserta?unit=DIK"))) == 11
    assert names(budi.get(f"/ajar/{course.slug}/peserta?q=ani")) == ["Ani Contoh"]
    assert "Tidak ada peserta yang cocok" in budi.get(f"/ajar/{course.slug}/peserta?q=zzz").text
    assert budi.get(f"/ajar/{course.slug}/peserta?unit=PUP").status_code == 404


def test_a_row_tells_progress_and_scores(course, budi):
    page = budi.get(f"/ajar/{course.slug}/peserta?q=ani")
    assert "1 dari 3 langkah wajib" in page.text
    assert "Kuis Contoh: <b>55,5</b>" in page.text
    assert "3 dari 3 langkah wajib" in budi.get(f"/ajar/{course.slug}/peserta?q=eko").text


def test_a_course_without_participants_says_what_to_do(session, cast, budi):
    world.a_course(session, "sepi", by=cast.budi, state="draft")
    session.commit()
    assert "Terbitkan pelatihan ini" in budi.get("/ajar/sepi/peserta").text
    assert "belum punya kuis" in budi.get("/ajar/sepi/peserta/soal").text
    assert "Tidak ada yang perlu diingatkan" in budi.get("/ajar/sepi/peserta/pengingat").text


def test_only_those_who_see_reports_are_led_to_them(course, budi, dewi):
    assert "/laporan" not in budi.get(f"/ajar/{course.slug}/peserta").text
    assert f"/laporan?pelatihan={course.slug}" in dewi.get(f"/ajar/{course.slug}/peserta").text


def test_the_page_costs_the_same_number_of_statements_however_many_take_part(session, database, cast, course, budi):
    def statements():
        counted = []
        note = lambda *given: counted.append(given[2])  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            assert budi.get(f"/ajar/{course.slug}/peserta?unit=DIK&halaman=1").status_code == 200
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return [one for one in counted if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]

    few = statements()
    for n in range(60):
        person = world.a_person(session, f"Ramai {n} Contoh", f"19940101201501{n:04d}", cast.sekolah)
        world.enrolled(session, person, course)
    many = statements()
    assert len(few) == len(many) <= 8, many
    assert len(names(budi.get(f"/ajar/{course.slug}/peserta?halaman=3"))) == 22


def answered(session, course, quiz, person, points, score):
    """A first attempt with these points, question by question."""
    enrolment = world.enrolled(session, person, course)
    attempt = Attempt(
        public_id=new_id(),
        enrolment_id=enrolment.id,
        activity_id=quiz.id,
        person_id=person.id,
        number=1,
        seed="s",
        started_at=world.THEN,
        grace_seconds=0,
        release="never",
        shuffle_options=False,
        submitted_at=world.THEN,
        graded_at=world.THEN,
        score=score,
    )
    session.add(attempt)
    session.flush()
    versions = session.scalars(select(QuestionVersion.id).order_by(QuestionVersion.id)).all()
    session.add_all(
        AttemptQuestion(attempt_id=attempt.id, position=n, version_id=versions[n - 1], points=float(each))
        for n, each in enumerate(points, start=1)
    )


def test_a_question_that_only_the_weak_get_right_is_suspect(session, cast, course, budi):
    quiz = session.scalars(select(world.Activity).filter_by(kind="quiz")).one()
    for n in range(12):
        person = world.a_person(session, f"Penjawab {n} Contoh", f"19950101201501{n:04d}", cast.sekolah)
        strong = n >= 6
        answered(session, course, quiz, person, [strong, not strong, 1, n % 2], 80 if strong else 40)
    session.commit()
    page = budi.get(f"/ajar/{course.slug}/peserta/soal")
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>.*?</tr>", page.text, re.S)]
    told = {row.split("?")[0].strip()[:20]: html.unescape(row) for row in rows}
    assert any("Baik" in row and "50 %" in row for row in told.values())
    assert any("Periksa kuncinya" in row and "-1" in row for row in told.values())
    assert any("Semua menjawab sama" in row and "100 %" in row for row in told.values())
    assert budi.get(f"/ajar/{course.slug}/peserta/soal?kuis={quiz.public_id}").status_code == 200
    assert budi.get(f"/ajar/{course.slug}/peserta/soal?kuis=tidakada").status_code == 404


def test_a_reminder_is_a_text_that_names_nobody(session, course, budi):
    page = budi.get(f"/ajar/{course.slug}/peserta/pengingat?keadaan=terlambat")
    assert "Pengingat untuk 1 orang" in page.text
    copied = html.unescape(re.search(r'data-copy="([^"]*)"', page.text)[1])
    assert f"/pelatihan/{course.slug}" in copied
    assert "1 Januari 2026" in copied
    assert "Ani" not in copied
    everybody = budi.get(f"/ajar/{course.slug}/peserta/pengingat")
    assert "Pengingat untuk 11 orang" in everybody.text
    assert "Eko Contoh" not in everybody.text
    one = session.scalars(select(Enrolment.public_id).filter_by(course_id=course.id).order_by(Enrolment.id)).first()
    assert "Pengingat untuk 1 orang" in budi.get(f"/ajar/{course.slug}/peserta/pengingat?orang={one}").text


def test_without_a_mail_server_no_mail_is_offered(course, budi):
    assert "Kirim pengingat" not in budi.get(f"/ajar/{course.slug}/peserta/pengingat").text
    assert budi.post(f"/ajar/{course.slug}/peserta/pengingat").status_code == 409


class Post:
    """A mail server that keeps what it is given."""

    enabled = True

    def __init__(self):
        self.sent = []

    def send(self, to, subject, text):
        self.sent.append((to, subject, text))


def test_mails_go_to_everybody_once_a_week(session, database, course, budi, monkeypatch):
    post = Post()
    monkeypatch.setattr("elearn.overview.participants.actions.mailer", lambda: post)
    monkeypatch.setattr("elearn.overview.participants.pages.mailer", lambda: post)
    monkeypatch.setattr("elearn.overview.participants.jobs.mailer", lambda: post)
    page = budi.get(f"/ajar/{course.slug}/peserta/pengingat?keadaan=belum")
    assert "6 dari 10 orang" in page.text
    asked = budi.post(f"/ajar/{course.slug}/peserta/pengingat", {"keadaan": "belum"})
    assert asked.status_code == 303
    job = session.scalars(select(Job).filter_by(kind="participants.remind")).one()
    progress = Progress(None, database.write, lambda: datetime.now(UTC), lambda: False)
    progress.owner_id = job.owner_id
    told = jobs.remind(progress, **job.arguments)
    assert sorted(to for to, _subject, _text in post.sent) == [f"baru-{n}@contoh.test" for n in range(6)]
    assert all(f"/pelatihan/{course.slug}" in text for _to, _subject, text in post.sent)
    assert told["lines"] == ["Terkirim: 6"]
    again = budi.post(f"/ajar/{course.slug}/peserta/pengingat", {"keadaan": "belum"})
    assert again.status_code == 409
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.reminded_at.is_not(None))):
        enrolment.reminded_at = datetime.now(UTC) - timedelta(days=7)
    session.commit()
    assert budi.post(f"/ajar/{course.slug}/peserta/pengingat", {"keadaan": "belum"}).status_code == 303
