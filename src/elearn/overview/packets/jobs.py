"""Work of packets: making one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from elearn.foundation.archives import pack
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.storage.current import store
from elearn.overview.exports.files import keep
from elearn.overview.exports.rules import Format
from elearn.overview.packets.files import Packet
from elearn.overview.packets.queries import Holder, Of, group_for, holders
from elearn.overview.packets.rules import packet_name, place_of
from elearn.people.accounts.queries import asker


def make_packet(progress: Progress, *, of: Of, key: str, form: Format, total: int) -> dict[str, Any]:
    """Copy the PDFs and the list into a ZIP; killed at any point it starts over, and there is one file at the end."""
    title, done, last = "", 0, 0
    with TemporaryDirectory(prefix="elearn-packet-") as place:
        packet = Packet(Path(place), store(), progress.session)
        progress.report(0, total)
        while True:
            title, some = _next(progress, of, key, last)
            if not some:
                break
            packet.add(some)
            done, last = done + len(some), some[-1].enrolment.id
            progress.report(done, max(total, done))
        packet.close(form)
        packed = Path(place) / "paket.zip"
        pack(packet.folder, packed)
        saved = keep(progress, packed)
    lines = [_("Sertifikat: %(n)s", n=packet.held), _("Belum ada: %(n)s", n=done - packet.held)]
    file = {"key": saved, "media_type": "application/zip", "name": packet_name(title)}
    return {"lines": lines, "file": file, "href": place_of(of, key)}


def _next(progress: Progress, of: Of, key: str, last: int) -> tuple[str, list[Holder]]:
    """The title and the next people, as whoever asked may see them at this moment."""
    with progress.session() as session:
        actor = asker(session, progress.owner_id)
        use_locale(actor.locale)
        group = group_for(session, actor, of, key)
        return group.title, list(holders(session, group, last))
