"""What every request passes: request id and log line, security headers, checks against cross-site, NUL and size."""

import re
import secrets
import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from elearn.foundation.i18n import _, use_locale
from elearn.foundation.ids import new_id
from elearn.foundation.web.refusals import answer
from elearn.foundation.web.session import SAFE_METHODS

log = structlog.get_logger()

LARGEST_JSON = 1024 * 1024
_COOKIE_LOCALE = re.compile(r"(?:^|;\s*)bahasa=(id|en)")


class Envelope:
    """Request id, structured log line, locale, Content-Security-Policy with a nonce and the other headers."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(12)
        request_id = new_id()
        told = {"X-Request-Id": request_id, **self._security(nonce)}
        if scope["path"].startswith("/api/"):
            told["Cache-Control"] = "no-store"
        # The page of an error that nobody expected is sent from outside of this, and must carry the same headers.
        scope.setdefault("state", {}).update(csp_nonce=nonce, request_id=request_id, headers=told)
        chosen = _COOKIE_LOCALE.search(headers.get("cookie", ""))
        use_locale(chosen.group(1) if chosen else "id")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 500

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in told.items():
                    out.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_enveloped)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=took)

    def _security(self, nonce: str) -> dict[str, str]:
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
            "media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
            "base-uri 'none'; manifest-src 'self'; worker-src 'self'"
        )
        found = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }
        if self.secure:
            found["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return found


class SameSite:
    """Refuse unsafe requests that another site's page made a browser send.

    By Sec-Fetch-Site where the browser tells it, else by comparing Origin with Host. A client that sends neither
    is no browser page; it is let in by its own credentials only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and _crosses(Headers(scope=scope)):
            said = _("Permintaan ini datang dari situs lain. Buka elearn dahulu, lalu lakukan dari sana.")
            await answer(Request(scope), 403, said)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Readable:
    """Refuse addresses with a NUL, which nobody types and PostgreSQL cannot look for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            await answer(Request(scope), 404, "")(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Bounded:
    """Refuse a JSON body of the API that is larger than any right one, before it fills the memory.

    Files come as multipart forms, which are streamed and have a limit of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = Headers(scope=scope).get("content-type", "") if scope["type"] == "http" else ""
        if scope["type"] != "http" or not scope["path"].startswith("/api/") or kind.startswith("multipart/"):
            await self.app(scope, receive, send)
            return
        size = 0

        async def receive_some() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST_JSON:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_some, send)


def _crosses(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
