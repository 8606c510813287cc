"""Questions about recordings."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from elearn.activities.recordings.models import Recording
from elearn.foundation.markdown import plain
from elearn.teaching.courses.models import Activity
from elearn.teaching.materials.models import Material


def recording_of(session: Session, activity: Activity) -> Recording:
    """The recording with its file and captions; an empty one when nothing was chosen yet."""
    found = session.scalar(
        select(Recording)
        .filter_by(activity_id=activity.id)
        .options(
            joinedload(Recording.material).options(defer(Material.text)),
            joinedload(Recording.captions).options(defer(Material.text)),
        )
    )
    empty = {"material": None, "captions": None, "introduction": "", "transcript": "", "speechless": False}
    return found or Recording(activity_id=activity.id, **empty)


def texts(session: Session, activity: Activity) -> str:
    """What search finds in a recording: introduction, transcript, and what the captions say."""
    row = session.execute(
        select(Recording.introduction, Recording.transcript, Material.text)
        .outerjoin(Material, Material.id == Recording.captions_id)
        .where(Recording.activity_id == activity.id)
    ).one_or_none()
    return "\n".join([plain(row.introduction), plain(row.transcript), row.text or ""]).strip() if row else ""


def used_files(session: Session, course_id: int) -> dict[int, list[str]]:
    """Which files of a course are played, or shown as captions, by which recordings."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Recording.material_id, Recording.captions_id, Activity.title)
        .join(Activity, Activity.id == Recording.activity_id)
        .where(Activity.course_id == course_id)
    )
    for material_id, captions_id, title in rows:
        for used in (material_id, captions_id):
            if used is not None:
                found[used].append(title)
    return found
