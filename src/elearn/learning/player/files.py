"""Which files of a course a person may fetch: those of courses he or she learns in or teaches."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, defer

from elearn.foundation.errors import NotFound
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.teaching.courses.models import Course, CourseInstructor
from elearn.teaching.materials.models import Material, MaterialPage


def material_for(session: Session, actor: Actor, public_id: str) -> Material:
    """The material, or NotFound for whoever has no place in its course. A draft is for those who teach it."""
    learns = exists().where(
        Enrolment.course_id == Material.course_id,
        Enrolment.person_id == actor.person_id,
        Enrolment.withdrawn_at.is_(None),
        Course.id == Material.course_id,
        Course.state != "draft",
    )
    teaches = exists().where(
        CourseInstructor.course_id == Material.course_id, CourseInstructor.person_id == actor.person_id
    )
    wanted = select(Material).where(Material.public_id == public_id).options(defer(Material.text))
    if not actor.may(Permission.TEACH_ANY):
        wanted = wanted.where(or_(learns, teaches))
    material = session.scalar(wanted)
    if material is None:
        raise NotFound
    return material


def page_for(session: Session, actor: Actor, public_id: str, number: int) -> MaterialPage:
    """The picture of one page of a PDF, by the same right."""
    # Beyond that, no page; and PostgreSQL refuses numbers that do not fit its column.
    page = None
    if 0 < number < 100_000:
        material = material_for(session, actor, public_id)
        page = session.get(MaterialPage, (material.id, number), options=[defer(MaterialPage.text)])
    if page is None:
        raise NotFound
    return page
