"""Entrances for the worker."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from elearn.foundation.i18n import _
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.storage.copies import local_copy
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.access.actor import Actor
from elearn.teaching.materials import actions, pdf
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.rules import UndrawnPage

BATCH = 5


def prepare_pdf(progress: Progress, *, material_id: int) -> dict[str, Any]:
    """Draw the pages of a PDF, some at a time; a job that was killed goes on after the last pages that were kept."""
    system = Actor.system("materials.prepare_pdf")
    with progress.session() as session:
        material = session.get(Material, material_id)
    if material is None:
        return {"pages": 0}
    progress.say(_("Menggambar halaman…"))
    try:
        with local_copy(store(), material.storage_key) as path:
            while progress.done < material.page_count:
                _draw(progress, system, material, path)
    except UndrawnPage as refusal:
        with progress.session() as session:
            actions.fail_pages(session, system, material_id, refusal.page)
        raise
    with progress.session() as session:
        actions.finish_pages(session, system, material_id)
    return {"pages": material.page_count}


def _draw(progress: Progress, system: Actor, material: Material, path: Path) -> None:
    count = min(BATCH, material.page_count - progress.done)
    with TemporaryDirectory() as folder:
        pages = []
        for drawn in pdf.render(path, progress.done + 1, count, Path(folder)):
            key = new_key("webp")
            stored = store().put(key, iter([drawn.file.read_bytes()]))
            pages.append(actions.PagePicture(drawn.number, key, stored.size, drawn.width, drawn.height, drawn.text))
    with progress.session() as session:
        replaced = actions.add_pages(session, system, material.id, pages)
        progress.report(progress.done + count, material.page_count)
    for key in replaced:
        store().delete(key)
