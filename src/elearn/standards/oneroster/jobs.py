"""Work of feeds: writing one."""

from typing import Any

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.people.accounts.queries import asker
from elearn.standards.oneroster.actions import write
from elearn.standards.oneroster.queries import feed_for


def write_feed(progress: Progress, *, feed: str) -> dict[str, Any]:
    """Write all of a feed in one transaction; killed, it starts over, and what was committed is found written."""
    progress.say(_("Menyimpan. Semua baris ditulis sekaligus…"))
    with progress.session() as session:
        actor = asker(session, progress.owner_id)
        use_locale(actor.locale)
        found = feed_for(session, actor, feed)
        write(session, actor, found, progress.now())
        counts = found.counts or {}
        progress.report(1, 1)
        progress.say("")
    lines = [
        _("Angkatan baru: %(n)s", n=counts["classes"]),
        _("Peserta baru: %(n)s", n=counts["places"]),
        _("Orang baru: %(n)s", n=counts["guests"]),
        _("Ditolak: %(n)s", n=counts["refused"]),
    ]
    return {"lines": lines, "href": f"/impor/oneroster/{feed}"}
