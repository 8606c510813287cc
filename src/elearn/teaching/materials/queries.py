"""Questions about the files of a course."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from elearn.foundation.database import in_batches
from elearn.foundation.errors import NotFound
from elearn.people.access.actor import Actor
from elearn.teaching.courses.kinds import kinds
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_course
from elearn.teaching.materials.models import Material, MaterialPage


@dataclass(frozen=True)
class CourseFile:
    """One file with the titles of the activities that use it."""

    material: Material
    used_in: Sequence[str]


def files_of(session: Session, actor: Actor, course: Course) -> list[CourseFile]:
    """The files of a course that the actor teaches, newest first."""
    taught_course(session, actor, course.slug)
    rows = session.scalars(
        select(Material).filter_by(course_id=course.id).options(defer(Material.text)).order_by(Material.id.desc())
    ).all()
    uses = uses_in(session, course.id)
    return [CourseFile(material, uses.get(material.id, [])) for material in rows]


def uses_in(session: Session, course_id: int) -> dict[int, list[str]]:
    """Which files of a course are used: id to titles of activities, as the kinds of activities tell."""
    found: dict[int, list[str]] = defaultdict(list)
    for kind in kinds():
        if kind.uses is not None:
            for material_id, titles in kind.uses(session, course_id).items():
                found[material_id].extend(titles)
    return found


def taught_material(session: Session, actor: Actor, course: Course, public_id: str, *kinds: str) -> Material:
    """A file of this course, of one of these kinds if any are named; NotFound otherwise."""
    taught_course(session, actor, course.slug)
    wanted = select(Material).filter_by(course_id=course.id, public_id=public_id)
    material = session.scalar(wanted.where(Material.kind.in_(kinds)) if kinds else wanted)
    if material is None:
        raise NotFound
    return material


def materials_named(session: Session, actor: Actor, course: Course, *kinds: str) -> Sequence[Material]:
    """The files of these kinds in a course, by name, to choose from."""
    taught_course(session, actor, course.slug)
    wanted = select(Material).filter_by(course_id=course.id).where(Material.kind.in_(kinds))
    return session.scalars(wanted.options(defer(Material.text)).order_by(Material.file_name)).all()


def same_file(session: Session, course_id: int, sha256: str) -> Material | None:
    """The file of this course with this content, if it was uploaded before."""
    wanted = select(Material).filter_by(course_id=course_id, sha256=sha256).where(Material.state != "failed")
    return session.scalars(wanted.order_by(Material.id)).first()


def names_in(session: Session, course_id: int) -> set[str]:
    return set(session.scalars(select(Material.file_name).filter_by(course_id=course_id)))


def pages_of(session: Session, material_id: int) -> Sequence[MaterialPage]:
    """The pages of a PDF that are there so far, in order."""
    return session.scalars(select(MaterialPage).filter_by(material_id=material_id).order_by(MaterialPage.number)).all()


def pages_size(session: Session, material_id: int) -> int:
    """Bytes of all page pictures."""
    return int(session.scalar(select(func.sum(MaterialPage.size)).filter_by(material_id=material_id)) or 0)


def keys_in_use(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of the stored files that a course still shows: editions of a course share theirs."""
    found: set[str] = set()
    for some in in_batches(keys):
        for column in (Material.storage_key, MaterialPage.storage_key):
            found.update(session.scalars(select(column).where(column.in_(some))))
    return found
