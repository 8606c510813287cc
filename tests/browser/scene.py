"""What the browser walks through: the demo and its course, one thing of each kind, and people who have nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import wiring
from elearn.activities.documents.models import Document
from elearn.activities.quizzes.actions import start, submit
from elearn.activities.quizzes.models import QuizAllowance
from elearn.activities.recordings.models import Recording
from elearn.activities.reviews import actions as reviews
from elearn.activities.reviews.models import Review
from elearn.demo import people as accounts
from elearn.demo import progress
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Role
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.organisation.models import Unit
from elearn.teaching.content.actions import sync_folder
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.materials.models import Material
from tests import belongings, world
from tests.teaching.materials import made


@dataclass(frozen=True)
class Scene:
    """Ids by name, as in the authorization matrix and some more; session tokens by who."""

    objects: dict[str, str]
    tokens: dict[str, str]


def build(session: Session, now: datetime, *, crowd: bool = False) -> Scene:
    """Fill an empty database. Gives what `screens` speaks of; `crowd` sends the demo's learners through its course."""
    wiring.connect()
    accounts.load_people(session, now)
    result = sync_folder(session, accounts.system(), progress.content_folder(), now)
    assert not result.problems, result.problems
    if crowd:
        progress.load_progress(session, now)
    cast = _cast(session)
    objects = belongings.of_everybody(session, cast)
    course = session.scalars(select(Course).filter_by(slug=objects["slug"])).one()
    objects |= _shown(session, course) | _taken(session, cast.ani, course, now) | _real(session, cast, now)
    objects["reviewed"] = _reviewed(session, cast.ani, now)
    objects["blank"] = world.a_course(session, "kosong", title="Pelatihan Kosong", state="draft", by=cast.budi).slug
    people = ("ani", "budi", "citra", "dewi", "eko", "fitri", "gilang")
    tokens = {name: start_session(session, Actor.system("tests"), getattr(cast, name), now) for name in people}
    session.commit()
    return Scene(objects, tokens)


def _cast(session: Session) -> world.Cast:
    """The demo's accounts, and three whose lists are empty. Gilang has a second factor."""
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    people = [session.scalars(select(Person).filter_by(nip=account.nip)).one() for account in accounts.ACCOUNTS]
    bare = world.a_unit(session, "KOS", "Dinas Tanpa Pegawai", units["KAB"])
    cast = world.Cast(
        *(units[code] for code in ("KAB", "DIK", "DIK.SD1", "KES")),
        ani=people[0],
        budi=people[1],
        citra=people[3],
        dewi=people[4],
        eko=world.a_person(session, "Eko Umpama", "199005052015031000", units["KES.PKM1"]),
        fitri=world.a_person(session, "Fitri Umpama", "198806062012012000", units["KES"], Role.OPD_ADMIN, scope=bare),
        gilang=world.a_person(session, "Gilang Umpama", "198107072006041000", units["KAB"], Role.INSTRUCTOR),
    )
    cast.gilang.totp_nonce, cast.gilang.totp_confirmed_at = "n" * 32, world.THEN
    return cast


def _shown(session: Session, course: Course) -> dict[str, str]:
    """A document with real pages, and a video with captions and transcript."""
    module = world.a_module(session, course, "Berkas dan Video")
    document = world.a_document(session, module, "Pedoman Tata Naskah Contoh")
    material = session.get_one(Material, session.get_one(Document, document.id).material_id)
    material.page_count = 2
    for number, text in enumerate(("Naskah dinas diberi nomor.", "Nomor disusun menurut klasifikasi."), start=1):
        world.a_page(session, material, number, text, made.picture("WEBP", (1000, 1414)))
    recording = world.a_recording(
        session,
        module,
        "Video: Alur Surat Keluar",
        content=made.mp4(b"vide", b"soun"),
        transcript="Selamat datang.\n\nSurat keluar diberi **nomor** sesudah ditandatangani.",
    )
    captions = world.a_material(session, course, "captions", made.VTT)
    session.get_one(Recording, recording.id).captions_id = captions.id
    return {"document": document.public_id, "recording": recording.public_id}


def _taken(session: Session, ani: Person, course: Course, now: datetime) -> dict[str, str]:
    """A quiz that was handed in blank, hence failed, with another attempt given."""
    module = world.a_module(session, course, "Latihan")
    bank = world.a_bank(session, course, key="latihan")
    quiz = world.a_quiz(session, module, bank, "Kuis yang sudah dikumpulkan", attempts_allowed=3)
    actor = actor_for(session, ani.id)
    assert actor is not None
    attempt = start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)
    submit(session, actor, attempt, now)
    session.add(
        QuizAllowance(activity_id=quiz.id, person_id=ani.id, extra_attempts=1, reason="Jaringan di kecamatan padam")
    )
    return {"handed_in": attempt.public_id, "retried": quiz.public_id}


def _reviewed(session: Session, ani: Person, now: datetime) -> str:
    """A review that Ani did not remember; the one of `belongings` still waits."""
    actor = actor_for(session, ani.id)
    assert actor is not None
    others = select(Review.public_id).where(Review.person_id == ani.id, Review.asked == 0)
    waiting = reviews.begin(session, actor, now)
    other = session.scalars(others.where(Review.public_id != waiting).order_by(Review.id)).first()
    assert other is not None
    reviews.answer(session, actor, other, 1, None, now, forgotten=True)
    return other


def _real(session: Session, cast: world.Cast, now: datetime) -> dict[str, str]:
    """A lesson of the demo's own course, with its callouts, tables and exercises; Ani is enrolled in it."""
    course = session.scalars(select(Course).filter_by(slug=progress.DEMO_COURSE)).one()
    world.enrolled(session, cast.ani, course)
    lessons = select(Activity.public_id).filter_by(course_id=course.id, kind="reading").order_by(Activity.position)
    quizzes = select(Activity.public_id).filter_by(course_id=course.id, kind="quiz").order_by(Activity.id.desc())
    return {
        "course": course.slug,
        "lesson": session.scalars(lessons).all()[3],
        "real_quiz": session.scalars(quizzes).first() or "",
    }
