"""The demo's short course, which its learner has completed, so that some of its questions come back today.

Plainly fictitious, and taken by the same actions as everybody takes a course.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.quizzes.models import Quiz
from elearn.activities.readings.models import Reading
from elearn.demo.attempts import take_quiz
from elearn.demo.people import acting
from elearn.foundation.ids import new_id
from elearn.learning.enrolment.actions import enrol
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.questions.actions import write_question
from elearn.teaching.questions.models import QuestionBank
from elearn.teaching.questions.text import parse

SHORT_COURSE = "sandi-dan-surel-contoh"
_SUMMARY = "Sandi yang kuat, surel palsu, dan layar yang ditinggal."
_COMPLETED = timedelta(days=6)

_LESSON = """## Tiga kebiasaan

Kata sandi yang **panjang** lebih kuat daripada yang rumit. Satu akun, satu kata sandi.

Surel palsu sering **mendesak**: akun akan ditutup hari ini, klik sekarang. Tanyakan lewat jalur lain.

Layar dikunci setiap kali meja ditinggal, walau hanya sebentar.
"""

_QUESTIONS = """? Kata sandi mana yang paling kuat?
* tiga payung biru di halte -- Panjang dan mudah diingat.
- P@55w0rd -- Pendek, dan polanya sudah dikenal.
- tanggal lahir sendiri -- Mudah dicari orang lain.
topik: sandi

? Satu kata sandi boleh dipakai untuk semua akun dinas.
jawaban: salah
topik: sandi
pembahasan: Satu kebocoran lalu membuka semua akun.

? Mana yang biasa ada pada surel palsu?
* Desakan waktu -- Orang yang terburu-buru lupa memeriksa.
* Alamat pengirim yang mirip aslinya -- Perhatikan huruf yang tertukar.
- Nomor surat yang lengkap -- Ini dapat ada pada keduanya.
topik: surel

? Anda ragu pada surel dari atasan yang meminta data. Apa langkah pertama?
* Menanyakannya lewat telepon -- Jalur lain tidak ikut dipalsukan.
- Membalas surel itu -- Balasannya sampai kepada pemalsu.
- Mengirim sebagian datanya -- Sebagian pun sudah bocor.
topik: surel

? Meja ditinggal lima menit. Layar perlu dikunci.
jawaban: benar
topik: layar
pembahasan: Lima menit cukup untuk mengirim surel atas nama Anda.
"""


def load_reviews(session: Session, now: datetime) -> None:
    """The course, and who completed it; nothing happens when it is there already."""
    if session.scalar(select(Course.id).filter_by(slug=SHORT_COURSE)) is not None:
        return
    learner, then = acting(session, "learner"), now - _COMPLETED
    reading, quiz = _course(session, then - timedelta(days=60))
    course = session.get_one(Course, reading.course_id)
    enrolment = enrol(session, learner, course, then)
    read = Evidence(seconds=reading.minutes * 60, seen_to_end=True)
    record_evidence(session, learner, enrolment, reading, Evidence(), then)
    record_evidence(session, learner, enrolment, reading, read, then + timedelta(minutes=reading.minutes))
    take_quiz(session, learner, quiz.public_id, then + timedelta(hours=1))


def _course(session: Session, then: datetime) -> tuple[Activity, Activity]:
    """A published course with one lesson and its quiz."""
    course = Course(
        slug=SHORT_COURSE,
        title="Sandi dan Surel yang Aman (contoh)",
        summary=_SUMMARY,
        outcomes=["Memilih kata sandi yang kuat.", "Mengenali surel palsu."],
        organiser="BKPSDM Contoh",
        state="published",
        minutes=45,
        created_at=then,
        published_at=then,
    )
    session.add(course)
    session.flush()
    module = Module(public_id=new_id(), course_id=course.id, key="m1", title="Sehari-hari di kantor", position=1)
    session.add(module)
    session.flush()
    facts = {"course_id": course.id, "module_id": module.id}
    reading = Activity(
        public_id=new_id(), key="kebiasaan", kind="reading", title="Tiga kebiasaan", position=1, minutes=30, **facts
    )
    quiz = Activity(
        public_id=new_id(),
        key="kuis",
        kind="quiz",
        title="Kuis: sandi dan surel",
        position=2,
        minutes=15,
        completion="passed",
        **facts,
    )
    bank = QuestionBank(public_id=new_id(), course_id=course.id, key="kuis", name="Kuis: sandi dan surel")
    session.add_all([reading, quiz, bank])
    session.flush()
    session.add(Reading(activity_id=reading.id, source=_LESSON, saved_at=then))
    session.add(Quiz(activity_id=quiz.id, pass_mark=70, draws=[{"bank": bank.id, "all": True}]))
    for position, draft in enumerate(parse(_QUESTIONS).drafts, start=1):
        write_question(session, Actor.system("demo"), bank, draft, then, current=None, position=position)
    session.flush()
    return reading, quiz
