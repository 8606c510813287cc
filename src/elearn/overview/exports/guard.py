"""The way out of a file about people: reason and password for many, then bytes that no cache keeps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from elearn.foundation.tables import MEDIA_TYPES
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted
from elearn.foundation.web.rendering import render
from elearn.overview.exports.forms import FileWish
from elearn.overview.exports.rules import ASKS_ABOVE, Format, Size, check_fits, check_reason
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import password_again

Wish = TypeVar("Wish", bound=FileWish)


def may_leave(
    request: Request, session: Session, actor: Actor, form: Submitted[Wish], size: Size, now: datetime
) -> bool:
    """Whether all that a file of this size needs was given; else `ask` for it."""
    wish, many = form.get(), size.people > ASKS_ABOVE
    if many and not wish.asked:
        return False
    with form.trying(session):
        check_fits(wish.format, size.rows)
        check_reason(size.people, wish.reason)
    if many and not form.errors:
        form.errors.update(password_again(request, session, actor, wish.password, now))
    return not form.errors


def ask(
    request: Request, form: Submitted[Wish], size: Size, *, action: str, back: str, kept: Mapping[str, str]
) -> Response:
    """The page that asks; `kept` are the filters, sent along once more."""
    return render(
        request,
        "exports/ask.html",
        status=422 if form.errors else 200,
        size=size,
        action=action,
        back=back,
        kept=kept,
        form=form.typed["format"],
        most=ASKS_ABOVE,
        errors=form.errors,
        typed={"reason": form.typed.get("reason", "")},
    )


def as_file(chunks: Iterable[bytes], name: str, form: Format) -> Response:
    """The file itself, piece by piece."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": content_disposition(f"{name}.{form}")}
    return StreamingResponse(chunks, media_type=MEDIA_TYPES[form], headers=headers)
