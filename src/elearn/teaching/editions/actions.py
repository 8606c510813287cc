"""The verb of editions. One transaction: a course is copied whole or not at all."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.database import twin_of
from elearn.foundation.errors import NotFound
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.courses.actions import touch
from elearn.teaching.courses.kinds import Copied, kinds
from elearn.teaching.courses.models import Activity, Course, CourseInstructor, Module
from elearn.teaching.courses.queries import activities_of, modules_of, teachers_of, teaches
from elearn.teaching.courses.rules import slug_of
from elearn.teaching.editions.forms import EditionWish
from elearn.teaching.editions.queries import titles
from elearn.teaching.editions.rules import check_title
from elearn.teaching.materials.actions import copy_files
from elearn.teaching.questions.actions import copy_banks


def copy_course(session: Session, actor: Actor, source: Course, wish: EditionWish, now: datetime) -> Course:
    """A draft with all that a course teaches, for whoever teaches it; without learners, results, classes and last day.

    What was taken out of the course stays behind. A course that lives as files gets a copy that is edited here.
    """
    actor.must(Permission.TEACH)
    if not teaches(session, actor, source):
        raise NotFound
    # Sent twice at once, the second waits here and then finds that the title is taken.
    session.get_one(Course, source.id, with_for_update=True, populate_existing=True)
    taken = titles(session)
    check_title(wish.title, taken.values())
    course = twin_of(
        source,
        slug=slug_of(wish.title, taken),
        title=wish.title,
        state="draft",
        closes_on=None,
        from_files=False,
        source_hash="",
        revision=1,
        created_at=now,
        published_at=None,
    )
    session.add(course)
    session.flush()
    for id in {actor.me(), *teachers_of(session, source)}:
        session.add(CourseInstructor(course_id=course.id, person_id=id, added_at=now))
    activities = _copy_outline(session, source, course)
    materials = copy_files(session, actor, source, course, now)
    copied = Copied(activities, materials, copy_banks(session, actor, source.id, course.id, now))
    for kind in kinds():
        kind.copy(session, actor, copied, now)
    record(session, actor, "course.drafted", course, after={"title": course.title, "copy_of": source.slug})
    touch(session, actor, course, now)
    return course


def _copy_outline(session: Session, source: Course, course: Course) -> dict[int, int]:
    """The modules and activities that stand; old id of an activity to new."""
    modules: dict[int, Module] = {
        each.id: twin_of(each, public_id=new_id(), course_id=course.id) for each in modules_of(session, source)
    }
    session.add_all(modules.values())
    session.flush()
    activities: dict[int, Activity] = {
        each.id: twin_of(
            each, public_id=new_id(), course_id=course.id, module_id=modules[each.module_id].id, revision=1
        )
        for each in activities_of(session, source)
        if each.retired_at is None and each.module_id in modules
    }
    session.add_all(activities.values())
    session.flush()
    return {id: twin.id for id, twin in activities.items()}
