"""The way to a packet: from a class's page and from a course's participants."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.exports.forms import FileWish
from elearn.overview.exports.guard import ask, may_leave
from elearn.overview.exports.rules import Size
from elearn.overview.packets.actions import start_packet
from elearn.overview.packets.queries import Group, counted, group_for
from elearn.overview.packets.rules import place_of
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn

router = APIRouter()
FileForm = Annotated[Submitted[FileWish], Depends(submitted(FileWish))]


@router.post("/kelola/angkatan/{cohort}/sertifikat")
def of_class(request: Request, session: DbSession, actor: SignedIn, cohort: str, form: FileForm, now: Now) -> Response:
    return _packet(request, session, actor, group_for(session, actor, "class", cohort), form, now)


@router.post("/ajar/{slug}/peserta/sertifikat")
def of_course(request: Request, session: DbSession, actor: SignedIn, slug: str, form: FileForm, now: Now) -> Response:
    return _packet(request, session, actor, group_for(session, actor, "course", slug), form, now)


def _packet(
    request: Request, session: Session, actor: Actor, group: Group, form: Submitted[FileWish], now: datetime
) -> Response:
    wish, people, back = form.get(), counted(session, group).people, place_of(group.of, group.key)
    size = Size(people, people)
    if not may_leave(request, session, actor, form, size, now):
        return ask(request, form, size, action=f"{back}/sertifikat", back=back, kept={})
    job = start_packet(session, actor, group, wish.format, now, wish.reason)
    return redirect(f"/pekerjaan/{job.public_id}")
