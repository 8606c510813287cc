"""Questions about courses as those who teach them ask."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, exists, select, true
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission, Role
from elearn.people.accounts.models import Person, RoleGrant
from elearn.teaching.courses.kinds import kind_of
from elearn.teaching.courses.models import Activity, Course, CourseInstructor, Module
from elearn.teaching.courses.rules import missing_facts


def taught_courses(session: Session, actor: Actor) -> Sequence[Course]:
    """The courses that the actor may change, newest first: an instructor's own, a regency admin's all."""
    return session.scalars(select(Course).where(taught_by(actor)).order_by(Course.id.desc())).all()


def taught_course(session: Session, actor: Actor, slug: str) -> Course:
    """The course, or NotFound for whoever does not teach it."""
    course = session.scalar(select(Course).where(Course.slug == slug, taught_by(actor)))
    if course is None:
        raise NotFound
    return course


def taught_module(session: Session, actor: Actor, public_id: str) -> Module:
    """A module of a course that the actor teaches; NotFound otherwise."""
    module = session.scalar(
        select(Module)
        .join(Course, Course.id == Module.course_id)
        .where(Module.public_id == public_id, Module.retired_at.is_(None), taught_by(actor))
    )
    if module is None:
        raise NotFound
    return module


def taught_activity(session: Session, actor: Actor, public_id: str, kind: str = "") -> Activity:
    """An activity of a course that the actor teaches, with course and module; NotFound otherwise."""
    activity = session.scalar(
        select(Activity)
        .join(Activity.course)
        .options(joinedload(Activity.course), joinedload(Activity.module))
        .where(Activity.public_id == public_id, Activity.retired_at.is_(None), taught_by(actor))
    )
    if activity is None or (kind and activity.kind != kind):
        raise NotFound
    return activity


def retired_activity(session: Session, actor: Actor, public_id: str) -> Activity:
    """An activity that was taken out of a course that the actor teaches; NotFound otherwise."""
    activity = session.scalar(
        select(Activity)
        .join(Activity.course)
        .options(joinedload(Activity.course), joinedload(Activity.module))
        .where(Activity.public_id == public_id, Activity.retired_at.is_not(None), taught_by(actor))
    )
    if activity is None:
        raise NotFound
    return activity


def teaches(session: Session, actor: Actor, course: Course) -> bool:
    """Whether the actor may change the course."""
    return session.scalar(select(Course.id).where(Course.id == course.id, taught_by(actor))) is not None


def modules_of(session: Session, course: Course) -> Sequence[Module]:
    """The modules that stand in the outline, in order."""
    wanted = select(Module).where(Module.course_id == course.id, Module.retired_at.is_(None))
    return session.scalars(wanted.order_by(Module.position, Module.id)).all()


def activities_of(session: Session, course: Course) -> Sequence[Activity]:
    """All activities of a course in order, those that were taken out as well."""
    wanted = select(Activity).where(Activity.course_id == course.id)
    return session.scalars(wanted.order_by(Activity.position, Activity.id)).all()


_INSTRUCTORS = (
    select(Person)
    .join(CourseInstructor, CourseInstructor.person_id == Person.id)
    .where(CourseInstructor.course_id == bindparam("course_id"))
    .order_by(Person.name)
)


def instructors_of(session: Session, course: Course) -> Sequence[Person]:
    """Who teaches the course, by name."""
    return session.scalars(_INSTRUCTORS, {"course_id": course.id}).all()


_TEACHING = (Role.INSTRUCTOR, Role.REGENCY_ADMIN)


def teacher_with(session: Session, nip: str) -> Person | None:
    """The person with this NIP who may teach; None for everybody else."""
    wanted = select(Person).join(RoleGrant, RoleGrant.person_id == Person.id)
    return session.scalars(wanted.where(Person.nip == nip, RoleGrant.role.in_(_TEACHING))).first()


def teachers_of(session: Session, course: Course) -> Sequence[int]:
    """The ids of a course's instructors who may still teach."""
    wanted = select(CourseInstructor.person_id).join(Person, Person.id == CourseInstructor.person_id)
    may_teach = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(_TEACHING))
    return session.scalars(
        wanted.where(CourseInstructor.course_id == course.id, Person.status == "active", may_teach)
    ).all()


def shortcomings_of(session: Session, course: Course, activities: Sequence[Activity]) -> list[tuple[str, str]]:
    """What keeps the course from being published: a sentence and where to mend it."""
    found = missing_facts(course, len(activities))
    for activity in activities:
        kind = kind_of(activity)
        found += [(said, kind.edit_path(activity.public_id)) for said in kind.shortcomings(session, activity)]
    return found


def taught_by(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor teaches the course of a row: an instructor his or her own, a regency admin every one."""
    if actor.may(Permission.TEACH_ANY):
        return true()
    return exists().where(CourseInstructor.course_id == Course.id, CourseInstructor.person_id == actor.person_id)
