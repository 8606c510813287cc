"""HTML face of the player: from an activity's address to its kind's page, and the files of lessons."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from elearn.foundation.storage.current import store
from elearn.foundation.turns import quick
from elearn.foundation.web.files import file_response
from elearn.foundation.web.session import DbSession
from elearn.learning.player.files import material_for, page_for
from elearn.learning.player.queries import desk
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/belajar/{activity}")
@quick
def open_activity(activity: str, session: DbSession, actor: SignedIn) -> RedirectResponse:
    return RedirectResponse(desk(session, actor, activity).here.path, status_code=303)


@router.get("/berkas/{public_id}")
def show_file(request: Request, public_id: str, session: DbSession, actor: SignedIn, unduh: bool = False) -> Response:
    material = material_for(session, actor, public_id)
    return file_response(
        request,
        store(),
        material.storage_key,
        size=material.size,
        media_type=material.media_type,
        file_name=material.file_name.rsplit("/", 1)[-1],
        inline=not unduh,
        etag=material.sha256,
    )


@router.get("/berkas/{public_id}/halaman/{number}")
def show_page(request: Request, public_id: str, number: int, session: DbSession, actor: SignedIn) -> Response:
    page = page_for(session, actor, public_id, number)
    return file_response(
        request,
        store(),
        page.storage_key,
        size=page.size,
        media_type="image/webp",
        file_name=f"{number}.webp",
        inline=True,
        etag=page.storage_key.rsplit("/", 1)[-1].removesuffix(".webp"),
    )
