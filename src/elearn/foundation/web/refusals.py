"""One table from refusal to status; a page for people, problem+json (RFC 9457) under /api/."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.responses import Response

from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge, TooOften
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import sentence
from elearn.foundation.web.problems import kind_of, problem
from elearn.foundation.web.rendering import local_path, render
from elearn.foundation.web.session import SAFE_METHODS

# The first that fits counts.
STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooLarge: 413,
    Invalid: 422,
    TooOften: 429,
}

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Let the application answer refusals, unknown addresses and its own failures."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for lost in (OperationalError, InterfaceError, NoConnectionFree):
        app.add_exception_handler(lost, _unreachable)
    app.add_exception_handler(Exception, _failed)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells this refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for refusals only
    if in_api(request):
        response = _problem_of(refusal)
    else:
        response = answer(request, status_of(refusal), refusal.message, refusal.fields)
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _problem_of(refusal: Refusal) -> Response:
    status = status_of(refusal)
    kind = "about:blank" if type(refusal) in STATUS else kind_of(refusal)
    more: dict[str, Any] = {"errors": refusal.fields} if refusal.fields else {}
    return problem(status, refusal.message or _default(status), kind=kind, more={**more, **refusal.told})


def in_api(request: Request) -> bool:
    """Whether a program asks, which reads problem+json and no page."""
    return request.url.path.startswith("/api/")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    response = answer(request, error.status_code, "")
    response.headers.update(error.headers or {})
    return response


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if not in_api(request):
        return answer(request, 404 if any(d["loc"][0] == "path" for d in error.errors()) else 422, "")
    fields = {".".join(str(part) for part in d["loc"][1:]): sentence(d) for d in error.errors()}
    return answer(request, 422, "", fields)


def _unreachable(request: Request, error: Exception) -> Response:
    """The database does not answer, or not in time."""
    log.error("database_unreachable", path=request.url.path, exc_info=error)
    response = answer(request, 503, "")
    response.headers["Retry-After"] = "30"
    return response


def _failed(request: Request, error: Exception) -> Response:
    log.error("failed", path=request.url.path, exc_info=error)
    response = answer(request, 500, "")
    response.headers.update(request.state.headers)
    return response


def answer(request: Request, status: int, message: str, fields: dict[str, str] | None = None) -> Response:
    """Say no in the form that the asker reads."""
    # The last signs of the request id, by which the help desk finds the lines of the log.
    code = f"{status}-{request.state.request_id[-4:].upper()}"
    if in_api(request):
        more = {**({"errors": fields} if fields else {}), **({"code": code} if status >= 500 else {})}
        return problem(status, message or _default(status), more=more)
    said = message or _default(status)
    return render(
        request,
        "web/error.html",
        status=status,
        code=code,
        http_status=status,
        message=said,
        errors=fields or {},
        again=_where_to_try_again(request),
    )


def _where_to_try_again(request: Request) -> str:
    """This page, or the page whose form was sent; empty when that is not known."""
    if request.method in SAFE_METHODS:
        here = request.url
        return local_path(f"{here.path}?{here.query}" if here.query else here.path)
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host"):
        return ""
    return local_path(f"{came.path}?{came.query}" if came.query else came.path, "")


def _default(status: int) -> str:
    match status:
        case 404:
            return _("Halaman ini tidak ada, atau Anda tidak dapat melihatnya. Periksa alamatnya.")
        case 403:
            return _("Anda tidak berwenang melakukan ini. Bila memerlukannya, mintalah kepada admin OPD Anda.")
        case 405:
            return _("Alamat ini tidak menerima permintaan itu. Kembali ke halaman sebelumnya.")
        case 409:
            return _("Keadaannya sudah berubah. Muat ulang halaman, lalu coba lagi.")
        case 413:
            return _("Kiriman ini terlalu besar. Perkecil atau bagi, lalu kirim lagi.")
        case 422:
            return _("Isian tidak dapat dibaca. Kembali, periksa, lalu kirim lagi.")
        case 429:
            return _("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.")
        case 500:
            return _("Terjadi kesalahan di server. Coba lagi sebentar lagi.")
        case 503:
            return _("Server sedang tidak dapat menyimpan dan membaca data. Coba lagi beberapa menit lagi.")
        case _:
            return _("Permintaan ini tidak dapat dilayani.")
