"""Health for load balancers: is the process alive, can it serve."""

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse, PlainTextResponse, Response

from elearn.foundation.web.session import DbSession

router = APIRouter()


@router.get("/healthz")
async def alive() -> Response:
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(session: DbSession) -> Response:
    session.execute(text("SELECT 1"))
    return JSONResponse({"database": "ok"})
