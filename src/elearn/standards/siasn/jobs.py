"""Work of the exchange with SIASN: making a bundle."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from elearn.foundation.archives import pack
from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.accounts.queries import asker
from elearn.standards.siasn.actions import note_left
from elearn.standards.siasn.files import assemble
from elearn.standards.siasn.models import SiasnBundle
from elearn.standards.siasn.queries import Wanted, bundle_for


def make_bundle(progress: Progress, *, bundle: str, total: int) -> dict[str, Any]:
    """Write the files, pack them, and only then remember what left.

    Killed at any point it starts over: nothing has left before the last transaction, and after it the bundle is made.
    """
    with progress.session() as session:
        actor = asker(session, progress.owner_id)
        use_locale(actor.locale)
        found = bundle_for(session, actor, bundle)
        if found.state != "making":
            return _result(found)
        wanted = Wanted(found.year, found.unit)
        progress.report(0, total + 1)
    with TemporaryDirectory(prefix="elearn-siasn-") as place:
        folder, packed = Path(place) / "paket", Path(place) / "paket.zip"
        folder.mkdir()
        made = assemble(
            progress.session,
            actor,
            wanted,
            settings(),
            store(),
            folder,
            Path(place),
            wib_date(progress.now()),
            progress.session,
            progress.report,
        )
        progress.say(_("Menyimpan paket…"))
        pack(folder, packed)
        key = new_key("zip")
        with packed.open("rb") as content:
            store().put(key, content)
        with progress.session() as session:
            found = bundle_for(session, actor, bundle)
            note_left(session, actor, found, made.rows(), made.tally.counts, progress.now(), key)
            progress.report(total + 1, total + 1)
            progress.say("")
            return _result(found)


def _result(bundle: SiasnBundle) -> dict[str, Any]:
    counts = bundle.counts or {}
    lines = [
        _("Baru: %(n)s", n=counts.get("new", 0)),
        _("Pengganti: %(n)s", n=counts.get("replacement", 0)),
        _("Dihapus: %(n)s", n=counts.get("deletion", 0)),
        _("Ditolak: %(n)s", n=counts.get("refused", 0)),
    ]
    name = f"siasn-{bundle.year}-{bundle.public_id}.zip"
    file = {"key": bundle.storage_key, "media_type": "application/zip", "name": name} if bundle.storage_key else None
    return {"lines": lines, "file": file, "href": f"/kelola/siasn/paket/{bundle.public_id}"}
