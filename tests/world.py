"""Plain builders for tests: one verb a line, no random data but ids."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.documents.models import Document
from elearn.activities.quizzes.models import Quiz
from elearn.activities.readings.models import Reading
from elearn.activities.recordings.models import Recording
from elearn.foundation.clock import start_of, utc_now, wib_date
from elearn.foundation.ids import new_id
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.permissions import OF_A_UNIT, Role
from elearn.people.accounts.models import Person, RoleGrant
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Activity, Course, CourseInstructor, Module
from elearn.teaching.materials.models import Material, MaterialPage
from elearn.teaching.questions.drafts import QuestionDraft, to_body
from elearn.teaching.questions.models import Question, QuestionBank, QuestionVersion
from elearn.teaching.questions.text import parse

THEN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)

LESSON = """::: kasus
Bu Rani menjadi Plt Kepala Dinas Contoh. Dua surat menunggu di mejanya.
:::

## Aturannya

Plt bekerja atas dasar **mandat**.

::: soal Putuskan dulu
? Surat mana yang boleh ditandatangani?
* Cuti tahunan -- Cuti tahunan adalah tugas rutin.
- Pemindahan pegawai -- Ini mengubah status kepegawaian.
:::

::: ingat
Plt menjaga kantor tetap berjalan.
:::
"""

QUESTIONS = """? Pejabat pengganti yang bekerja karena kepala dinas pensiun disebut apa?
id: plt
* Plt -- CANARY-WHY-plt
- Plh -- CANARY-WHY-plh
- Pjs -- CANARY-WHY-pjs
topik: wewenang/mandat
pembahasan: CANARY-EXPLAIN-plt

? Mana saja yang tidak boleh diputuskan Plt?
id: plt-larangan
* Organisasi -- CANARY-WHY-org
* Kepegawaian -- CANARY-WHY-peg
- Cuti tahunan -- CANARY-WHY-cuti
topik: wewenang/mandat

? Pada mandat, tanggung jawab tetap pada pemberi mandat.
id: mandat-tj
jawaban: benar
topik: wewenang/mandat
pembahasan: CANARY-EXPLAIN-tj

? Berapa hari kerja batas waktu keputusan bila peraturan diam?
id: batas
angka: 5
toleransi: 0
topik: keputusan/batas
pembahasan: CANARY-EXPLAIN-batas

