"""Questions about the queue of signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of

WAITING = (Certificate.wants_signature, Certificate.signed_at.is_(None), Certificate.revoked_at.is_(None))


@dataclass(frozen=True)
class Queue:
    """How many wait for a signature, and the first of them."""

    count: int
    sample: Sequence[Certificate]

    @property
    def rows(self) -> list[tuple[Certificate, str, str]]:
        """Each of the sample with the name and the course that stand on it."""
        return [(each, facts_of(each).name, facts_of(each).course) for each in self.sample]


def queue(session: Session, actor: Actor, sample: int = 5) -> Queue:
    """What waits, oldest first. Needs SIGN_CERTIFICATES."""
    actor.must(Permission.SIGN_CERTIFICATES)
    count = session.scalar(select(func.count()).select_from(Certificate).where(*WAITING)) or 0
    return Queue(
        count, session.scalars(select(Certificate).where(*WAITING).order_by(Certificate.id).limit(sample)).all()
    )


def waiting_one(session: Session, actor: Actor, public_id: str) -> Certificate:
    """One of the queue, to be looked at before it is signed; NotFound outside it. Needs SIGN_CERTIFICATES."""
    actor.must(Permission.SIGN_CERTIFICATES)
    found = session.scalar(select(Certificate).where(*WAITING, Certificate.public_id == public_id))
    if found is None:
        raise NotFound(_("Sertifikat ini tidak menunggu tanda tangan."))
    return found


def next_waiting(session: Session, actor: Actor, now: datetime) -> Certificate | None:
    """The oldest that nobody is signing at the moment, locked; None if there is none."""
    actor.must(Permission.SIGN_CERTIFICATES)
    free = or_(Certificate.claimed_until.is_(None), Certificate.claimed_until < now)
    wanted = select(Certificate).where(*WAITING, free).order_by(Certificate.id).limit(1)
    return session.scalar(wanted.with_for_update(skip_locked=True))
