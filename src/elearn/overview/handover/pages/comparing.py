"""The page that holds a history as SIASN gives it beside our own records."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.sheets import MAX_BYTES, read_rows
from elearn.foundation.storage.current import store
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.uploads import Received, received_or_refused
from elearn.overview.handover.forms import FoundWish
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.standards.siasn import actions
from elearn.standards.siasn.comparison import LABELS, Theirs, compare, from_json, from_table
from elearn.standards.siasn.queries import Wanted, entries

router = APIRouter()
PLACE = "/kelola/siasn/bandingkan"
MOST_MARKED = 500
FoundForm = Annotated[Submitted[FoundWish], Depends(submitted(FoundWish))]


async def _brought(request: Request, actor: SignedIn) -> Received | Refusal:
    actor.must(Permission.EXCHANGE_RECORDS)
    return await received_or_refused(request, store(), limit=MAX_BYTES)


@router.get(PLACE)
def choose(request: Request, actor: SignedIn) -> Response:
    actor.must(Permission.EXCHANGE_RECORDS)
    return _choice(request)


@router.post(PLACE)
def hold(request: Request, brought: Annotated[Received | Refusal, Depends(_brought)], actor: SignedIn) -> Response:
    if isinstance(brought, Refusal):
        return _choice(request, brought)
    try:
        theirs = _history(brought)
    except Refusal as refusal:
        return _choice(request, refusal)
    nips = frozenset(each.nip for each in theirs)
    ours = entries(request.app.state.database.read, actor, Wanted(0, nips=nips)) if nips else iter(())
    return render(
        request,
        "handover/compared.html",
        compared=compare(ours, theirs),
        file_name=brought.name,
        labels=LABELS,
        most=MOST_MARKED,
    )


@router.post(PLACE + "/tandai")
def mark(session: DbSession, actor: SignedIn, form: FoundForm, now: Now) -> Response:
    actor.must(Permission.EXCHANGE_RECORDS)
    count = actions.note_found(session, actor, form.get().marked, now)
    return redirect("/kelola/siasn", _("%(n)s baris ditandai sudah ada di SIASN.", n=count))


def _history(brought: Received) -> list[Theirs]:
    """What the file says. It is read once and kept nowhere: it tells more of people than is needed here."""
    content = store().read(brought.key)
    store().delete(brought.key)
    begins = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if begins in (b"[", b"{"):
        return from_json(content)
    if begins == b"<":
        raise Invalid(
            _("Isi berkas ini halaman web, mungkin halaman galat. Masuk lagi ke SIASN, lalu unduh riwayatnya.")
        )
    sheet = read_rows(BytesIO(content), brought.name)
    return from_table(sheet.headers, [row.values for row in sheet.rows])


def _choice(request: Request, refusal: Refusal | None = None) -> Response:
    errors = {"file": next(iter(refusal.fields.values()), refusal.message)} if refusal else {}
    return render(request, "handover/compare.html", status=422 if refusal else 200, errors=errors)
