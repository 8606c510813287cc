"""Verbs of documents."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.documents.forms import DocumentWish
from elearn.activities.documents.models import Document
from elearn.foundation.database import twin_of
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.teaching.courses.actions import change_activity, touch
from elearn.teaching.courses.kinds import Copied
from elearn.teaching.courses.models import Activity
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.queries import pages_size

FILES = ("pdf", "office")


def show_file(session: Session, actor: Actor, activity: Activity, material: Material, now: datetime) -> None:
    """Let the document show this file of its course. What learners have completed stays completed."""
    if material.kind not in FILES or material.course_id != activity.course_id:
        sentence = _("Dokumen harus PDF, DOCX, PPTX, atau XLSX.")
        raise Invalid(sentence, {"file": sentence})
    document = session.get(Document, activity.id)
    if document is None:
        document = Document(activity_id=activity.id, introduction="")
        session.add(document)
    document.material_id = material.id
    activity.size = _size(session, material)
    touch(session, actor, activity.course, now)


def change_document(session: Session, actor: Actor, activity: Activity, wish: DocumentWish, now: datetime) -> None:
    """Save the editor."""
    document = session.get(Document, activity.id)
    if document is None:
        document = Document(activity_id=activity.id)
        session.add(document)
    document.introduction = wish.introduction
    change_activity(session, actor, activity, wish, now)


def copy_documents(session: Session, actor: Actor, copied: Copied, now: datetime) -> None:
    """Let the twins of documents show the twins of their files."""
    found = session.scalars(select(Document).where(Document.activity_id.in_(copied.activities))).all()
    for each in found:
        material = copied.material(each.material_id)
        session.add(twin_of(each, activity_id=copied.activities[each.activity_id], material_id=material))


def count_pages(session: Session, actor: Actor, material_id: int) -> None:
    """The pages of a file are there: tell learners how many bytes they are."""
    material = session.get_one(Material, material_id)
    activities = select(Activity).join(Document, Document.activity_id == Activity.id)
    for activity in session.scalars(activities.where(Document.material_id == material_id)):
        activity.size = _size(session, material)
    session.flush()


def _size(session: Session, material: Material) -> int:
    return material.size if material.kind == "office" else pages_size(session, material.id)
