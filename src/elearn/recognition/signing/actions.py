"""Verbs of signing. Between claiming and keeping no transaction is open: a signature may take seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.recognition.certificates.document import CertificateFacts
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of
from elearn.recognition.designs.design import Design
from elearn.recognition.designs.queries import design_of
from elearn.recognition.signing.queries import next_waiting

CLAIM = timedelta(minutes=5)
"""After so long somebody who began a signature counts as gone."""


@dataclass(frozen=True)
class Claim:
    """A certificate in one's hands: its PDF in the store, or what to draw it from."""

    certificate_id: int
    storage_key: str | None
    facts: CertificateFacts
    design: Design


def claim(session: Session, actor: Actor, now: datetime) -> Claim | None:
    """Take the next of the queue in hand, so that nobody else signs it meanwhile; None when none is left."""
    found = next_waiting(session, actor, now)
    if found is None:
        return None
    found.claimed_until = now + CLAIM
    session.flush()
    return Claim(found.id, found.storage_key, facts_of(found), design_of(session, found.version_id))


def release(session: Session, actor: Actor, claimed: Claim) -> None:
    """Give a certificate back to the queue, unsigned."""
    actor.must(Permission.SIGN_CERTIFICATES)
    session.get_one(Certificate, claimed.certificate_id, with_for_update=True).claimed_until = None
    session.flush()


def keep_signed(
    session: Session, actor: Actor, claimed: Claim, key: str, sha256: str, draft_sha256: str, now: datetime
) -> bool:
    """The signed PDF takes the place of the drawn one; False when another one was quicker or it was revoked."""
    actor.must(Permission.SIGN_CERTIFICATES)
    found = session.get_one(Certificate, claimed.certificate_id, with_for_update=True)
    found.claimed_until = None
    if found.signed_at is not None or not found.valid:
        session.flush()
        return False
    found.storage_key, found.sha256, found.draft_sha256 = key, sha256, draft_sha256
    found.signed_at, found.signed_by = now, actor.person_id
    session.flush()
    record(session, actor, "certificate.signed", found, after={"number": found.number, "by": settings().signing})
    return True