? Pasangkan sumber wewenang dengan pemberinya.
id: pasang
= Atribusi => UUD 1945 atau undang-undang
= Delegasi => Pejabat yang lebih tinggi
topik: wewenang
pembahasan: CANARY-EXPLAIN-pasang
"""


# Seven on the day of the run: for tests that name days, which would else be other ones after midnight.
MORNING = start_of(wib_date(utc_now())) + timedelta(hours=7)


def today() -> date:
    """The local day on which a test runs; what a page shows depends on the clock."""
    return wib_date(utc_now())


@dataclass
class Cast:
    """Everybody, in the smallest tree that has a subtree and a neighbour."""

    kabupaten: Unit
    dinas: Unit
    sekolah: Unit
    kesehatan: Unit
    ani: Person
    budi: Person
    citra: Person
    dewi: Person
    eko: Person
    fitri: Person
    gilang: Person


def cast(session: Session) -> Cast:
    kabupaten = a_unit(session, "KAB", "Kabupaten Contoh", kind="instansi")
    dinas = a_unit(session, "DIK", "Dinas Pendidikan Contoh", kabupaten)
    sekolah = a_unit(session, "DIK.SD1", "SD Contoh", dinas, kind="sekolah")
    kesehatan = a_unit(session, "KES", "Dinas Kesehatan Contoh", kabupaten)
    people = Cast(
        kabupaten,
        dinas,
        sekolah,
        kesehatan,
        ani=a_person(session, "Ani Contoh", "198501012010012001", sekolah),
        budi=a_person(session, "Budi Contoh", "197902022005011002", kabupaten, Role.INSTRUCTOR),
        citra=a_person(session, "Citra Contoh", "198003032008012003", dinas, Role.OPD_ADMIN, scope=dinas),
        dewi=a_person(session, "Dewi Contoh", "197704042003122004", kabupaten, Role.REGENCY_ADMIN),
        eko=a_person(session, "Eko Contoh", "199005052015031005", kesehatan),
        fitri=a_person(session, "Fitri Contoh", "198806062012012006", kesehatan, Role.OPD_ADMIN, scope=kesehatan),
        gilang=a_person(session, "Gilang Contoh", "198107072006041007", kabupaten, Role.INSTRUCTOR),
    )
    session.commit()
    return people


def cast_again(session: Session) -> Cast:
    """The cast of a database that holds it already."""
    units = session.scalars(select(Unit).order_by(Unit.id).limit(4)).all()
    return Cast(*units, *session.scalars(select(Person).order_by(Person.id).limit(7)).all())


def a_unit(session: Session, code: str, name: str, parent: Unit | None = None, kind: str = "opd") -> Unit:
    unit = Unit(
        code=code,
        name=name,
        kind=kind,
        path="",
        parent_id=parent.id if parent else None,
        valid_from=date(2020, 1, 1),
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.flush()
    return unit


def a_person(
    session: Session,
    name: str,
    nip: str | None,
    unit: Unit | None = None,
    *roles: Role,
    scope: Unit | None = None,
) -> Person:
    person = Person(
        public_id=new_id(),
        nip=nip,
        name=name,
        unit_id=unit.id if unit else None,
        position="Guru Ahli Pertama",
        activated_at=THEN,
        created_at=THEN,
    )
    session.add(person)
    session.flush()
    for role in roles:
        unit_id = scope.id if scope and role in OF_A_UNIT else None
        session.add(RoleGrant(person_id=person.id, role=role, unit_id=unit_id, granted_at=THEN))
    session.flush()
    return person


def a_course(session: Session, slug: str = "etika-asn", *, by: Person | None = None, **fields: Any) -> Course:
    """A published course without content."""
    given: dict[str, Any] = {
        "title": "Etika ASN Contoh",
        "summary": "Pelatihan contoh.",
        "outcomes": ["Memilih tindakan yang tepat."],
        "state": "published",
        "minutes": 90,
        "published_at": THEN,
        **fields,
    }
    course = Course(slug=slug, created_at=THEN, **given)
    session.add(course)
    session.flush()
    if by is not None:
        session.add(CourseInstructor(course_id=course.id, person_id=by.id, added_at=THEN))
        session.flush()
    return course


def a_module(session: Session, course: Course, title: str = "Modul Contoh") -> Module:
    n = len(session.scalars(select(Module.id).where(Module.course_id == course.id)).all()) + 1
    module = Module(public_id=new_id(), course_id=course.id, key=f"m{n}", title=title, position=n)
    session.add(module)
    session.flush()
    return module


def an_activity(session: Session, module: Module, kind: str, title: str, **fields: Any) -> Activity:
    n = len(session.scalars(select(Activity.id).where(Activity.course_id == module.course_id)).all()) + 1
    course = session.get_one(Course, module.course_id)
    activity = Activity(
        public_id=new_id(),
        course_id=module.course_id,
        module_id=module.id,
        key=f"a{n}",
        kind=kind,
        title=title,
        position=n,
        **fields,
    )
    activity.course, activity.module = course, module
    session.add(activity)
    session.flush()
    return activity


def a_reading(session: Session, module: Module, title: str = "Plt Contoh", source: str = LESSON) -> Activity:
    activity = an_activity(session, module, "reading", title, minutes=10)
    session.add(Reading(activity_id=activity.id, source=source, saved_at=THEN))
    session.flush()
    return activity


def a_material(
    session: Session, course: Course, kind: str = "pdf", content: bytes = b"contoh", **fields: Any
) -> Material:
    """A stored file of a course; its bytes are what they are."""
    ending, media_type = {
        "pdf": ("pdf", "application/pdf"),
        "office": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "image": ("webp", "image/webp"),
        "video": ("mp4", "video/mp4"),
        "audio": ("mp3", "audio/mpeg"),
        "captions": ("vtt", "text/vtt"),
    }[kind]
    key = new_key(ending)
    stored = store().put(key, iter([content]))
    given: dict[str, Any] = {"file_name": f"berkas-{key[:4].replace('/', '')}.{ending}", **fields}
    material = Material(
        public_id=new_id(),
        course_id=course.id,
        kind=kind,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
        created_at=THEN,
        **given,
    )
    session.add(material)
    session.flush()
    return material


def a_page(session: Session, material: Material, number: int, text: str, picture: bytes = b"gambar") -> MaterialPage:
    key = new_key("webp")
    size = store().put(key, iter([picture])).size
    page = MaterialPage(
        material_id=material.id, number=number, storage_key=key, size=size, width=1000, height=1414, text=text
    )
    session.add(page)
    session.flush()
    return page


def a_document(
    session: Session, module: Module, title: str = "Pedoman Contoh", *texts: str, kind: str = "pdf"
) -> Activity:
    """A document whose PDF has a page for each text."""
    activity = an_activity(session, module, "document", title)
    material = a_material(session, activity.course, kind, page_count=len(texts), text="\n".join(texts))
    for number, text in enumerate(texts, start=1):
        a_page(session, material, number, text)
    session.add(Document(activity_id=activity.id, material_id=material.id))
    session.flush()
    return activity


def a_recording(
    session: Session,
    module: Module,
    title: str = "Video Contoh",
    *,
    kind: str = "video",
    content: bytes = b"0123456789",
    **fields: Any,
) -> Activity:
    activity = an_activity(session, module, "recording", title)
    material = a_material(session, activity.course, kind, content)
    session.add(Recording(activity_id=activity.id, material_id=material.id, **fields))
    session.flush()
    return activity


def a_bank(session: Session, course: Course, text: str = QUESTIONS, key: str = "bank") -> QuestionBank:
    """A question bank from question text."""
    bank = QuestionBank(public_id=new_id(), course_id=course.id, key=key, name=f"Bank {key}")
    session.add(bank)
    session.flush()
    for position, draft in enumerate(parse(text).drafts, start=1):
        a_question(session, bank, draft, position)
    return bank


def a_question(session: Session, bank: QuestionBank, draft: QuestionDraft, position: int = 1) -> QuestionVersion:
    question = Question(
        public_id=new_id(), bank_id=bank.id, key=draft.key or new_id(), topic=draft.topic, position=position
    )
    session.add(question)
    session.flush()
    version = QuestionVersion(
        question_id=question.id,
        number=1,
        kind=draft.kind,
        stem=draft.stem,
        body=to_body(draft),
        basis=draft.basis,
        weight=draft.weight,
        created_at=THEN,
    )
    session.add(version)
    session.flush()
    return version


def first_question(session: Session, bank: QuestionBank) -> Question:
    return session.scalars(select(Question).filter_by(bank_id=bank.id).order_by(Question.position)).first()


def a_quiz(session: Session, module: Module, bank: QuestionBank, title: str = "Kuis Contoh", **fields: Any) -> Activity:
    """A quiz that asks the whole bank; `fields` are columns of the quiz."""
    activity = an_activity(session, module, "quiz", title, minutes=10, completion="passed")
    given: dict[str, Any] = {"pass_mark": 70, "draws": [{"bank": bank.id, "all": True}], **fields}
    session.add(Quiz(activity_id=activity.id, **given))
    session.flush()
    return activity


def enrolled(session: Session, person: Person, course: Course, **fields: Any) -> Enrolment:
    enrolment = Enrolment(
        public_id=new_id(), person_id=person.id, course_id=course.id, **{"started_at": THEN, **fields}
    )
    session.add(enrolment)
    session.commit()
    return enrolment
