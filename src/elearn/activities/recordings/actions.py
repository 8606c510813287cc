"""Verbs of recordings."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.recordings.forms import RecordingWish
from elearn.activities.recordings.models import Recording
from elearn.foundation.database import twin_of
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.teaching.courses.actions import change_activity, touch
from elearn.teaching.courses.kinds import Copied
from elearn.teaching.courses.models import Activity
from elearn.teaching.materials.models import Material

FILES = ("video", "audio")


def use_file(session: Session, actor: Actor, activity: Activity, material: Material, now: datetime) -> None:
    """Let the recording play this file of its course; captions become its captions."""
    if material.kind not in (*FILES, "captions") or material.course_id != activity.course_id:
        sentence = _("Rekaman harus MP4, WebM, MP3, M4A, atau OGG; takarir harus VTT atau SRT.")
        raise Invalid(sentence, {"file": sentence})
    recording = _recording(session, activity)
    if material.kind == "captions":
        recording.captions_id = material.id
    else:
        recording.material_id, activity.size = material.id, material.size
    touch(session, actor, activity.course, now)


def drop_captions(session: Session, actor: Actor, activity: Activity, now: datetime) -> None:
    """Take the captions away; the file stays in the course."""
    _recording(session, activity).captions_id = None
    touch(session, actor, activity.course, now)


def change_recording(session: Session, actor: Actor, activity: Activity, wish: RecordingWish, now: datetime) -> None:
    """Save the editor."""
    recording = _recording(session, activity)
    recording.introduction, recording.transcript = wish.introduction, wish.transcript
    recording.speechless = wish.speechless
    change_activity(session, actor, activity, wish, now)


def copy_recordings(session: Session, actor: Actor, copied: Copied, now: datetime) -> None:
    """Let the twins of recordings play the twins of their files, with the same words."""
    found = session.scalars(select(Recording).where(Recording.activity_id.in_(copied.activities))).all()
    for each in found:
        files = {"material_id": copied.material(each.material_id), "captions_id": copied.material(each.captions_id)}
        session.add(twin_of(each, activity_id=copied.activities[each.activity_id], **files))


def _recording(session: Session, activity: Activity) -> Recording:
    recording = session.get(Recording, activity.id)
    if recording is None:
        recording = Recording(activity_id=activity.id, introduction="", transcript="", speechless=False)
        session.add(recording)
        session.flush()
    return recording
