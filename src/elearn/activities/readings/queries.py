"""Questions about readings."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from elearn.activities.readings.models import ExerciseText, PracticeAnswer, Reading
from elearn.foundation.database import rows_of
from elearn.foundation.i18n import current_locale
from elearn.foundation.markdown import Picture
from elearn.learning.player.queries import Desk
from elearn.teaching.courses.lesson import Block, Practice, parse_body, search_text, with_html
from elearn.teaching.courses.models import Activity
from elearn.teaching.materials.models import Material

# Of a course's pictures: name in the text, public id, width and height.
_Pictures = tuple[tuple[str, str, int | None, int | None], ...]


_SOURCE = select(Reading.source).where(Reading.activity_id == bindparam("activity_id"))
_PICTURES = (
    select(Material.file_name, Material.public_id, Material.width, Material.height)
    .where(Material.course_id == bindparam("course_id"), Material.kind == "image")
    .order_by(Material.id)
)
_HERE: dict[str, Any] = {"enrolment_id": bindparam("enrolment_id"), "activity_id": bindparam("activity_id")}
_ANSWERS = select(PracticeAnswer.item_key, PracticeAnswer.answer).filter_by(**_HERE)
_TEXTS = select(ExerciseText.item_key, ExerciseText.text, ExerciseText.checks, ExerciseText.saved_at).filter_by(**_HERE)


def blocks_of(session: Session, activity: Activity) -> tuple[Block, ...]:
    """The lesson as blocks with their HTML; pictures become addresses of the course's files."""
    return _kept(source_of(session, activity), _pictures_of(session, activity), current_locale())


def source_of(session: Session, activity: Activity) -> str:
    """The text as its author wrote it."""
    found = rows_of(session, _SOURCE, activity_id=activity.id)
    return str(found[0].source) if found else ""


def blocks_from(session: Session, activity: Activity, source: str) -> tuple[Block, ...]:
    """A text that may not be saved yet as blocks with their HTML, for a preview."""
    return _shown(source, _pictures_of(session, activity))


def _pictures_of(session: Session, activity: Activity) -> _Pictures:
    return tuple(
        (row.file_name, row.public_id, row.width, row.height)
        for row in rows_of(session, _PICTURES, course_id=activity.course_id)
    )


def _shown(source: str, pictures: _Pictures) -> tuple[Block, ...]:
    found, _problems = parse_body(source)
    addresses = {
        name: Picture(f"/berkas/{public_id}", width, height) if width and height else f"/berkas/{public_id}"
        for name, public_id, width, height in pictures
    }
    return with_html(found, image_url=addresses.get)


@lru_cache(maxsize=256)
def _kept(source: str, pictures: _Pictures, _locale: str) -> tuple[Block, ...]:
    # Turning Markdown into HTML takes longer than the rest of the page; the arguments are all that it depends on.
    return _shown(source, pictures)


def practice_answers(session: Session, desk: Desk) -> dict[str, dict[str, Any]]:
    """What the learner answered so far, by item."""
    rows = rows_of(session, _ANSWERS, enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    return {row.item_key: row.answer for row in rows}


def exercise_texts(session: Session, desk: Desk) -> dict[str, Row[Any]]:
    """What the learner wrote so far, by item: `text`, `checks` and `saved_at`."""
    rows = rows_of(session, _TEXTS, enrolment_id=desk.enrolment.id, activity_id=desk.activity.id)
    return {row.item_key: row for row in rows}


def practice_named(session: Session, activity: Activity, item_key: str) -> Practice | None:
    """One practice question of a lesson."""
    reading = session.get(Reading, activity.id)
    blocks, _problems = parse_body(reading.source if reading else "")
    return next((block for block in blocks if isinstance(block, Practice) and block.key == item_key), None)


def exercise_exists(session: Session, activity: Activity, item_key: str) -> bool:
    reading = session.get(Reading, activity.id)
    blocks, _problems = parse_body(reading.source if reading else "")
    return any(getattr(block, "key", "") == item_key and not isinstance(block, Practice) for block in blocks)


def used_pictures(session: Session, course_id: int) -> dict[int, list[str]]:
    """Which pictures of a course stand in which lessons."""
    pictures = session.execute(
        select(Material.id, Material.file_name).filter_by(course_id=course_id, kind="image")
    ).all()
    lessons = session.execute(
        select(Activity.title, Reading.source)
        .join(Reading, Reading.activity_id == Activity.id)
        .where(Activity.course_id == course_id)
    ).all()
    found = {number: [title for title, source in lessons if name in source] for number, name in pictures}
    return {number: titles for number, titles in found.items() if titles}


def texts(session: Session, activity: Activity) -> str:
    """What search finds in a lesson; practice keys and model answers are not in it."""
    reading = session.get(Reading, activity.id)
    blocks, _problems = parse_body(reading.source if reading else "")
    return search_text(blocks)
