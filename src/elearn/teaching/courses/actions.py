"""Verbs of courses."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip as nips
from elearn.people.audit.actions import record
from elearn.teaching.courses.events import CourseChanged, CoursePublished, CourseWithdrawn, LessRequired
from elearn.teaching.courses.forms import ActivityWish, CourseDraft, CourseWish
from elearn.teaching.courses.models import Activity, Course, CourseInstructor, Module
from elearn.teaching.courses.queries import (
    activities_of,
    instructors_of,
    modules_of,
    shortcomings_of,
    teacher_with,
    teaches,
)
from elearn.teaching.courses.rules import check_editable, check_next, slug_of


def draft_course(session: Session, actor: Actor, wish: CourseDraft, now: datetime) -> Course:
    """A new draft with one module; whoever makes it is its instructor."""
    actor.must(Permission.TEACH)
    slug = slug_of(wish.title, set(session.scalars(select(Course.slug))))
    course = Course(slug=slug, outcomes=[], state="draft", minutes=0, created_at=now, **wish.model_dump())
    session.add(course)
    session.flush()
    session.add(CourseInstructor(course_id=course.id, person_id=actor.me(), added_at=now))
    record(session, actor, "course.drafted", course, after={"title": course.title})
    add_module(session, actor, course, _("Modul 1"), now)
    return course


def change_course(session: Session, actor: Actor, course: Course, wish: CourseWish, now: datetime) -> None:
    """Take over the settings. Conflict when the course was changed after `wish.revision` was shown."""
    _check(session, actor, course)
    if wish.revision != course.revision:
        raise Conflict(_("Orang lain sudah mengubah pelatihan ini. Salin isian Anda, lalu muat ulang halaman."))
    before = {"title": course.title}
    course.title, course.summary, course.competency = wish.title, wish.summary, wish.competency
    course.audience, course.organiser, course.closes_on = wish.audience, wish.organiser, wish.closes_on
    course.outcomes = [line.strip() for line in wish.outcomes.splitlines() if line.strip()]
    if course.published and course.classes_only and not wish.classes_only:
        # What a class was enough for may be too little for learning by oneself.
        course.classes_only = False
        standing = [activity for activity in activities_of(session, course) if activity.retired_at is None]
        if missing := shortcomings_of(session, course, standing):
            raise Conflict(_("Belum siap tanpa angkatan. %(what)s", what=missing[0][0]))
    course.classes_only = wish.classes_only
    record(session, actor, "course.changed", course, before=before, after={"title": course.title})
    touch(session, actor, course, now)


def set_state(session: Session, actor: Actor, course: Course, state: str, now: datetime) -> None:
    """Publish, archive, or make a draft again. Only a course that lacks nothing is published.

    Those who learn keep an archived course; a draft is open to nobody, so it must have no learners.
    """
    _check(session, actor, course)
    check_next(course, state)
    if state == "published":
        standing = [activity for activity in activities_of(session, course) if activity.retired_at is None]
        if missing := shortcomings_of(session, course, standing):
            raise Conflict(_("Belum siap terbit. %(what)s", what=missing[0][0]))
        course.published_at = now
    if state == "draft":
        announce(session, CourseWithdrawn(course.id))
    record(session, actor, f"course.{state}", course, before={"state": course.state}, after={"state": state})
    course.state = state
    if state == "published":
        announce(session, CoursePublished(course.id))
    touch(session, actor, course, now)


def add_instructor(session: Session, actor: Actor, course: Course, nip: str, now: datetime) -> None:
    """Let another person teach the course; doing it twice is the same as once."""
    _check(session, actor, course)
    person = teacher_with(session, nips.clean(nip))
    if person is None:
        sentence = _("NIP ini bukan milik pengajar. Minta admin memberi peran Pengajar.")
        raise Invalid(sentence, {"nip": sentence})
    if session.get(CourseInstructor, (course.id, person.id)) is None:
        session.add(CourseInstructor(course_id=course.id, person_id=person.id, added_at=now))
        record(session, actor, "course.instructor_added", course, after={"person": person.public_id})
    session.flush()


def remove_instructor(session: Session, actor: Actor, course: Course, person: str, now: datetime) -> None:
    """Take the right to teach the course from a person, by public id; one instructor stays."""
    _check(session, actor, course)
    all_of_them = instructors_of(session, course)
    found = next((each for each in all_of_them if each.public_id == person), None)
    if found is None:
        raise NotFound
    if len(all_of_them) == 1:
        raise Conflict(_("Pelatihan memerlukan satu pengajar. Tambahkan pengajar lain dahulu."))
    session.delete(session.get_one(CourseInstructor, (course.id, found.id)))
    record(session, actor, "course.instructor_removed", course, before={"person": person})
    session.flush()


def rename_module(session: Session, actor: Actor, course: Course, module: Module, title: str, now: datetime) -> None:
    """Give a module another title."""
    _check(session, actor, course)
    if not 0 < len(title.strip()) <= 200:
        raise Invalid(_("Isi judul modul, paling panjang 200 huruf."))
    module.title = title.strip()
    touch(session, actor, course, now)


def move_module(session: Session, actor: Actor, course: Course, module: Module, down: bool, now: datetime) -> None:
    """One place up or down; at the end it stays."""
    _check(session, actor, course)
    _shift(list(modules_of(session, course)), module, down)
    touch(session, actor, course, now)


def move_activity(session: Session, actor: Actor, activity: Activity, down: bool, now: datetime) -> None:
    """One place up or down; over the edge of its module it goes into the neighbouring one."""
    course = activity.course
    _check(session, actor, course)
    siblings = _standing(session, course, activity.module_id)
    place = siblings.index(activity) + (1 if down else -1)
    if 0 <= place < len(siblings):
        _shift(siblings, activity, down)
    else:
        modules = modules_of(session, course)
        index = next((n for n, each in enumerate(modules) if each.id == activity.module_id), 0) + (1 if down else -1)
        if 0 <= index < len(modules):
            _put(session, activity, modules[index], first=down)
    touch(session, actor, course, now)


def put_into(
    session: Session, actor: Actor, activity: Activity, module: Module, now: datetime, *, before: str = ""
) -> None:
    """Put an activity before another one of a module, named by public id; last where none or a strange one is named."""
    _check(session, actor, activity.course)
    if module.course_id != activity.course_id:
        raise NotFound
    others = [a for a in _standing(session, activity.course, module.id) if a.id != activity.id]
    place = next((n for n, each in enumerate(others) if each.public_id == before), len(others))
    activity.module_id = module.id
    for position, each in enumerate([*others[:place], activity, *others[place:]], start=1):
        each.position = position
    touch(session, actor, activity.course, now)


def retire_activity(session: Session, actor: Actor, activity: Activity, now: datetime) -> None:
    """Take an activity out of the outline. What learners did in it is kept, and it blocks nobody any more."""
    _check(session, actor, activity.course)
    activity.retired_at = now
    record(session, actor, "activity.retired", activity, before={"title": activity.title})
    touch(session, actor, activity.course, now)
    announce(session, LessRequired(activity.course_id, now))


def bring_back(session: Session, actor: Actor, activity: Activity, now: datetime) -> None:
    """Put a retired activity into the outline again, last of its module or of the course."""
    _check(session, actor, activity.course)
    modules = modules_of(session, activity.course)
    home = next((each for each in modules if each.id == activity.module_id), modules[-1] if modules else None)
    if home is None:
        raise Conflict(_("Tambahkan modul dahulu."))
    activity.retired_at = None
    _put(session, activity, home, first=False)
    record(session, actor, "activity.returned", activity, after={"title": activity.title})
    touch(session, actor, activity.course, now)


def retire_module(session: Session, actor: Actor, course: Course, module: Module, now: datetime) -> None:
    """Take out a module that holds nothing."""
    _check(session, actor, course)
    if _standing(session, course, module.id):
        raise Conflict(_("Modul ini masih berisi. Pindahkan atau lepas materinya dahulu."))
    module.retired_at = now
    record(session, actor, "module.retired", module, before={"title": module.title})
    touch(session, actor, course, now)


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
        # Nobody who is in the course already has to do what was not there when he or she began.
        required=course.state == "draft",
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
    eased = activity.required and not wish.required
    activity.title, activity.minutes, activity.required = wish.title, wish.minutes, wish.required
    activity.least_seconds = wish.least_seconds
    if wish.completion:
        activity.completion = wish.completion
    activity.revision += 1
    record(session, actor, "activity.changed", activity, after={"title": wish.title})
    touch(session, actor, activity.course, now)
    if eased:
        announce(session, LessRequired(activity.course_id, now))


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


def _standing(session: Session, course: Course, module_id: int) -> list[Activity]:
    return [a for a in activities_of(session, course) if a.module_id == module_id and a.retired_at is None]


def _shift(row: Sequence[Module] | Sequence[Activity], thing: Module | Activity, down: bool) -> None:
    ordered: list[Module | Activity] = list(row)
    place = ordered.index(thing)
    ordered.remove(thing)
    ordered.insert(max(0, place + (1 if down else -1)), thing)
    for position, each in enumerate(ordered, start=1):
        each.position = position


def _put(session: Session, activity: Activity, module: Module, *, first: bool) -> None:
    others = [a for a in _standing(session, activity.course, module.id) if a.id != activity.id]
    activity.module_id = module.id
    for position, each in enumerate([activity, *others] if first else [*others, activity], start=1):
        each.position = position


def _check(session: Session, actor: Actor, course: Course) -> None:
    if not teaches(session, actor, course):
        raise NotFound
    check_editable(course)
