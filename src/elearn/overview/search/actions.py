"""Keeping the search documents in step with the courses."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.overview.search.models import SearchDocument
from elearn.overview.search.words import index_terms
from elearn.people.access.actor import Actor
from elearn.teaching.courses.kinds import kind_of
from elearn.teaching.courses.models import Activity, Course, Module


@dataclass(frozen=True)
class _Text:
    kind: str
    activity_id: int | None
    position: int
    title: str
    body: str


def reindex_course(session: Session, actor: Actor, course_id: int) -> int:
    """Bring a course's search documents up to date; says how many were written. What did not change is left alone."""
    texts = _texts(session, course_id)
    kept = {row.activity_id: row for row in session.scalars(select(SearchDocument).filter_by(course_id=course_id))}
    written = sum(_write(session, course_id, kept.pop(found.activity_id, None), found) for found in texts)
    for gone in kept.values():
        session.delete(gone)
    session.flush()
    return written + len(kept)


def _texts(session: Session, course_id: int) -> list[_Text]:
    # Two changes of one course at a time would each add its first document.
    course = session.get(Course, course_id, with_for_update=True)
    if course is None:
        return []
    about = "\n".join([course.summary, *map(str, course.outcomes), course.audience])
    found = [_Text("course", None, 0, course.title, about)]
    activities = session.scalars(
        select(Activity)
        .join(Activity.module)
        .where(Activity.course_id == course_id, Activity.retired_at.is_(None), Module.retired_at.is_(None))
        .order_by(Module.position, Activity.position, Activity.id)
    )
    for position, activity in enumerate(activities, start=1):
        body = kind_of(activity).texts(session, activity)
        found.append(_Text(activity.kind, activity.id, position, activity.title, body))
    return found


def _write(session: Session, course_id: int, document: SearchDocument | None, found: _Text) -> bool:
    """Whether anything but the place in the outline changed."""
    # PostgreSQL takes no NUL in a text, and PDFs sometimes hold one.
    title, body = found.title.replace("\0", ""), found.body.replace("\0", "")
    if document is None:
        document = SearchDocument(course_id=course_id, activity_id=found.activity_id, title="", body="")
        session.add(document)
    elif (document.title, document.body) == (title, body):
        document.position = found.position
        return False
    document.kind, document.position = found.kind, found.position
    document.title, document.body = title, body
    document.title_terms = index_terms(title)
    document.terms = index_terms(f"{title}\n{body}")
    return True
