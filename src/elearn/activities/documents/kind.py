"""What the registry of activity kinds knows of documents."""

from sqlalchemy.orm import Session

from elearn.activities.documents.actions import FILES, copy_documents, show_file
from elearn.activities.documents.queries import document_of, texts, used_files
from elearn.foundation.i18n import N_, _
from elearn.teaching.courses.kinds import ActivityKind
from elearn.teaching.courses.models import Activity


def shortcomings(session: Session, activity: Activity) -> list[str]:
    """A document needs a file whose pages are there."""
    material = document_of(session, activity).material
    if material is None:
        return [_("%(title)s: belum ada berkasnya.", title=activity.title)]
    if material.state == "processing":
        return [_("%(title)s: halaman PDF sedang disiapkan.", title=activity.title)]
    if material.state == "failed":
        return [_("%(title)s: halaman PDF gagal disiapkan. Ganti berkasnya.", title=activity.title)]
    return []


DOCUMENT = ActivityKind(
    key="document",
    label=N_("Dokumen"),
    icon="file",
    edit_prefix="/ajar/dokumen",
    play_suffix="dokumen",
    shortcomings=shortcomings,
    texts=texts,
    copy=copy_documents,
    materials=FILES,
    take_material=show_file,
    uses=used_files,
)
