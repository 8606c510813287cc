"""Work of certificates that takes long."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.accounts.queries import asker
from elearn.recognition.certificates.actions import AT_ONCE, issue_some, keep_pdfs
from elearn.recognition.certificates.document import CertificateFacts, certificate_pdf
from elearn.recognition.certificates.queries import Bulk, facts_of, undrawn
from elearn.recognition.designs.design import Design
from elearn.recognition.designs.queries import design_of, logo_is_lost

Undrawn = tuple[int, CertificateFacts, Design]


def issue_certificates(
    progress: Progress, *, course: int, first: str, last: str, enrolments: list[int], total: int
) -> dict[str, Any]:
    """Issue what is missing, then draw, outside any transaction; what was committed before a kill is found done."""
    bulk = Bulk(course, date.fromisoformat(first), date.fromisoformat(last), tuple(enrolments))
    made = AT_ONCE
    while made:
        with progress.session() as session:
            actor = asker(session, progress.owner_id)
            use_locale(actor.locale)
            made = issue_some(session, actor, bulk, progress.now())
            _count(progress, made, total)
    progress.say(_("Membuat PDF…"))
    designs: set[Design] = set()
    while some := _drawn(progress, bulk, total):
        designs |= some
    progress.say("")
    lines = [_("Langkah selesai: %(n)s", n=progress.done)]
    if any(logo_is_lost(design) for design in designs):
        lines.append(_("Berkas logo hilang, jadi ada PDF tanpa logo. Pasang lagi di templatnya."))
    return {"lines": lines, "href": "/kelola/sertifikat"}


def _drawn(progress: Progress, bulk: Bulk, total: int) -> set[Design]:
    """Draw the next few; gives the designs that they have, none when all are drawn."""
    with progress.session() as session:
        waiting = [
            (each.id, facts_of(each), design_of(session, each.version_id)) for each in undrawn(session, bulk, AT_ONCE)
        ]
    files = _stored(waiting)
    with progress.session() as session:
        late = keep_pdfs(session, asker(session, progress.owner_id), files)
        _count(progress, len(files), total)
    for key in late:
        store().delete(key)
    return {design for _id, _facts, design in waiting}


def _stored(waiting: Sequence[Undrawn]) -> list[tuple[int, str, str]]:
    files = []
    for certificate_id, facts, design in waiting:
        key = new_key("pdf")
        files.append((certificate_id, key, store().put(key, [certificate_pdf(facts, design)]).sha256))
    return files


def _count(progress: Progress, more: int, total: int) -> None:
    done = progress.done + more
    progress.report(done, max(total, done))
