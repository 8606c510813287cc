"""What documents do when a file is ready."""

from sqlalchemy.orm import Session

from elearn.activities.documents.actions import count_pages
from elearn.people.access.actor import Actor
from elearn.teaching.materials.events import MaterialReady


def follow_material(session: Session, event: MaterialReady) -> None:
    count_pages(session, Actor.system("materials.ready"), event.material_id)
