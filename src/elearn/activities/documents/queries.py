"""Questions about documents."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from elearn.activities.documents.models import Document
from elearn.foundation.markdown import plain
from elearn.teaching.courses.models import Activity
from elearn.teaching.materials.models import Material, MaterialPage


def document_of(session: Session, activity: Activity) -> Document:
    """The document with its file; an empty one when nothing was chosen yet."""
    found = session.scalar(
        select(Document)
        .filter_by(activity_id=activity.id)
        .options(joinedload(Document.material).options(defer(Material.text)))
    )
    return found or Document(activity_id=activity.id, material=None, introduction="")


def page_pictures(session: Session, material: Material) -> Sequence[MaterialPage]:
    """The pages without their texts."""
    wanted = select(MaterialPage).filter_by(material_id=material.id).options(defer(MaterialPage.text))
    return session.scalars(wanted.order_by(MaterialPage.number)).all()


def page_texts(session: Session, material: Material, first: int, count: int) -> Sequence[tuple[int, str]]:
    """Numbers and texts of some pages."""
    rows = session.execute(
        select(MaterialPage.number, MaterialPage.text)
        .where(MaterialPage.material_id == material.id)
        .where(MaterialPage.number >= first, MaterialPage.number < first + count)
        .order_by(MaterialPage.number)
    )
    return [(number, text) for number, text in rows]


def texts(session: Session, activity: Activity) -> str:
    """What search finds in a document: the introduction and the words of its pages."""
    row = session.execute(
        select(Document.introduction, Material.text)
        .outerjoin(Material, Material.id == Document.material_id)
        .where(Document.activity_id == activity.id)
    ).one_or_none()
    return f"{plain(row.introduction)}\n{row.text or ''}".strip() if row else ""


def used_files(session: Session, course_id: int) -> dict[int, list[str]]:
    """Which files of a course are shown by which documents."""
    found: dict[int, list[str]] = defaultdict(list)
    for material_id, title in session.execute(
        select(Document.material_id, Activity.title)
        .join(Activity, Activity.id == Document.activity_id)
        .where(Activity.course_id == course_id)
    ):
        if material_id is not None:
            found[material_id].append(title)
    return found
