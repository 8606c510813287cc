"""The demo's past: three earlier courses and who completed them in fourteen months, so that reports say something.

Plainly fictitious, and the same each time. People of some units were more eager than others, as it is.
"""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.readings.models import Reading
from elearn.demo.people import ACCOUNTS
from elearn.foundation.clock import WIB
from elearn.foundation.ids import new_id
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.actions import issue
from elearn.recognition.designs.actions import save_logo, save_template
from elearn.recognition.designs.design import Logo
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.designs.pictures import on_paper
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.numbering.actions import save_scheme
from elearn.recognition.numbering.forms import SchemeWish
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.delivery.models import E_LEARNING

_GUIDED = "pelayanan-prima-contoh"
_COURSES = (
    ("pengantar-kearsipan-contoh", "Pengantar Kearsipan (contoh)", 225, "Arsip dinamis: dibuat, dipakai, disimpan."),
    ("keamanan-informasi-contoh", "Keamanan Informasi untuk Pegawai (contoh)", 135, "Sandi, surel palsu, dan data."),
    # Guided by its organiser, so that no day caps it.
    (_GUIDED, "Pelayanan Prima Jarak Jauh (contoh)", 810, "Melayani warga dari dekat dan dari jauh."),
)
# Of ten people who work there, so many have completed a course; the rest of the units: four.
_EAGER = {"BKP": 9, "DIK.SD1": 8, "DIK.SD2": 5, "KES.PKM1": 7, "KOM": 9, "INS": 6, "DIK.SMP1": 2, "KEC": 1}
LONGEST_LESSON = 75
LONGEST_BY_ONESELF = 500
# In which month before now they did it: after the new year and before its end more than in between.
_MONTHS = (13, 12, 12, 11, 10, 9, 9, 8, 7, 6, 6, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1, 0)


def load_history(session: Session, now: datetime) -> None:
    """The earlier courses and their completions; nothing happens when they are there already."""
    if session.scalar(select(Course.id).filter_by(slug=_COURSES[0][0])) is not None:
        return
    _designed(session, now - timedelta(days=430))
    people = session.execute(
        select(Person, Unit.code).join(Unit, Unit.id == Person.unit_id).where(Person.activated_at.is_not(None))
    ).all()
    for which, (slug, title, minutes, summary) in enumerate(_COURSES):
        lessons = _course(session, slug, title, minutes, summary, now - timedelta(days=430))
        for n, (person, code) in enumerate(sorted(people, key=lambda row: row[0].nip or "")):
            # Who visitors sign in as has not reached the year's JP yet.
            if slug == _GUIDED and person.nip == ACCOUNTS[0].nip:
                continue
            if (n * 7 + which * 3) % 10 < _EAGER.get(code, 4):
                months = _MONTHS[(n * 5 + which * 9) % len(_MONTHS)]
                score = 71 + (n * 11 + which * 5) % 29
                # Some hurried through in a day, which is worth less than a day for each lesson.
                _completed(session, person, lessons, _moment(now, months, n), score, hurried=n % 4 == 0)


def _designed(session: Session, then: datetime) -> None:
    """How this organiser numbers its certificates, and what they say."""
    actor, organiser = Actor.system("demo"), "BKPSDM Contoh"
    pattern = "800.2/{running:04}/{organiser_code}/{month_roman}/{year}"
    scheme = SchemeWish(name="Pelatihan BKPSDM", pattern=pattern, organiser_code="BKPSDM", organiser=organiser)
    save_scheme(session, actor, scheme, then)
    template = TemplateWish(
        name="Sertifikat pelatihan BKPSDM",
        organiser=organiser,
        title="Sertifikat",
        opening="diberikan kepada",
        closing="Diselenggarakan oleh {penyelenggara} pada {waktu}, setara {jp} JP, dengan nilai akhir {nilai}.",
        shown=["nip", "position", "unit", "score"],
        second_page=True,
        position="Kepala BKPSDM Contoh",
        signer="Bambang Misalkan",
        note="Contoh, tanpa tanda tangan elektronik",
    )
    made = save_template(session, actor, template, then)
    picture, media_type, (width, height) = on_paper(_emblem())
    key = new_key("png")
    store().put(key, [picture])
    logo = Logo(key=key, media_type=media_type, width=width, height=height, alt="Lambang Kabupaten Contoh")
    save_logo(session, actor, made, logo, then)


