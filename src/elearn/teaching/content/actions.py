"""Syncing course folders into the database."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.content.banks import sync_bank
from elearn.teaching.courses.events import CourseChanged, CoursePublished, LessRequired
from elearn.teaching.courses.files import read_course
from elearn.teaching.courses.kinds import kind_named
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.outline import ActivityFile, CourseFile, ImageFile, LessonFile, ModuleFile
from elearn.teaching.delivery.queries import delivery_forms
from elearn.teaching.materials.models import Material

# Long enough that nobody clicks through a course, short enough that nobody is locked to a chair.
LEAST_SECONDS = 20


@dataclass
class SyncResult:
    """What a sync did, or why it did nothing: one line each."""

    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def sync_folder(session: Session, actor: Actor, folder: Path, now: datetime) -> SyncResult:
    """Bring every course below a folder into the database; with any broken file nothing is written at all."""
    actor.must(Permission.TEACH_ANY)
    result = SyncResult()
    courses = [read_course(path) for path in _course_folders(folder)]
    for course in courses:
        result.problems += [f"{folder / course.slug}/{problem}" for problem in course.problems]
    known = {form.code for form in delivery_forms(session)}
    for course in courses:
        if course.form and course.form not in known:
            wrong = _(
                "Bentuk %(code)s tidak dikenal. Pilih: %(known)s.", code=course.form, known=", ".join(sorted(known))
            )
            result.problems.append(f"{folder / course.slug}/course.yaml: {wrong}")
    if not courses:
        result.problems.append(f"{folder}: there is no course here; a course is a folder with a course.yaml.")
    if not result.problems:
        for course in courses:
            result.changes += sync_course(session, actor, course, _hash_of(folder / course.slug), now)
    return result


def _course_folders(folder: Path) -> list[Path]:
    """Every folder there, so that one with a misspelt course file is told about; none when no course is among them."""
    folders = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    return folders if any((path / "course.yaml").is_file() for path in folders) else []


def sync_course(session: Session, actor: Actor, file: CourseFile, source_hash: str, now: datetime) -> list[str]:
    """Make one course equal to its files. What left the files is retired, never deleted."""
    course = session.scalar(select(Course).filter_by(slug=file.slug))
    if course is not None and course.source_hash == source_hash:
        return [f"{file.slug}: unchanged"]
    changes = [f"{file.slug}: {'updated' if course else 'new'}"]
    if course is None:
        course = Course(slug=file.slug, title=file.title, outcomes=[], created_at=now, state="draft", minutes=0)
        session.add(course)
    course.title, course.summary, course.audience = file.title, file.summary, file.audience
    course.organiser, course.competency, course.form = file.organiser, file.competency, file.form
    course.outcomes, course.minutes, course.from_files = list(file.outcomes), file.minutes, True
    course.source_hash = source_hash
    course.revision = (course.revision or 0) + 1
    session.flush()
    for image in file.images:
        _sync_image(session, course, image, now)
    for bank in file.banks:
        changes += sync_bank(session, actor, course, bank, now)
    changes += _sync_outline(session, actor, course, file.modules, now)
    if course.state == "draft":
        course.state, course.published_at = "published", now
        announce(session, CoursePublished(course.id))
    session.flush()
    record(session, actor, "course.synced", course)
    announce(session, CourseChanged(course.id))
    return changes


def _sync_outline(
    session: Session, actor: Actor, course: Course, files: Sequence[ModuleFile], now: datetime
) -> list[str]:
    changes: list[str] = []
    eased = False
    modules = {module.key: module for module in session.scalars(select(Module).filter_by(course_id=course.id))}
    activities = {a.key: a for a in session.scalars(select(Activity).filter_by(course_id=course.id))}
    kept: set[str] = set()
    for position, file in enumerate(files, start=1):
        module = modules.get(file.key)
        if module is None:
            module = Module(public_id=new_id(), course_id=course.id, key=file.key, title=file.title, position=position)
            session.add(module)
        module.title, module.position, module.retired_at = file.title, position, None
        session.flush()
        for place, each in enumerate(file.activities, start=1):
            kept.add(each.key)
            if each.key not in activities:
                changes.append(f"  + {each.key}")
            _sync_activity(session, actor, course, module, activities.get(each.key), each, place, now)
    for key, activity in activities.items():
        if key not in kept and activity.retired_at is None:
            activity.retired_at, eased = now, True
            changes.append(f"  - {key} (retired)")
    for key, module in modules.items():
        if key not in {file.key for file in files} and module.retired_at is None:
            module.retired_at = now
    session.flush()
    if eased:
        announce(session, LessRequired(course.id, now))
    return changes


def _sync_activity(
    session: Session,
    actor: Actor,
    course: Course,
    module: Module,
    activity: Activity | None,
    file: ActivityFile,
    position: int,
    now: datetime,
) -> None:
    kind = "reading" if isinstance(file, LessonFile) else "quiz"
    if activity is None:
        activity = Activity(public_id=new_id(), course_id=course.id, key=file.key, kind=kind, position=position)
        session.add(activity)
    activity.module_id, activity.position, activity.retired_at = module.id, position, None
    activity.title, activity.minutes = file.title, file.minutes
    if isinstance(file, LessonFile):
        activity.completion = file.lesson.completion
        activity.least_seconds = LEAST_SECONDS if file.lesson.completion == "read" else 0
        activity.size = len(file.source.encode())
    else:
        activity.completion = "handed_in" if file.pass_mark is None else "passed"
    session.flush()
    write = kind_named(kind).write_file
    if write is not None:
        write(session, actor, activity, file, now)


def _sync_image(session: Session, course: Course, image: ImageFile, now: datetime) -> None:
    digest = hashlib.sha256(image.content).hexdigest()
    old = session.scalar(select(Material).filter_by(course_id=course.id, file_name=image.name))
    if old is not None and old.sha256 == digest:
        return
    key = new_key(image.name.rsplit(".", 1)[-1])
    store().put(key, iter([image.content]))
    material = old or Material(public_id=new_id(), course_id=course.id, file_name=image.name, created_at=now)
    material.kind, material.media_type, material.state = "image", image.media_type, "ready"
    material.size, material.sha256, material.storage_key = len(image.content), digest, key
    material.width, material.height = image.picture.width, image.picture.height
    session.add(material)
    session.flush()


def _hash_of(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
