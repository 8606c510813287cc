"""Stored files over HTTP: whole or in one range, cached by the reader alone, never run as a page of ours."""

import re
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from elearn.foundation.storage.store import Store

# Types a browser shows without running anything in them. SVG and HTML are not among them.
_SHOWN = {
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/avif",
    "application/pdf",
    "text/vtt",
}
_SHOWN_FAMILIES = ("audio/", "video/")
_SANDBOX = "sandbox; default-src 'none'"
# A browser's own viewer draws PDF inside the response and stays blank under a sandbox.
_VIEWER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_response(
    request: Request,
    store: Store,
    key: str,
    *,
    size: int,
    media_type: str,
    file_name: str,
    inline: bool = False,
    etag: str,
) -> Response:
    """A stored file: 200, 206 for one range, 304 if the reader has it already, 416 for a range outside it.

    `size` in bytes; `etag` changes with the content, for example its SHA-256. `inline` asks to show it in the
    browser, which is granted to pictures, sound, video, PDF and captions only.
    """
    tag = f'"{etag}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        # Asked for again each time: a right that was taken away ends at once, and an unchanged file costs a 304.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _VIEWER if media_type == "application/pdf" else _SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": content_disposition(file_name, inline=inline and shown(media_type)),
    }
    if _matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    part = _asked_part(request, size, tag)
    if part is None:
        headers["Content-Range"] = f"bytes */{size}"
        return Response(status_code=416, headers=headers)
    headers["Content-Length"] = str(part.end - part.start)
    if part.partial:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    status = 206 if part.partial else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    body: AsyncIterator[bytes] = store.achunks(key, part.start, part.end)
    return StreamingResponse(body, status_code=status, headers=headers, media_type=media_type)


def shown(media_type: str) -> bool:
    """Whether a file of this type may be shown in the browser instead of downloaded."""
    return media_type in _SHOWN or media_type.startswith(_SHOWN_FAMILIES)


def pdf_response(content: bytes, file_name: str) -> Response:
    """A PDF that was drawn just now, to download; a shared computer keeps nothing of it."""
    headers = {"Content-Disposition": content_disposition(file_name), "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def content_disposition(file_name: str, *, inline: bool = False) -> str:
    """The header that names a download, for any name a person may have given (RFC 6266)."""
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", file_name).strip(" .") or "berkas"
    plain = re.sub(r'[^\x20-\x7e]|["%;]', "_", name)
    # quote() cannot write half a surrogate pair, which a broken upload may carry.
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


class _Part(NamedTuple):
    start: int
    end: int
    partial: bool


def _asked_part(request: Request, size: int, tag: str) -> _Part | None:
    """The bytes to send; None for a range outside the file. Several ranges at once get the whole (RFC 9110 §14.2)."""
    whole = _Part(0, size, False)
    asked = request.headers.get("range")
    condition = request.headers.get("if-range")
    if asked is None or request.method != "GET" or (condition is not None and condition != tag):
        return whole
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.group(0) == "bytes=-":
        return whole
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return _Part(size - length, size, True) if length else None
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return whole
    return _Part(start, end, True) if start < size else None


def _matches(condition: str | None, tag: str) -> bool:
    if condition is None:
        return False
    return condition.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in condition.split(",")}