def _emblem() -> bytes:
    """A diamond in a shield; nobody's."""
    drawn = Image.new("RGBA", (380, 400), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    pen.polygon([(10, 10), (370, 10), (370, 240), (190, 390), (10, 240)], fill="#0d5b4a")
    pen.polygon([(190, 60), (290, 175), (190, 290), (90, 175)], fill="#e0a93b")
    out = io.BytesIO()
    drawn.save(out, "WEBP", lossless=True)
    return out.getvalue()


def _moment(now: datetime, months: int, n: int) -> datetime:
    """A working hour, some months before now."""
    day = (now - timedelta(days=30.4 * months + n % 19)).astimezone(WIB)
    return min(day.replace(hour=8 + n % 8, minute=n * 13 % 60), now - timedelta(minutes=n + 1))


def _course(session: Session, slug: str, title: str, minutes: int, summary: str, then: datetime) -> list[Activity]:
    """An archived course with lessons of at most 75 minutes, of which a summary is left to read."""
    course = Course(
        slug=slug,
        title=title,
        summary=summary,
        outcomes=[summary],
        organiser="BKPSDM Contoh",
        state="archived",
        minutes=minutes,
        form="NKL04" if minutes > LONGEST_BY_ONESELF else E_LEARNING,
        created_at=then,
        published_at=then,
    )
    session.add(course)
    session.flush()
    module = Module(public_id=new_id(), course_id=course.id, key="m1", title="Ringkasan", position=1)
    session.add(module)
    session.flush()
    lessons = [
        Activity(
            public_id=new_id(),
            course_id=course.id,
            module_id=module.id,
            key=f"ringkasan-{n}",
            kind="reading",
            title=f"Ringkasan bagian {n}",
            position=n,
            minutes=min(LONGEST_LESSON, minutes - begun),
        )
        for n, begun in enumerate(range(0, minutes, LONGEST_LESSON), start=1)
    ]
    session.add_all(lessons)
    session.flush()
    source = f"{summary}\n\nPelatihan contoh ini sudah selesai."
    session.add_all(Reading(activity_id=lesson.id, source=source, saved_at=then) for lesson in lessons)
    return lessons


def _completed(
    session: Session, person: Person, lessons: list[Activity], moment: datetime, score: float, *, hurried: bool
) -> None:
    course = session.get_one(Course, lessons[0].course_id)
    enrolment = Enrolment(
        public_id=new_id(),
        person_id=person.id,
        course_id=course.id,
        started_at=moment - timedelta(days=6),
        last_seen_at=moment,
        last_activity_id=lessons[-1].id,
        completed_at=moment,
        score=score,
        completed_jp=course.jp,
        completed_unit_id=person.unit_id,
    )
    session.add(enrolment)
    session.flush()
    for n, lesson in enumerate(reversed(lessons)):
        then = moment - timedelta(days=0 if hurried else n, minutes=n)
        session.add(
            ActivityProgress(
                enrolment_id=enrolment.id,
                activity_id=lesson.id,
                opened_at=then - timedelta(hours=1),
                last_seen_at=then,
                active_seconds=lesson.minutes * 60,
                place=1.0,
                seen_to_end_at=then,
                completed_at=then,
            )
        )
    session.flush()
    issue(session, Actor.system("demo"), enrolment.id, moment)
    credit_course(session, Actor.system("demo"), enrolment.id, moment)
