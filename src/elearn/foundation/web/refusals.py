"""One table from refusal to status; a page for people, problem+json (RFC 9457) under /api/."""

import secrets
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.web.rendering import render

STATUS: dict[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Let the application answer refusals, unknown addresses and its own failures."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _failed)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells this refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for refusals only
    return answer(request, status_of(refusal), refusal.message, refusal.fields)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    response = answer(request, error.status_code, "")
    response.headers.update(error.headers or {})
    return response


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if not request.url.path.startswith("/api/") and any(d["loc"][0] == "path" for d in error.errors()):
        return answer(request, 404, "")
    fields = {".".join(str(part) for part in d["loc"][1:]): str(d["msg"]) for d in error.errors()}
    return answer(request, 422, "", fields)


def _failed(request: Request, error: Exception) -> Response:
    code = secrets.token_hex(2).upper()
    log.error("failed", code=code, path=request.url.path, exc_info=error)
    return answer(request, 500, "", code=code)


def answer(
    request: Request, status: int, message: str, fields: dict[str, str] | None = None, code: str = ""
) -> Response:
    """Say no in the form that the asker reads."""
    if request.url.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": message or _default(status),
        }
        if fields:
            problem["errors"] = fields
        if code:
            problem["code"] = code
        return JSONResponse(problem, status_code=status, media_type="application/problem+json")
    said = message or _default(status)
    return render(
        request,
        "web/error.html",
        status=status,
        code=code,
        http_status=status,
        message=said,
        errors=fields or {},
    )


def _default(status: int) -> str:
    match status:
        case 404:
            return _("Halaman ini tidak ada, atau Anda tidak dapat melihatnya. Periksa alamatnya.")
        case 403:
            return _("Anda tidak berwenang melakukan ini.")
        case 405:
            return _("Alamat ini tidak menerima permintaan itu. Kembali ke halaman sebelumnya.")
        case 409:
            return _("Keadaannya sudah berubah. Muat ulang halaman, lalu coba lagi.")
        case 413:
            return _("Kiriman ini terlalu besar.")
        case 422:
            return _("Isian tidak dapat dibaca. Periksa lagi.")
        case 429:
            return _("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.")
        case 500:
            return _("Terjadi kesalahan di server. Yang sudah tersimpan tetap aman. Coba lagi sebentar lagi.")
        case _:
            return _("Permintaan ini tidak dapat dilayani.")
