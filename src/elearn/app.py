"""The front door: builds the web application from the packages."""

import importlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from elearn import __version__, wiring
from elearn.foundation import database as databases
from elearn.foundation.database import Database
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.web import refusals
from elearn.foundation.web.middleware import Bounded, Envelope, Readable, SameSite
from elearn.foundation.web.problems import EVERYWHERE, document, refused_with
from elearn.foundation.web.rendering import SOURCE, STATIC
from elearn.people.accounts.door import SecondFactorNeeded, SignInNeeded, TokenNeeded

API = """\
What programs need of elearn. Send a token with each request: `Authorization: Bearer <token>`. It acts in the name of
the person who owns it, within its scopes. Refusals are problems after RFC 9457. Lists take `limit` and `after`, and
give `next`. Moments are in UTC, days in WIB. Fields may be added at any time; none is taken away or changed in `v1`.
"""
PACKINGS = {"br": "br", "gzip": "gz"}


class ImmutableFiles(StaticFiles):
    """Built assets carry a hash in their name, so a browser may keep them for ever.

    The build lays a .br and a .gz beside each text; the smallest that the browser takes is sent.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        packed = next((p for p in PACKINGS if p in accepted and self.lookup_path(f"{path}.{PACKINGS[p]}")[1]), None)
        response = await super().get_response(f"{path}.{PACKINGS[packed]}" if packed else path, scope)
        response.headers["Vary"] = "Accept-Encoding"
        if packed and response.status_code == 200:
            response.headers["Content-Encoding"] = packed
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Application(FastAPI):
    """The web application; its OpenAPI document is that of `/api/v1`."""

    def openapi(self) -> dict[str, Any]:
        self.openapi_schema = self.openapi_schema or document(self)
        return self.openapi_schema


def create_app(database: Database | None = None, *, work_here: bool = False) -> FastAPI:
    """The application on a database (that of the settings, unless given one).

    `work_here` lets this process run the jobs too, as it must on SQLite.
    """
    wiring.connect()
    app = Application(
        title="elearn",
        version=__version__,
        description=API,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(work_here),
    )
    app.state.database = database or databases.database()
    refusals.install(app)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(SecondFactorNeeded, _to_second_factor)
    app.add_exception_handler(TokenNeeded, _unauthorized)
    for module in face_modules("pages"):
        # As they are, and not as routers within the router, which looks through each of them twice for a request.
        for route in module.router.routes:
            route.include_in_schema = False
            app.router.routes.append(route)
    for module in face_modules("api"):
        app.include_router(module.router, prefix="/api/v1", responses=refused_with(*EVERYWHERE))
    if STATIC.exists():
        app.router.routes.append(Mount("/static", ImmutableFiles(directory=STATIC), name="static"))
    app.add_middleware(Bounded)
    app.add_middleware(Readable)
    app.add_middleware(SameSite)
    app.add_middleware(Envelope, secure=settings().production)
    return app


def face_modules(face: str) -> list[Any]:
    """Every `pages` (module or package of modules) or `api` of the packages, in a fixed order."""
    files = [*SOURCE.glob(f"*/*/{face}.py"), *SOURCE.glob(f"*/*/{face}/*.py")]
    names = [".".join(("elearn", *file.relative_to(SOURCE).with_suffix("").parts)) for file in sorted(files)]
    found = [importlib.import_module(name) for name in names if not name.endswith("__init__")]
    return [module for module in found if hasattr(module, "router")]


def _lifespan(work_here: bool):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if work_here:
            await run_in_threadpool(wiring.start_work)
        yield
        if work_here:
            await run_in_threadpool(wiring.stop_work)

    return lifespan


def _to_sign_in(request: Request, _error: Exception) -> Response:
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = target if request.method == "GET" else "/"
    answer = RedirectResponse(f"/masuk?lanjut={quote(wanted, safe='')}", status_code=303)
    if request.headers.get("hx-request") or request.headers.get("accept", "").startswith("application/json"):
        # A script must not mistake the sign-in page for the answer it asked for.
        return JSONResponse({"detail": "signed out"}, status_code=401)
    return answer


def _to_second_factor(request: Request, _error: Exception) -> Response:
    return RedirectResponse("/masuk/kode", status_code=303)


def _unauthorized(request: Request, _error: Exception) -> Response:
    response = refusals.answer(request, 401, _("Kirim token yang berlaku: Authorization: Bearer <token>."))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def configure_logging() -> None:
    """JSON lines on standard error; personal data stay out of them."""
    level = getattr(logging, settings().log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
