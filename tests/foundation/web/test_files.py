from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from elearn.foundation.errors import Invalid
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.store import new_key
from elearn.foundation.web.files import content_disposition, file_response, shown
from elearn.foundation.web.uploads import aput

CONTENT = bytes(range(256)) * 9000
SIZE = len(CONTENT)


@pytest.fixture
def files(tmp_path: Path) -> LocalDisk:
    return LocalDisk(tmp_path)


@pytest.fixture
def visitor(files: LocalDisk) -> TestClient:
    key = new_key()
    files.put(key, [CONTENT])

    async def show(request: Request) -> Response:
        return file_response(
            request,
            files,
            key,
            size=SIZE,
            media_type=request.query_params.get("type", "video/mp4"),
            file_name="Pelajaran “satu”.mp4",
            inline=True,
            etag="abc",
        )

    async def take(request: Request) -> Response:
        body: AsyncIterator[bytes] = request.stream()
        try:
            stored = await aput(files, new_key(), body, limit=1024 * 1024)
        except Invalid as refusal:
            return JSONResponse(refusal.message, 422)
        return JSONResponse(stored)

    return TestClient(Starlette(routes=[Route("/", show), Route("/", take, methods=["PUT"])]))


def test_without_a_range_the_whole_file_comes(visitor: TestClient) -> None:
    got = visitor.get("/")
    assert (got.status_code, got.content) == (200, CONTENT)
    assert got.headers["content-length"] == str(SIZE)
    assert got.headers["accept-ranges"] == "bytes"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"].startswith("private")
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes=5-{SIZE * 9}", 5, SIZE),
    ],
)
def test_one_range_comes_as_asked(visitor: TestClient, asked: str, start: int, end: int) -> None:
    got = visitor.get("/", headers={"Range": asked})
    assert (got.status_code, got.content) == (206, CONTENT[start:end])
    assert got.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert got.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_a_range_outside_the_file_is_told_its_size(visitor: TestClient, asked: str) -> None:
    got = visitor.get("/", headers={"Range": asked})
    assert (got.status_code, got.headers["content-range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "lines=1-2",
        "bytes=0-1,5-6",
        "bytes=" + "0-1," * 10_000,
        "bytes=1" * 99,
    ],
)
def test_a_range_that_makes_no_sense_or_several_get_the_whole(visitor: TestClient, asked: str) -> None:
    got = visitor.get("/", headers={"Range": asked})
    assert (got.status_code, len(got.content)) == (200, SIZE)


def test_if_range_with_another_version_gets_the_whole(visitor: TestClient) -> None:
    same = visitor.get("/", headers={"Range": "bytes=0-3", "If-Range": '"abc"'})
    other = visitor.get("/", headers={"Range": "bytes=0-3", "If-Range": '"old"'})
    dated = visitor.get("/", headers={"Range": "bytes=0-3", "If-Range": "Mon, 23 Nov 2026 00:00:00 GMT"})
    assert [each.status_code for each in (same, other, dated)] == [206, 200, 200]


@pytest.mark.parametrize("condition", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_what_the_reader_has_is_not_sent_again(visitor: TestClient, condition: str) -> None:
    got = visitor.get("/", headers={"If-None-Match": condition})
    assert (got.status_code, got.content, got.headers["etag"]) == (304, b"", '"abc"')


def test_head_tells_size_and_type_without_the_file(visitor: TestClient) -> None:
    got = visitor.head("/")
    assert (got.status_code, got.content, got.headers["content-length"]) == (
        200,
        b"",
        str(SIZE),
    )
    assert got.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
        "text/javascript",
    ],
)
def test_what_could_run_is_downloaded_even_when_asked_to_be_shown(visitor: TestClient, media_type: str) -> None:
    got = visitor.get("/", params={"type": media_type})
    assert got.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in got.headers["content-security-policy"]
    assert not shown(media_type)


def test_a_pdf_is_shown_without_sandbox_for_the_browsers_viewer(
    visitor: TestClient,
) -> None:
    got = visitor.get("/", params={"type": "application/pdf"})
    assert got.headers["content-disposition"].startswith("inline")
    assert "sandbox" not in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        'a"; evil="1.pdf',
        "a\r\nSet-Cookie: x=1",
        "../../etc/passwd",
        "Laporan “akhir” — é.pdf",
        "名前.pdf",
        "",
        "\ud800.pdf",
    ],
)
def test_any_name_is_a_safe_header(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in header
    header.encode("latin-1")


def test_a_name_beyond_ascii_arrives_whole() -> None:
    assert content_disposition("é.pdf") == "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf"


def test_a_body_streams_into_the_store(visitor: TestClient, files: LocalDisk) -> None:
    sent = b"x" * 700_000
    got = visitor.put("/", content=(sent[at : at + 9000] for at in range(0, len(sent), 9000)))
    assert got.json() == [len(sent), sha256(sent).hexdigest()]


def test_a_body_over_the_limit_is_refused_and_not_kept(visitor: TestClient, files: LocalDisk) -> None:
    before = list(files.keys())
    got = visitor.put("/", content=b"x" * (1024 * 1024 + 1))
    assert got.status_code == 422
    assert "1 MB" in got.json()
    assert list(files.keys()) == before
