"""PDFs for certificates that have none yet: drawn outside any transaction, kept from then on."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from sqlalchemy.orm import Session

from elearn.foundation.storage.store import MissingFile, Store, new_key
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import keep_pdfs
from elearn.recognition.certificates.document import certificate_pdf
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of
from elearn.recognition.designs.queries import design_of

# Whatever gives a transaction that commits at the end of a `with` block.
Steps = Callable[[], AbstractContextManager[Session]]
# Drawing changes nothing of what was issued, so it asks nothing of whoever may have the certificate.
_DRAWER = Actor.system("a certificate's PDF that was not drawn yet")


def kept_pdf(step: Steps, store: Store, certificate_id: int) -> bytes:
    """A certificate's PDF as it is kept; where there is none, drawn with the design it was issued with, and kept.

    One that the store has lost is drawn again and not kept: the verification page knows the bytes of the first.
    """
    with step() as session:
        found = session.get_one(Certificate, certificate_id)
        key, facts, design = found.storage_key, facts_of(found), design_of(session, found.version_id)
    if key:
        with suppress(MissingFile):
            return store.read(key)
    drawn = certificate_pdf(facts, design)
    if key:
        return drawn
    mine = new_key("pdf")
    sha256 = store.put(mine, [drawn]).sha256
    with step() as session:
        late = keep_pdfs(session, _DRAWER, [(certificate_id, mine, sha256)])
        key = session.get_one(Certificate, certificate_id).storage_key
    if not late:
        return drawn
    # Somebody else was quicker, and may have had it signed.
    store.delete(mine)
    return store.read(key or "")
