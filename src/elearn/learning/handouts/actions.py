"""Verbs of handouts: give one to a class, take it back."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.queries import cohort_run
from elearn.learning.handouts.models import Handout
from elearn.learning.handouts.queries import files_to_copy, handouts_of
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record
from elearn.teaching.materials.intake import Upload

MOST = 50
COPY_JOB = "handouts.copy"


def give(session: Session, actor: Actor, cohort: Cohort, title: str, upload: Upload, now: datetime) -> Handout:
    """Give a stored file to the class. For those who run it. Raises Invalid for one that is there already, Conflict
    where there are too many."""
    cohort_run(session, actor, cohort.public_id)
    there = handouts_of(session, cohort)
    if len(there) >= MOST:
        raise Conflict(_("Satu angkatan paling banyak %(n)s berkas. Hapus yang tidak dipakai.", n=MOST))
    if any(each.sha256 == upload.sha256 for each in there):
        sentence = _("Berkas yang sama sudah ada di angkatan ini.")
        raise Invalid(sentence, {"file": sentence})
    handout = Handout(
        public_id=new_id(),
        cohort_id=cohort.id,
        title=(title or upload.name)[:120],
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        storage_key=upload.key,
        brought_by=actor.me(),
        created_at=now,
    )
    session.add(handout)
    session.flush()
    record(session, actor, "class.file_given", handout, after={"class": cohort.public_id, "name": handout.name})
    return handout


def copy_one(session: Session, actor: Actor, id: int, cohort_id: int, key: str, now: datetime) -> bool:
    """Give a class what another one has, its bytes stored under a key of their own.

    Gives False for a file that was taken back meanwhile, and for one that is there already.
    """
    found = session.get(Handout, id)
    if found is None or all(each != id for each, _key in files_to_copy(session, found.cohort_id, cohort_id)):
        return False
    kept = {name: getattr(found, name) for name in ("title", "name", "media_type", "size", "sha256", "brought_by")}
    twin = Handout(public_id=new_id(), cohort_id=cohort_id, storage_key=key, created_at=now, **kept)
    session.add(twin)
    session.flush()
    record(session, actor, "class.file_given", twin, after={"copy_of": found.public_id, "name": twin.name})
    return True


def take_back(session: Session, actor: Actor, cohort: Cohort, handout: Handout) -> str:
    """Take a file from the class; the caller deletes the returned key after the commit."""
    cohort_run(session, actor, cohort.public_id)
    record(session, actor, "class.file_taken_back", handout, before={"name": handout.name})
    session.delete(handout)
    session.flush()
    return handout.storage_key
