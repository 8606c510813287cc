"""The queue of signatures. A request signs a bounded piece of it; the browser sends the passphrase anew for each.

No session of the request is open meanwhile: on SQLite its one writer would wait for each signature.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database
from elearn.foundation.errors import Conflict, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.settings import DEMO_PASSPHRASE, settings
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile, new_key
from elearn.foundation.web.addresses import one
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, short_write
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.gate import count_guess, refuse_too_many
from elearn.recognition.certificates.document import certificate_pdf
from elearn.recognition.certificates.queries import facts_of
from elearn.recognition.certificates.rules import fingerprint_of
from elearn.recognition.designs.queries import design_of
from elearn.recognition.signing.actions import Claim, claim, keep_signed, release
from elearn.recognition.signing.current import signer
from elearn.recognition.signing.forms import SigningWish
from elearn.recognition.signing.queries import queue, waiting_one
from elearn.recognition.signing.signer import Secret, Signer, SignerDown, WrongSecret

router = APIRouter()
PIECE = 20
LONGEST = 15.0
"""Seconds after which a request begins no further signature."""
WRONG_SECRETS = 5
"""Wrong passphrases in a quarter of an hour, after which nothing is tried: services lock accounts for them."""
RETRY = timedelta(minutes=5)
SigningForm = Annotated[Submitted[SigningWish], Depends(submitted(SigningWish))]


@router.get("/ttd")
def show(request: Request, actor: SignedIn) -> Response:
    return _page(request, actor)


@router.get("/ttd/" + one("public_id") + "/pdf")
def look(public_id: str, session: DbSession, actor: SignedIn) -> Response:
    found = waiting_one(session, actor, public_id)
    drawn = certificate_pdf(facts_of(found), design_of(session, found.version_id))
    headers = {"Content-Disposition": content_disposition("contoh.pdf", inline=True), "Cache-Control": "no-store"}
    return Response(drawn, media_type="application/pdf", headers=headers)


@router.post("/ttd")
def sign(request: Request, actor: SignedIn, form: SigningForm) -> Response:
    database: Database = request.app.state.database
    with database.read() as session:
        queue(session, actor)
    backend = signer()
    if backend is None:
        raise Conflict(_("Tanda tangan elektronik belum diatur pada server ini."))
    done, down, keys = 0, False, [(f"ttd:{actor.person_id}", WRONG_SECRETS)]
    with database.read() as session:
        refuse_too_many(session, keys, utc_now())
    try:
        for _kept in _piece(database, actor, backend, form.get()):
            done += 1
    except WrongSecret as refusal:
        with short_write(database) as session:
            count_guess(session, tuple(key for key, _limit in keys), utc_now())
        form.refuse(refusal)
    except Refusal as refusal:
        down = isinstance(refusal, SignerDown)
        form.refuse(refusal)
    return _page(request, actor, form, done, down=down)


def _piece(database: Database, actor: Actor, backend: Signer, wish: SigningWish) -> Iterator[None]:
    """Sign some of the queue, one after the other; each is kept before the next begins."""
    secret, begun = Secret(wish.passphrase, wish.nik), time.monotonic()
    for _n in range(min(wish.count, PIECE)):
        if time.monotonic() - begun > LONGEST:
            return
        with short_write(database) as session:
            claimed = claim(session, actor, utc_now())
        if claimed is None:
            return
        _sign_one(database, actor, backend, secret, claimed)
        yield


def _sign_one(database: Database, actor: Actor, backend: Signer, secret: Secret, claimed: Claim) -> None:
    try:
        drawn = _drawn(claimed)
        signed = backend.sign(drawn, secret)
        key = new_key("pdf")
        sha256 = store().put(key, [signed]).sha256
    except BaseException:
        with short_write(database) as session:
            release(session, actor, claimed)
        raise
    with short_write(database) as session:
        kept = keep_signed(session, actor, claimed, key, sha256, fingerprint_of([drawn]), utc_now())
    if not kept:
        store().delete(key)
    elif claimed.storage_key:
        store().delete(claimed.storage_key)


def _drawn(claimed: Claim) -> bytes:
    if claimed.storage_key is not None:
        # One that the store has lost is drawn again, else it would hold up all that wait behind it.
        with suppress(MissingFile):
            return store().read(claimed.storage_key)
    return certificate_pdf(claimed.facts, claimed.design)


def _page(
    request: Request,
    actor: Actor,
    form: Submitted[SigningWish] | None = None,
    done: int = 0,
    *,
    down: bool = False,
) -> Response:
    database: Database = request.app.state.database
    with database.read() as session:
        waiting = queue(session, actor)
    backend = signer()
    errors = form.errors if form else {}
    meant = form.value.count - done if form and form.value else waiting.count
    return render(
        request,
        "signing/queue.html",
        status=422 if errors else 200,
        queue=waiting,
        rows=waiting.rows,
        way=settings().signing,
        demo_passphrase=DEMO_PASSPHRASE if settings().signs_with_demo_key else "",
        asks_nik=backend is not None and backend.asks_nik,
        done=done,
        # What came in meanwhile was not looked at and waits for the next round.
        more=min(meant, waiting.count) if form and not errors else 0,
        retry_at=utc_now() + RETRY if down else None,
        errors=errors,
        # What was typed is not shown again.
        typed={},
    )
