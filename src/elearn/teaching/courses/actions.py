"""Verbs of courses."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.courses.events import CourseChanged
from elearn.teaching.courses.forms import ActivityWish
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.queries import teaches
from elearn.teaching.courses.rules import check_editable


def add_module(session: Session, actor: Actor, course: Course, title: str, now: datetime) -> Module:
    """A new last module."""
    _check(session, actor, course)
    last = session.scalar(select(func.max(Module.position)).where(Module.course_id == course.id)) or 0
    module = Module(public_id=new_id(), course_id=course.id, key=new_id(), title=title, position=last + 1)
    session.add(module)
    touch(session, actor, course, now)
    return module


def add_activity(
    session: Session,
    actor: Actor,
    course: Course,
    module: Module,
    kind: str,
    title: str,
    now: datetime,
    *,
    minutes: int | None = None,
) -> Activity:
    """A new last activity of the module; its kind fills it."""
    _check(session, actor, course)
    if module.course_id != course.id:
        raise NotFound
    last = session.scalar(select(func.max(Activity.position)).where(Activity.module_id == module.id)) or 0
    activity = Activity(
        public_id=new_id(),
        course_id=course.id,
        module_id=module.id,
        key=new_id(),
        kind=kind,
        title=title,
        minutes=minutes or 5,
        position=last + 1,
    )
    activity.course, activity.module = course, module
    session.add(activity)
    session.flush()
    record(session, actor, "activity.added", activity, after={"kind": kind, "title": title})
    touch(session, actor, course, now)
    return activity


def change_activity(session: Session, actor: Actor, activity: Activity, wish: ActivityWish, now: datetime) -> None:
    """Take over what every activity has. Conflict when somebody else saved it after `wish.revision` was shown."""
    _check(session, actor, activity.course)
    if wish.revision != activity.revision:
        raise Conflict(_("Orang lain sudah menyimpan materi ini. Salin isian Anda, lalu muat ulang halaman."))
    activity.title, activity.minutes, activity.required = wish.title, wish.minutes, wish.required
    activity.least_seconds = wish.least_seconds
    if wish.completion:
        activity.completion = wish.completion
    activity.revision += 1
    record(session, actor, "activity.changed", activity, after={"title": wish.title})
    touch(session, actor, activity.course, now)


def touch(session: Session, actor: Actor, course: Course, now: datetime) -> None:
    """After any change of content: count the minutes again, and let search and sizes follow."""
    session.flush()
    minutes = session.scalar(
        select(func.sum(Activity.minutes))
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.course_id == course.id, Activity.retired_at.is_(None), Module.retired_at.is_(None))
    )
    course.minutes = int(minutes or 0)
    course.revision += 1
    session.flush()
    announce(session, CourseChanged(course.id))


def _check(session: Session, actor: Actor, course: Course) -> None:
    if not teaches(session, actor, course):
        raise NotFound
    check_editable(course)
