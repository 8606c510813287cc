"""Verbs of course files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session

from elearn.foundation.database import twin_of
from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.courses.actions import add_activity
from elearn.teaching.courses.events import CourseChanged
from elearn.teaching.courses.kinds import kind_for_material
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.queries import taught_course
from elearn.teaching.courses.rules import check_editable
from elearn.teaching.materials.events import MaterialReady
from elearn.teaching.materials.intake import Upload
from elearn.teaching.materials.models import Material, MaterialPage
from elearn.teaching.materials.queries import keys_in_use, names_in, pages_of, same_file, uses_in
from elearn.teaching.materials.rules import guessed_minutes, numbered, picture_name, title_of

PREPARE_PDF = "materials.prepare_pdf"


@dataclass(frozen=True)
class PagePicture:
    """A stored page picture with the words on the page."""

    number: int
    key: str
    size: int
    width: int
    height: int
    text: str


def store_upload(session: Session, actor: Actor, course: Course, upload: Upload, now: datetime) -> Material:
    """Give a course a file that was taken in. The same content in the same course is the same file: then the
    caller deletes the new copy, whose key the material does not have.
    """
    taught_course(session, actor, course.slug)
    check_editable(course)
    if (known := same_file(session, course.id, upload.sha256)) is not None:
        return known
    name = picture_name(upload.name) if upload.kind == "image" else upload.name
    material = Material(
        public_id=new_id(),
        course_id=course.id,
        kind=upload.kind,
        file_name=numbered(name, names_in(session, course.id)),
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        storage_key=upload.key,
        state="processing" if upload.kind == "pdf" else "ready",
        width=upload.width,
        height=upload.height,
        seconds=upload.seconds,
        page_count=upload.pages,
        text=upload.text,
        uploaded_by=actor.person_id,
        created_at=now,
    )
    session.add(material)
    session.flush()
    record(session, actor, "material.uploaded", material, after={"name": material.file_name, "size": material.size})
    if material.kind == "pdf":
        _prepare(session, actor, material, now)
    return material


def make_activity(
    session: Session, actor: Actor, course: Course, module: Module, material: Material, now: datetime
) -> Activity | None:
    """An activity that shows the file, named after it; None for pictures and captions, which belong into others."""
    kind = kind_for_material(material.kind)
    if kind is None or kind.take_material is None:
        return None
    minutes = guessed_minutes(material.kind, material.page_count, material.seconds)
    title = title_of(material.file_name)
    activity = add_activity(session, actor, course, module, kind.key, title, now, minutes=minutes)
    kind.take_material(session, actor, activity, material, now)
    return activity


def prepare_again(session: Session, actor: Actor, course: Course, material: Material, now: datetime) -> None:
    """Draw the pages of a PDF once more, after it failed or was called off."""
    taught_course(session, actor, course.slug)
    if material.kind != "pdf" or material.state == "ready":
        raise Conflict(_("Berkas ini sudah siap."))
    material.state, material.problem = "processing", ""
    _prepare(session, actor, material, now)


def copy_files(session: Session, actor: Actor, source: Course, course: Course, now: datetime) -> dict[int, int]:
    """Give a new course the files of another one, which the actor teaches; old id to new.

    What is stored stays where it is, once for both; only pages that are not drawn yet are drawn for each.
    """
    taught_course(session, actor, source.slug)
    # Shared, so that nobody takes a file away from the store while it gets a second name.
    wanted = select(Material).filter_by(course_id=source.id).order_by(Material.id).with_for_update(read=True)
    twins = {
        each.id: twin_of(each, public_id=new_id(), course_id=course.id, created_at=now)
        for each in session.scalars(wanted)
    }
    session.add_all(twins.values())
    session.flush()
    for id, twin in twins.items():
        if twin.kind == "pdf" and twin.state == "ready":
            _share_pages(session, id, twin)
        elif twin.state == "processing":
            _prepare(session, actor, twin, now)
    return {id: twin.id for id, twin in twins.items()}


def remove(session: Session, actor: Actor, course: Course, material: Material, now: datetime) -> Sequence[str]:
    """Take a file that nothing uses out of a course. The caller deletes the returned keys after the commit."""
    taught_course(session, actor, course.slug)
    check_editable(course)
    # Whoever copies the course meanwhile has the file before this is looked at, or does not find it.
    if session.get(Material, material.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound
    if titles := uses_in(session, course.id).get(material.id):
        raise Conflict(_("Berkas ini dipakai di %(title)s. Lepaskan dahulu di sana.", title=titles[0]))
    keys = [material.storage_key, *(page.storage_key for page in pages_of(session, material.id))]
    record(session, actor, "material.removed", material, before={"name": material.file_name})
    session.execute(delete(MaterialPage).where(MaterialPage.material_id == material.id))
    session.delete(material)
    session.flush()
    return sorted(set(keys) - keys_in_use(session, keys))


def add_pages(session: Session, actor: Actor, material_id: int, pages: Sequence[PagePicture]) -> list[str]:
    """Note page pictures that the job drew. Returns keys of earlier pictures of the same pages that nothing shows."""
    # As copying a course does, so that it finds the pages before or after.
    session.get(Material, material_id, with_for_update=True)
    replaced = []
    for page in pages:
        row = session.get(MaterialPage, (material_id, page.number))
        if row is None:
            row = MaterialPage(material_id=material_id, number=page.number)
            session.add(row)
        elif row.storage_key != page.key:
            replaced.append(row.storage_key)
        row.storage_key, row.size, row.text = page.key, page.size, page.text
        row.width, row.height = page.width, page.height
    session.flush()
    return sorted(set(replaced) - keys_in_use(session, replaced))


def finish_pages(session: Session, actor: Actor, material_id: int) -> None:
    """All pages are there: the file can be read, and its words can be found."""
    material = session.get(Material, material_id)
    if material is None:
        return
    texts = [page.text for page in pages_of(session, material_id)]
    material.text = "\n\n".join(texts)[:1_000_000]
    material.state, material.problem = "ready", ""
    session.flush()
    announce(session, MaterialReady(material_id))
    announce(session, CourseChanged(material.course_id))


def fail_pages(session: Session, actor: Actor, material_id: int, page: int) -> None:
    """This page could not be drawn; the original can still be downloaded."""
    material = session.get(Material, material_id)
    if material is not None:
        material.state, material.problem = "failed", str(page)
        session.flush()


def _share_pages(session: Session, material_id: int, twin: Material) -> None:
    same = [column for column in MaterialPage.__table__.columns if column.name != "material_id"]
    pages = select(literal(twin.id), *same).where(MaterialPage.material_id == material_id)
    session.execute(insert(MaterialPage).from_select(["material_id", *(column.name for column in same)], pages))


def _prepare(session: Session, actor: Actor, material: Material, now: datetime) -> None:
    enqueue(
        session,
        kind=PREPARE_PDF,
        title=_("Menyiapkan %(name)s", name=material.file_name)[:200],
        owner_id=actor.person_id,
        arguments={"material_id": material.id},
        unit=_("halaman"),
        now=now,
    )
